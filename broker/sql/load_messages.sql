SELECT m.id, m.conversation, m.kind, m.sender, m.recipient, m.digest, m.content_digest, m.sequence, m.batch, m.delivery,
       EXISTS (SELECT FROM throughcare.confirmation c WHERE c.subject = m.id AND c.delivery = 0 AND c.service = m.recipient AND c.step = 2),
       EXISTS (SELECT FROM throughcare.recall r WHERE r.message = m.id), m.governed, false
FROM unnest($1::uuid[]) AS wanted (id) JOIN throughcare.message m ON m.id = wanted.id
