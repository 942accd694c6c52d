SELECT count(*) FROM event WHERE done = 0
