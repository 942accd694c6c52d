INSERT INTO head (batch, packed) VALUES (?1, ?2) ON CONFLICT (batch) DO NOTHING
