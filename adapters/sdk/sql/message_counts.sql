SELECT direction, count(*), count(opened_at) FROM message GROUP BY direction
