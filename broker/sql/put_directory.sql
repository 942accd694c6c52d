INSERT INTO throughcare.directory_snapshot (serial, sequence, body)
SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bytea[])
