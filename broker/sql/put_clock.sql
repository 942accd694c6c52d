INSERT INTO throughcare.clock (id, conversation, message, policy, started_at, due_at, rung, waiting_for)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::bigint[], $6::bigint[], $7::int[], $8::text[])
