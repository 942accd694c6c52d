INSERT INTO asked (message, at) VALUES (?1, ?2) ON CONFLICT (message) DO UPDATE SET at = excluded.at
