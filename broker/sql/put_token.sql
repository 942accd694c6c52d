-- a later version of a message brings the same tokens again; its own row guards the batch
INSERT INTO throughcare.client_token (strong, born, client, conversation)
SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::uuid[])
ON CONFLICT DO NOTHING
