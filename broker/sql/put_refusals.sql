INSERT INTO throughcare.refusal_count (who, code, minute, count)
SELECT unnest($1::text[]), unnest($2::int[]), unnest($3::bigint[]), unnest($4::int[])
