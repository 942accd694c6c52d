INSERT INTO throughcare.clock_end (clock, how, at)
SELECT unnest($1::uuid[]), unnest($2::smallint[]), unnest($3::bigint[])
