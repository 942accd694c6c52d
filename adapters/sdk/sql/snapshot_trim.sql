DELETE FROM snapshot WHERE serial < ?1
