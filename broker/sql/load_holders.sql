-- every service that takes or took part in a conversation about one of these clients, or of those merged into them, with that conversation's newest
-- request; a conversation that was parted from a client (event 63) is its new client's
WITH RECURSIVE same (client) AS (
  SELECT unnest($1::uuid[])
  UNION
  SELECT c.client FROM same JOIN throughcare.coordination_event c ON c.same_as = same.client
  WHERE NOT EXISTS (SELECT FROM throughcare.coordination_event n WHERE n.client = c.client AND n.version = c.version + 1)),
own AS MATERIALIZED (
  SELECT DISTINCT e.conversation FROM same JOIN throughcare.conversation_event e ON e.client = same.client AND (e.version = 1 OR e.event = 63)
  CROSS JOIN LATERAL (SELECT x.client FROM throughcare.conversation_event x WHERE x.conversation = e.conversation ORDER BY x.version DESC LIMIT 1) newest
  WHERE newest.client = e.client)
SELECT DISTINCT p.service, h.newest_notification
FROM own
CROSS JOIN LATERAL (SELECT * FROM throughcare.conversation_event x WHERE x.conversation = own.conversation ORDER BY x.version DESC LIMIT 1) h
CROSS JOIN LATERAL unnest(ARRAY[h.starter, h.addressee, h.told] || string_to_array(h.told_before, ',')) AS p (service)
WHERE p.service <> '' AND h.newest_notification IS NOT NULL
ORDER BY 1, 2
