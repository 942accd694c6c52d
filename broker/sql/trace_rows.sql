SELECT a.sequence, a.at, a.event, a.service, a.message, coalesce(m.kind, 0), a.detail
FROM throughcare.audit a LEFT JOIN throughcare.message m ON m.id = a.message
WHERE a.conversation = $1 ORDER BY a.sequence LIMIT 1000
