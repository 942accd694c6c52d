INSERT INTO item (digest, type, message, paired, body, token_salt, tokens, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
