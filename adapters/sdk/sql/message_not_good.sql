SELECT id FROM message WHERE good = 0
