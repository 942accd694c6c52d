UPDATE item SET state = 3, done_at = ?2 WHERE message = ?1 AND state = 0 AND paired > 0
