-- every service that takes or took part in a conversation about a client, with that conversation's newest request
SELECT DISTINCT p.service, h.newest_notification
FROM throughcare.conversation_event own
CROSS JOIN LATERAL (SELECT * FROM throughcare.conversation_event x WHERE x.conversation = own.conversation ORDER BY x.version DESC LIMIT 1) h
CROSS JOIN LATERAL unnest(ARRAY[h.starter, h.addressee, h.told] || string_to_array(h.told_before, ',')) AS p (service)
WHERE own.client = $1 AND own.version = 1 AND p.service <> '' AND h.newest_notification IS NOT NULL
ORDER BY 1, 2
