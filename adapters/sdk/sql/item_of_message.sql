SELECT state, sent, code, field, standing, done_at FROM item WHERE message = ?1 AND type = 1
