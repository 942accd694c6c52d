INSERT INTO event (type, at, message, conversation, json, done) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
