WITH RECURSIVE known AS (
  (SELECT recipient FROM throughcare.delivery ORDER BY recipient LIMIT 1)
  UNION ALL
  SELECT (SELECT d.recipient FROM throughcare.delivery d WHERE d.recipient > known.recipient ORDER BY d.recipient LIMIT 1)
  FROM known WHERE known.recipient IS NOT NULL),
floors AS (
  SELECT k.recipient, (SELECT max(number) FROM throughcare.delivery d WHERE d.recipient = k.recipient) AS newest,
         coalesce((SELECT max(number) FROM throughcare.station_floor f WHERE f.service = k.recipient), 0) AS held
  FROM known k WHERE k.recipient IS NOT NULL AND ($1 = '' OR k.recipient = $1))
SELECT recipient, newest - held,
       (SELECT d.at FROM throughcare.delivery d WHERE d.recipient = floors.recipient AND d.number = floors.held + 1)
FROM floors
