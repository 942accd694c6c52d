SELECT start_at, rows, digest FROM throughcare.drop_week($1)
