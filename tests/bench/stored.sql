-- Fills an empty record with :messages answered notifications of 200 bytes, as the broker keeps them: message, wrap, conversation, delivery,
-- clocks and their end, audit rows and chain, under every key, index and constraint of the record; a thousand a batch, over the last six days. The
-- hashes are made up, so it is a load and no record that verifies. Run before the first broker starts; not for a database that is in use.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SELECT (extract(epoch FROM now()) * 1000000)::bigint AS now_us \gset

CREATE TEMP TABLE stored AS
  SELECT i, :now_us - 6 * 86400000000 + (i * (6 * 86400000000 / :messages::numeric))::bigint AS at FROM generate_series(1, :messages) AS i;
ALTER TABLE stored ADD COLUMN id uuid;
UPDATE stored SET id = (lpad(to_hex(at / 1000), 12, '0') || '7000' || '8' || lpad(to_hex(i), 15, '0'))::uuid;
ANALYZE stored;

INSERT INTO throughcare.batch (no, prev, prev_hash, last_hash, last_sequence, at, root)
  SELECT b, b - 1, CASE b WHEN 1 THEN decode(repeat('00', 32), 'hex') ELSE sha256(convert_to((b - 1)::text, 'UTF8')) END, sha256(convert_to(b::text, 'UTF8')),
         b * 2000, :now_us - 6 * 86400000000 + (b * (6 * 86400000000 * 1000 / :messages::numeric))::bigint, sha256('root')
  FROM generate_series(1, :messages / 1000) AS b;
INSERT INTO throughcare.message (id, kind, sender, recipient, conversation, accepted_at, batch, sequence, delivery, digest, content_digest, session,
                                 signature, index, count, path, header, content, governed)
  SELECT id, 1, 'stored', 'stored-cjip', id, at, (i + 999) / 1000, i * 2 - 1, i, sha256(convert_to(i::text, 'UTF8')), sha256('content'), id,
         decode(repeat('00', 64), 'hex'), 0, 2, sha256('path'), decode(repeat('ab', 200), 'hex'), decode(repeat('cd', 200), 'hex'), 31
  FROM stored ORDER BY i;
INSERT INTO throughcare.wrap (id, message, maker, batch, sequence, digest, session, signature, index, count, path, body)
  SELECT (lpad(to_hex(at / 1000), 12, '0') || '7000' || '9' || lpad(to_hex(i), 15, '0'))::uuid, id, 'stored', (i + 999) / 1000, i * 2,
         sha256(convert_to(i::text, 'UTF8')), id, decode(repeat('00', 64), 'hex'), 1, 2, sha256('path'), decode(repeat('ef', 400), 'hex')
  FROM stored ORDER BY i;
INSERT INTO throughcare.conversation_event (conversation, version, event, machine, state, at, starter, addressee, told, told_before, first,
                                            newest_notification, release_at, clocks)
  SELECT id, 1, 1, 1, 2, at, 'stored', 'stored-cjip', '', '', id, id, 0, decode(repeat('00', 90), 'hex') FROM stored ORDER BY i;
INSERT INTO throughcare.delivery (recipient, number, type, at, message) SELECT 'stored-cjip', i, 1, at, id FROM stored ORDER BY i;
INSERT INTO throughcare.station_floor (service, station, number, at) VALUES ('stored-cjip', 'desk', :messages, :now_us);
INSERT INTO throughcare.clock (id, conversation, message, policy, started_at, due_at, rung, waiting_for)
  SELECT overlay(id::text PLACING p::text FROM 20 FOR 1)::uuid, id, id, p, at, at + p * 3600000000, 0, 'stored-cjip'
  FROM stored, generate_series(1, 2) AS p ORDER BY i;
INSERT INTO throughcare.clock_end (clock, how, at) SELECT overlay(id::text PLACING '2' FROM 20 FOR 1)::uuid, 6, at FROM stored ORDER BY i;
INSERT INTO throughcare.audit (sequence, batch, at, event, service, conversation, message, digest, detail, prev_hash, hash, signature)
  SELECT i * 2 - 2 + r, (i + 999) / 1000, at, 1 + r, 'stored', id, id, sha256(convert_to(i::text, 'UTF8')), '', sha256(convert_to((i * 2 + r)::text, 'UTF8')),
         CASE WHEN r = 2 AND i % 1000 = 0 THEN sha256(convert_to((i / 1000)::text, 'UTF8')) ELSE sha256(convert_to((i * 2 + r + 1)::text, 'UTF8')) END,
         CASE WHEN r = 2 AND i % 1000 = 0 THEN decode(repeat('00', 64), 'hex') END
  FROM stored, generate_series(1, 2) AS r ORDER BY i, r;
DROP TABLE stored;
VACUUM ANALYZE;
CHECKPOINT;
