-- every row of a batch, in order: its leaves
SELECT a.sequence, a.at, a.event, a.service, a.conversation, a.message, a.digest, a.detail, a.prev_hash, a.hash
FROM throughcare.audit a
WHERE a.sequence > (SELECT last_sequence FROM throughcare.batch WHERE no = $1::bigint - 1)
  AND a.sequence <= (SELECT last_sequence FROM throughcare.batch WHERE no = $1)
ORDER BY a.sequence
