-- Whether a message is what it says: its signature and digest hold. What came before this step is looked at again at the next opening.
ALTER TABLE message ADD COLUMN good INTEGER NOT NULL DEFAULT 0;
UPDATE message SET good = 1 WHERE direction = 1;
CREATE INDEX message_not_good ON message (id) WHERE good = 0;
