INSERT INTO throughcare.audit (sequence, batch, at, event, service, conversation, message, digest, detail, prev_hash, hash)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::int[], $5::text[], $6::uuid[], $7::uuid[], $8::bytea[], $9::text[], $10::bytea[], $11::bytea[])
