SELECT no, last_sequence, at, root, prev_hash, last_hash, signature FROM throughcare.head ORDER BY no DESC LIMIT 1
