INSERT INTO wrap (message, body, provenance) VALUES (?1, ?2, ?3)
