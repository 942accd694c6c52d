INSERT INTO receipt (digest, type, message, batch, packed) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (digest) DO NOTHING
