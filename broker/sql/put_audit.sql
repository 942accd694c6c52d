INSERT INTO throughcare.audit (sequence, batch, at, event, service, conversation, message, digest, detail, prev_hash, hash, signature)
SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::int[]), unnest($5::text[]), unnest($6::uuid[]), unnest($7::uuid[]), unnest($8::bytea[]), unnest($9::text[]), unnest($10::bytea[]), unnest($11::bytea[]), unnest($12::bytea[])
