SELECT type, count(*), min(made_at), sum(sent) FROM item WHERE state = 0 GROUP BY type
