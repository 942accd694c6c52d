-- a batch's head; 0 asks for the newest
SELECT no, last_sequence, at, root, prev_hash, last_hash, signature FROM throughcare.head
WHERE no = CASE $1::bigint WHEN 0 THEN (SELECT max(no) FROM throughcare.batch) ELSE $1::bigint END AND no > 0
