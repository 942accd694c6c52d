SELECT number, type, message, json FROM event WHERE done = 0 ORDER BY number LIMIT 1
