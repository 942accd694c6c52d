INSERT INTO act (key, message) VALUES (?1, ?2)
