-- deliveries about a client that their recipients do not hold yet: of messages, and of wraps of them
WITH own AS MATERIALIZED (SELECT conversation FROM throughcare.conversation_event WHERE client = $1 AND version = 1)
SELECT d.recipient, m.sender, d.number, m.id, m.governed
FROM unnest($2::text[], $3::bigint[]) AS f (service, held)
JOIN throughcare.delivery d ON d.recipient = f.service AND d.number > f.held AND d.type IN (1, 2)
LEFT JOIN throughcare.wrap w ON d.type = 2 AND w.id = d.message
JOIN throughcare.message m ON m.id = CASE d.type WHEN 1 THEN d.message ELSE w.message END
WHERE m.conversation IN (SELECT conversation FROM own) AND m.governed <> 0
  AND NOT EXISTS (SELECT FROM throughcare.withheld x WHERE x.recipient = d.recipient AND x.number = d.number)
ORDER BY d.recipient, d.number
