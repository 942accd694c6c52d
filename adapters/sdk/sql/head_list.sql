SELECT packed FROM head ORDER BY batch
