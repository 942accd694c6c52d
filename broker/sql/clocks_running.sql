-- clocks due in (after, before] that nothing ended; a HELD clock also ends when any station holds the message's delivery.
-- OFFSET 0 keeps the planner from answering that for every message there is, in a hash, instead of for the few whose clock is asked for; and what
-- each service holds is found once, by skipping through the index, for every confirmation leaves a floor.
WITH RECURSIVE known AS (
  (SELECT service, station FROM throughcare.station_floor ORDER BY service, station LIMIT 1)
  UNION ALL
  SELECT n.service, n.station FROM known CROSS JOIN LATERAL
    (SELECT f.service, f.station FROM throughcare.station_floor f WHERE (f.service, f.station) > (known.service, known.station)
     ORDER BY f.service, f.station LIMIT 1) n),
held AS MATERIALIZED (
  SELECT service, max((SELECT max(number) FROM throughcare.station_floor f WHERE f.service = known.service AND f.station = known.station)) AS number
  FROM known GROUP BY service)
SELECT c.id, c.conversation, c.message, c.policy, c.started_at, c.due_at, c.rung, c.waiting_for
FROM throughcare.clock c
WHERE c.due_at > $1 AND c.due_at <= $2
  AND NOT EXISTS (SELECT FROM throughcare.clock_end e WHERE e.clock = c.id)
  AND (c.policy <> 1 OR NOT EXISTS (SELECT FROM throughcare.message m
         JOIN held h ON h.service = m.recipient AND h.number >= m.delivery WHERE m.id = c.message OFFSET 0))
ORDER BY c.due_at LIMIT $3
