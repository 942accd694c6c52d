INSERT INTO throughcare.block_event (sequence, service, blocked, at)
SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::boolean[]), unnest($4::bigint[])
