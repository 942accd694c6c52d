SELECT count(*), min(c.started_at) FROM throughcare.clock c
WHERE c.policy IN (2, 4) AND NOT EXISTS (SELECT FROM throughcare.clock_end e WHERE e.clock = c.id)
