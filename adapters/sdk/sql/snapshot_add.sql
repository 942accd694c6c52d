INSERT INTO snapshot (serial, bytes) VALUES (?1, ?2) ON CONFLICT (serial) DO UPDATE SET bytes = excluded.bytes
