SELECT DISTINCT t.strong, t.client, t.born = wanted.born
FROM unnest($1::bytea[], $2::bytea[]) AS wanted (strong, born) JOIN throughcare.client_token t ON t.strong = wanted.strong
