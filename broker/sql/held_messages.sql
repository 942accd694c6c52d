-- What a service's stations hold of others; that they hold what their own service sent is no evidence.
SELECT m.id, m.conversation, m.kind, m.sender, m.recipient, m.digest, m.content_digest, m.sequence, m.batch, m.delivery,
       EXISTS (SELECT FROM throughcare.confirmation c WHERE c.subject = m.id AND c.delivery = 0 AND c.service = m.recipient AND c.step = 2),
       EXISTS (SELECT FROM throughcare.recall r WHERE r.message = m.id), m.governed, EXISTS (SELECT FROM throughcare.withheld x WHERE x.recipient = d.recipient AND x.number = d.number)
FROM throughcare.delivery d JOIN throughcare.message m ON m.id = d.message
WHERE d.recipient = $1 AND d.number > $2 AND d.number <= $3 AND d.type = 1 AND m.sender <> d.recipient
ORDER BY d.number
