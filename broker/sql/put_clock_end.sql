INSERT INTO throughcare.clock_end (clock, how, at)
SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::bigint[])
