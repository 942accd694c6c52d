-- What is sent here is good from the start; what comes is looked at first.
INSERT INTO message (id, direction, conversation, kind, in_reply_to, supersedes, header, content, provenance, sequence, at, good)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0), ?11, ?2 = 1) ON CONFLICT (id) DO NOTHING
