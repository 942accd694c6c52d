SELECT r.type, r.message, r.batch, r.packed, m.conversation FROM receipt r LEFT JOIN message m ON m.id = r.message ORDER BY r.batch, r.digest
