INSERT INTO throughcare.delivery (recipient, number, type, at, message, body)
SELECT * FROM unnest($1::text[], $2::bigint[], $3::smallint[], $4::bigint[], $5::uuid[], $6::bytea[])
