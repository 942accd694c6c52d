INSERT INTO throughcare.setting (sequence, name, value)
SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::text[])
