INSERT INTO throughcare.withheld (recipient, number, message)
SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::uuid[])
