-- Fills an empty record with :messages answered notifications of 200 bytes, as the broker keeps them: message, wrap, conversation, delivery,
-- clocks and their end, audit rows and chain, under every key, index and constraint of the record; a thousand a batch, over the last six days. The
-- hashes are made up, so it is a load and no record that verifies. Run before the first broker starts; not for a database that is in use.
--
-- This one first: which they are, and when. Then messages.sql and answers.sql, side by side; then settle.sql.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SELECT (extract(epoch FROM now()) * 1000000)::bigint AS now_us \gset

CREATE UNLOGGED TABLE public.stored AS
  SELECT i, at, (lpad(to_hex(at / 1000), 12, '0') || '7000' || '8' || lpad(to_hex(i), 15, '0'))::uuid AS id
  FROM (SELECT i, :now_us - 6 * 86400000000 + (i * (6 * 86400000000 / :messages::numeric))::bigint AS at FROM generate_series(1, :messages) AS i) AS each;
ANALYZE public.stored;

INSERT INTO throughcare.batch (no, prev, prev_hash, last_hash, last_sequence, at, root)
  SELECT b, b - 1, CASE b WHEN 1 THEN decode(repeat('00', 32), 'hex') ELSE sha256(convert_to((b - 1)::text, 'UTF8')) END, sha256(convert_to(b::text, 'UTF8')),
         b * 2000, :now_us - 6 * 86400000000 + (b * (6 * 86400000000 * 1000 / :messages::numeric))::bigint, sha256('root')
  FROM generate_series(1, :messages / 1000) AS b;
INSERT INTO throughcare.station_floor (service, station, number, at) VALUES ('stored-cjip', 'desk', :messages, :now_us);
