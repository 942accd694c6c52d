UPDATE event SET done = 1 WHERE number = ?1
