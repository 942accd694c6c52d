UPDATE item SET state = 4, done_at = ?2 WHERE message = ?1 AND state = 0 AND sent = 0
