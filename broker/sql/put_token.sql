-- a later version of a message brings the same tokens again; its own row guards the batch
INSERT INTO throughcare.client_token (strong, born, client, conversation)
SELECT unnest($1::bytea[]), unnest($2::bytea[]), unnest($3::uuid[]), unnest($4::uuid[])
ON CONFLICT DO NOTHING
