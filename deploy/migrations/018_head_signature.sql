-- The signature of a batch's head stands in the last row of its audit, which is written last, instead of in the chain row, which is written
-- first: so the database is at work on a batch while its head is signed. Heads of before keep theirs where it is.
ALTER TABLE throughcare.audit ADD COLUMN signature bytea;
ALTER TABLE throughcare.batch ALTER COLUMN signature DROP NOT NULL;

CREATE VIEW throughcare.head AS
  SELECT b.no, b.prev, b.prev_hash, b.last_hash, b.last_sequence, b.at, b.root, coalesce(b.signature, a.signature) AS signature
  FROM throughcare.batch b LEFT JOIN throughcare.audit a ON b.signature IS NULL AND a.sequence = b.last_sequence;
CREATE OR REPLACE VIEW throughcare.batch_export AS
  SELECT no, prev, prev_hash, last_hash, last_sequence, at, root, signature FROM throughcare.head;
GRANT SELECT ON throughcare.head TO throughcare_broker;
