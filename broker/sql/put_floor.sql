INSERT INTO throughcare.station_floor (service, station, number, at)
SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::bigint[])
