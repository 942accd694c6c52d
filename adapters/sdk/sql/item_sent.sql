UPDATE item SET sent = 1 WHERE state = 0 AND sent = 0 AND seq BETWEEN ?1 AND ?2
