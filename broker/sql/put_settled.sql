-- said again of the same two, it stays decided
INSERT INTO throughcare.match_settled (one, other)
SELECT unnest($1::uuid[]), unnest($2::uuid[])
ON CONFLICT DO NOTHING
