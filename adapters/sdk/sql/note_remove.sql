DELETE FROM note WHERE name = ?1
