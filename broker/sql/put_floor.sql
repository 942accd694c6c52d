INSERT INTO throughcare.station_floor (service, station, number, at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
