-- drops the oldest week beyond retention; gives every dropped week that is not on record yet: a broker may have died in between
WITH now AS (SELECT start_at, rows, digest FROM throughcare.drop_week($1))
SELECT w.start_at, w.rows, w.digest
FROM (SELECT start_at, rows, digest FROM now UNION SELECT start_at, rows, digest FROM throughcare.message_week_dropped) w
WHERE NOT EXISTS (SELECT FROM throughcare.audit a WHERE a.event = 21
                  AND a.service = 'message/' || to_char(to_timestamp(w.start_at / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
ORDER BY w.start_at
