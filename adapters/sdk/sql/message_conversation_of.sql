SELECT conversation FROM message WHERE id = ?1
