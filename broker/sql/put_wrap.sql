INSERT INTO throughcare.wrap (id, message, maker, batch, sequence, digest, session, signature, index, count, path, body)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::bigint[]), unnest($5::bigint[]), unnest($6::bytea[]), unnest($7::uuid[]), unnest($8::bytea[]), unnest($9::int[]), unnest($10::int[]), unnest($11::bytea[]), unnest($12::bytea[])
