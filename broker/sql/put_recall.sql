INSERT INTO throughcare.recall (message, stopped)
SELECT * FROM unnest($1::uuid[], $2::boolean[])
