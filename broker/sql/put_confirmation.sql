INSERT INTO throughcare.confirmation (subject, delivery, service, step, station, worker, at)
SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::smallint[], $5::text[], $6::text[], $7::bigint[])
