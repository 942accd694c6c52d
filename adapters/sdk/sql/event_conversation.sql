-- Everything but the messages themselves, which have a table of their own.
SELECT number, json FROM event WHERE conversation = ?1 AND type <> 0 ORDER BY number
