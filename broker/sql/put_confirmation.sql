INSERT INTO throughcare.confirmation (subject, delivery, service, step, station, worker, at)
SELECT unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::text[]), unnest($4::smallint[]), unnest($5::text[]), unnest($6::text[]), unnest($7::bigint[])
