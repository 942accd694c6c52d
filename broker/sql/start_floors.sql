-- the newest floor of each station, by skipping through the index
WITH RECURSIVE known AS (
  (SELECT service, station FROM throughcare.station_floor ORDER BY service, station LIMIT 1)
  UNION ALL
  SELECT n.service, n.station FROM known CROSS JOIN LATERAL
    (SELECT f.service, f.station FROM throughcare.station_floor f WHERE (f.service, f.station) > (known.service, known.station)
     ORDER BY f.service, f.station LIMIT 1) n)
SELECT service || '/' || station,
       (SELECT max(number) FROM throughcare.station_floor f WHERE f.service = known.service AND f.station = known.station)
FROM known
