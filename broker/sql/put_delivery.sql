INSERT INTO throughcare.delivery (recipient, number, type, at, message, body)
SELECT unnest($1::text[]), unnest($2::bigint[]), unnest($3::smallint[]), unnest($4::bigint[]), unnest($5::uuid[]), unnest($6::bytea[])
