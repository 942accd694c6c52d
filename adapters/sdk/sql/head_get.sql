SELECT packed FROM head WHERE batch = ?1
