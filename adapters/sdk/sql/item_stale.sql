SELECT message FROM item WHERE state = 0 AND type = 1 AND made_at < ?1
