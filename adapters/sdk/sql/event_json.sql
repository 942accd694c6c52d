UPDATE event SET json = ?2 WHERE number = ?1
