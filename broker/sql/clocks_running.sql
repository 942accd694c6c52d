-- clocks due in (after, before] that nothing ended; a HELD clock also ends when any station holds the message's delivery.
-- OFFSET 0 keeps the planner from answering that for every message there is, in a hash, instead of for the few whose clock is asked for.
SELECT c.id, c.conversation, c.message, c.policy, c.started_at, c.due_at, c.rung, c.waiting_for
FROM throughcare.clock c
WHERE c.due_at > $1 AND c.due_at <= $2
  AND NOT EXISTS (SELECT FROM throughcare.clock_end e WHERE e.clock = c.id)
  AND (c.policy <> 1 OR NOT EXISTS (SELECT FROM throughcare.message m
         JOIN throughcare.station_floor f ON f.service = m.recipient AND f.number >= m.delivery WHERE m.id = c.message OFFSET 0))
ORDER BY c.due_at LIMIT $3
