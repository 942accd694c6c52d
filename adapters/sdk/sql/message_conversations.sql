-- Conversations by their newest message.
SELECT conversation, max(row) AS newest FROM message GROUP BY conversation ORDER BY newest DESC
