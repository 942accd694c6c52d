-- Everything but the messages themselves (TC_EVENT_MESSAGE, TC_EVENT_SENT), which have a table of their own.
SELECT number, json FROM event WHERE conversation = ?1 AND type NOT IN (0, 8) ORDER BY number
