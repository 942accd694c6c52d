INSERT INTO throughcare.batch (no, prev, prev_hash, last_hash, last_sequence, at, root)
VALUES ($1, $2, $3, $4, $5, $6, $7)
