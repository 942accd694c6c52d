SELECT nonce, sealed FROM part_key WHERE message = ?1 AND part = ?2
