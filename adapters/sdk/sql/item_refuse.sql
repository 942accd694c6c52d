-- An envelope takes its first wrap with it.
UPDATE item SET state = 2, done_at = ?2, code = ?3, field = ?4, standing = ?5
WHERE state = 0 AND (seq = ?1 OR (paired = 2 AND seq = ?1 + 1 AND (SELECT paired FROM item WHERE seq = ?1) = 1))
