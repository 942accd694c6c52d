SELECT state, count(*) FROM item WHERE type = 1 GROUP BY state
