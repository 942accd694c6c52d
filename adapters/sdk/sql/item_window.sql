-- What may be submitted next. ?2: only confirmations, while the directory has expired.
SELECT i.seq, i.type, i.digest, i.message, i.paired, i.body, i.token_salt, i.tokens, i.sent, m.conversation,
       CASE WHEN i.type = 1 THEN m.content END
FROM item i LEFT JOIN message m ON m.id = i.message
WHERE i.state = 0 AND i.seq > ?1 AND (?2 = 0 OR i.type = 3)
ORDER BY i.seq LIMIT 300
