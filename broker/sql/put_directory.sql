INSERT INTO throughcare.directory_snapshot (serial, sequence, body)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[])
