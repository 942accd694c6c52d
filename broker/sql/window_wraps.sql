-- wraps of the window's messages, and granted ones; those that name the service somewhere (its own keys are picked out by the reader)
SELECT d.number, w.body, w.session, w.signature, w.index, w.count, w.path
FROM throughcare.delivery d JOIN throughcare.wrap w ON w.message = d.message
WHERE d.recipient = $1 AND d.number > $2 AND d.number <= $2 + $3 AND d.type = 1 AND position(convert_to($1, 'UTF8') IN w.body) > 0
UNION ALL
SELECT d.number, w.body, w.session, w.signature, w.index, w.count, w.path
FROM throughcare.delivery d JOIN throughcare.wrap w ON w.id = d.message
WHERE d.recipient = $1 AND d.number > $2 AND d.number <= $2 + $3 AND d.type = 2
ORDER BY 1
