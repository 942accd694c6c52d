INSERT INTO throughcare.availability (service, sequence, header)
SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::bytea[])
