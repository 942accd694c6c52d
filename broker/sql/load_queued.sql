-- deliveries about these clients, and those merged into them, that their recipients do not hold yet: of messages, and of wraps of them; none of
-- what the recipient itself sent
WITH RECURSIVE same (client) AS (
  SELECT unnest($1::uuid[])
  UNION
  SELECT c.client FROM same JOIN throughcare.coordination_event c ON c.same_as = same.client
  WHERE NOT EXISTS (SELECT FROM throughcare.coordination_event n WHERE n.client = c.client AND n.version = c.version + 1)),
own AS MATERIALIZED (
  SELECT DISTINCT e.conversation FROM same JOIN throughcare.conversation_event e ON e.client = same.client AND (e.version = 1 OR e.event = 63)
  CROSS JOIN LATERAL (SELECT x.client FROM throughcare.conversation_event x WHERE x.conversation = e.conversation ORDER BY x.version DESC LIMIT 1) newest
  WHERE newest.client = e.client)
SELECT d.recipient, m.sender, d.number, m.id, m.governed
FROM unnest($2::text[], $3::bigint[]) AS f (service, held)
JOIN throughcare.delivery d ON d.recipient = f.service AND d.number > f.held AND d.type IN (1, 2)
LEFT JOIN throughcare.wrap w ON d.type = 2 AND w.id = d.message
JOIN throughcare.message m ON m.id = CASE d.type WHEN 1 THEN d.message ELSE w.message END
WHERE m.conversation IN (SELECT conversation FROM own) AND m.governed <> 0 AND m.sender <> d.recipient
  AND NOT EXISTS (SELECT FROM throughcare.withheld x WHERE x.recipient = d.recipient AND x.number = d.number)
ORDER BY d.recipient, d.number
