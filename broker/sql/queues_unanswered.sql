-- What waits for a person's answer (release, dose, referral, transfer, safeguarding) at the time $1: the clock runs, or it ran out within
-- the year before and the conversation waits all the same. Both looked for by index: a record of years holds millions of clocks. A broker that
-- was away fires late what ran out meanwhile, so a clock that is a day past its due may be running.
WITH running AS (
  SELECT c.conversation, c.started_at FROM throughcare.clock c
  WHERE c.due_at > $1 - 86400000000 AND c.policy IN (2, 4, 6, 7, 8, 12, 13) AND NOT EXISTS (SELECT FROM throughcare.clock_end e WHERE e.clock = c.id)),
ran_out AS (
  SELECT c.conversation, c.started_at FROM throughcare.clock_end e JOIN throughcare.clock c ON c.id = e.clock
  WHERE e.how = 11 AND e.at > $1 - 31622400000000 AND c.policy IN (2, 4, 6, 7, 8, 12, 13) AND (
    SELECT (h.machine, h.state) IN ((1, 1), (1, 3), (2, 1), (3, 1), (4, 1), (7, 1)) FROM throughcare.conversation_event h
    WHERE h.conversation = c.conversation ORDER BY h.version DESC LIMIT 1))
SELECT count(DISTINCT conversation), min(started_at) FROM (SELECT * FROM running UNION ALL SELECT * FROM ran_out) AS waits
