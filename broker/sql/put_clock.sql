INSERT INTO throughcare.clock (id, conversation, message, policy, started_at, due_at, rung, waiting_for)
SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::uuid[]), unnest($4::smallint[]), unnest($5::bigint[]), unnest($6::bigint[]), unnest($7::int[]), unnest($8::text[])
