SELECT message FROM act WHERE key = ?1
