INSERT INTO throughcare.block_event (sequence, service, blocked, at)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::boolean[], $4::bigint[])
