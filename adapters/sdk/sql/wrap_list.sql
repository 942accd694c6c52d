SELECT body, provenance FROM wrap WHERE message = ?1 ORDER BY row DESC LIMIT 64
