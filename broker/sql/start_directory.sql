SELECT coalesce(max(serial), 0) FROM throughcare.directory_snapshot
