SELECT service FROM (SELECT DISTINCT ON (service) service, blocked FROM throughcare.block_event ORDER BY service, sequence DESC) b
WHERE blocked
