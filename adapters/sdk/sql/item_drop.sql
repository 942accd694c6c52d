DELETE FROM item WHERE seq = ?1
