INSERT INTO throughcare.recall (message, stopped)
SELECT unnest($1::uuid[]), unnest($2::boolean[])
