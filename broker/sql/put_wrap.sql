INSERT INTO throughcare.wrap (id, message, maker, batch, sequence, digest, session, signature, index, count, path, body)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bytea[], $7::uuid[], $8::bytea[], $9::int[], $10::int[], $11::bytea[], $12::bytea[])
