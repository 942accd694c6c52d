UPDATE item SET state = 1, done_at = ?2 WHERE seq = ?1
