-- What waits for a person's answer (release, dose, referral, transfer, safeguarding): the clock runs, or it ran out and the conversation waits all the same.
SELECT count(DISTINCT c.conversation), min(c.started_at) FROM throughcare.clock c LEFT JOIN throughcare.clock_end e ON e.clock = c.id
WHERE c.policy IN (2, 4, 6, 7, 8, 12, 13) AND (e.clock IS NULL OR e.how = 11 AND (
  SELECT (h.machine, h.state) IN ((1, 1), (1, 3), (2, 1), (3, 1), (4, 1), (7, 1)) FROM throughcare.conversation_event h
  WHERE h.conversation = c.conversation ORDER BY h.version DESC LIMIT 1))
