-- In the order of the log; what is not in it yet comes last.
SELECT m.id, m.direction, m.header, m.content, m.provenance, m.sequence, m.at, m.opened_at, m.opened_by, m.row,
       i.state, i.sent, i.code, i.field, i.standing, m.good
FROM message m LEFT JOIN item i ON i.message = m.id AND i.type = 1
WHERE m.conversation = ?1 ORDER BY m.sequence IS NULL, m.sequence, m.row
