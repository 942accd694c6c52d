SELECT DISTINCT t.strong, t.client, t.born
FROM unnest($1::bytea[]) AS wanted (strong) JOIN throughcare.client_token t ON t.strong = wanted.strong
