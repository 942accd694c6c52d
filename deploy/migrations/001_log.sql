-- The log: batches and audit rows. Insert-only. Times are microseconds since 1970 (exact; views show them as timestamptz).
CREATE SCHEMA throughcare;
GRANT USAGE ON SCHEMA throughcare TO throughcare_broker, throughcare_report;

-- The chain row is the first statement of every batch: a displaced broker's next batch fails here, and nothing of it is kept.
-- The check keeps forks out; the foreign key ties each batch to the hash that its predecessor ended with. Batch 0 is the beginning.
CREATE TABLE throughcare.batch (
  no            bigint PRIMARY KEY,
  prev          bigint,
  prev_hash     bytea,
  last_hash     bytea NOT NULL CHECK (octet_length(last_hash) = 32),
  last_sequence bigint NOT NULL,
  at            bigint NOT NULL,
  root          bytea NOT NULL CHECK (octet_length(root) = 32),
  signature     bytea NOT NULL CHECK (octet_length(signature) = 64),
  CONSTRAINT batch_chain UNIQUE (no, last_hash),
  CONSTRAINT batch_chain_step CHECK (CASE no WHEN 0 THEN prev IS NULL AND prev_hash IS NULL
                                             ELSE prev IS NOT NULL AND prev_hash IS NOT NULL AND prev = no - 1 END),
  CONSTRAINT batch_chain_link FOREIGN KEY (prev, prev_hash) REFERENCES throughcare.batch (no, last_hash)
);
INSERT INTO throughcare.batch VALUES
  (0, NULL, NULL, decode(repeat('00', 32), 'hex'), 0, 0, decode(repeat('00', 32), 'hex'), decode(repeat('00', 64), 'hex'));

CREATE TABLE throughcare.audit (
  sequence     bigint PRIMARY KEY,
  batch        bigint NOT NULL,
  at           bigint NOT NULL,
  event        int NOT NULL,
  service      text NOT NULL,
  conversation uuid,
  message      uuid,
  digest       bytea,
  detail       text NOT NULL,
  prev_hash    bytea NOT NULL,
  hash         bytea NOT NULL
);
-- trace: a conversation's rows in order
CREATE INDEX audit_conversation ON throughcare.audit (conversation, sequence) WHERE conversation IS NOT NULL;

CREATE TABLE throughcare.directory_snapshot (
  serial bigint NOT NULL,
  sequence bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (serial, sequence)
);
CREATE TABLE throughcare.block_event (
  sequence bigint PRIMARY KEY,
  service  text NOT NULL,
  blocked  boolean NOT NULL,
  at       bigint NOT NULL
);
-- Refusals and failed handshakes, counted so that abuse cannot fill the audit. Outside the log; a row a key, code, minute and flush.
CREATE TABLE throughcare.refusal_count (
  who    text NOT NULL,
  code   int NOT NULL,
  minute bigint NOT NULL,
  count  int NOT NULL
);
