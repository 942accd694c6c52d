-- Whoever sent a message sees it whole though it was stopped.
SELECT d.number, d.type, d.at, d.message, d.body, m.header, m.content, m.session, m.signature, m.index, m.count, m.path, m.sequence,
       EXISTS (SELECT FROM throughcare.recall r WHERE r.message = d.message AND r.stopped AND m.sender <> d.recipient),
       EXISTS (SELECT FROM throughcare.withheld w WHERE w.recipient = d.recipient AND w.number = d.number)
FROM throughcare.delivery d LEFT JOIN throughcare.message m ON d.type = 1 AND m.id = d.message
WHERE d.recipient = $1 AND d.number > $2 AND d.number <= $2 + $3
ORDER BY d.number
