UPDATE message SET good = 1 WHERE id = ?1
