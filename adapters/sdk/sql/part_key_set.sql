INSERT INTO part_key (message, part, nonce, sealed) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (message, part) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed
