INSERT INTO throughcare.refusal_count (who, code, minute, count)
SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::int[])
