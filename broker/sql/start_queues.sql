-- the newest number of each queue, by skipping through the index
WITH RECURSIVE known AS (
  (SELECT recipient FROM throughcare.delivery ORDER BY recipient LIMIT 1)
  UNION ALL
  SELECT (SELECT d.recipient FROM throughcare.delivery d WHERE d.recipient > known.recipient ORDER BY d.recipient LIMIT 1)
  FROM known WHERE known.recipient IS NOT NULL)
SELECT recipient, (SELECT max(number) FROM throughcare.delivery d WHERE d.recipient = known.recipient)
FROM known WHERE recipient IS NOT NULL
