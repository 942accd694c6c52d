SELECT at FROM asked WHERE message = ?1
