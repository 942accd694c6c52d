-- a NOTICE delivery keeps the id of the clock that waits for somebody to be told
SELECT d.recipient, d.number, c.id, c.conversation
FROM unnest($1::text[], $2::bigint[]) AS wanted (recipient, number)
JOIN throughcare.delivery d ON d.recipient = wanted.recipient AND d.number = wanted.number AND d.type = 5
JOIN throughcare.clock c ON c.id = d.message
