SELECT type, json FROM event WHERE number = ?1
