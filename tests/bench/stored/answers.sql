-- What became of them: conversations, clocks and the audit (ids.sql).
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET session_replication_role = replica; -- what is made here refers to what is made here: it is not looked up, twenty million times a table
SET synchronize_seqscans = off;         -- in the order of time, which is how they stand
INSERT INTO throughcare.conversation_event (conversation, version, event, machine, state, at, starter, addressee, told, told_before, first,
                                            newest_notification, release_at, clocks)
  SELECT id, 1, 1, 1, 2, at, 'stored', 'stored-cjip', '', '', id, id, 0, decode(repeat('00', 90), 'hex') FROM public.stored;
INSERT INTO throughcare.clock (id, conversation, message, policy, started_at, due_at, rung, waiting_for)
  SELECT overlay(id::text PLACING p::text FROM 20 FOR 1)::uuid, id, id, p, at, at + p * 3600000000, 0, 'stored-cjip'
  FROM (SELECT *, unnest(ARRAY[1, 2]) AS p FROM public.stored) AS each;
INSERT INTO throughcare.clock_end (clock, how, at) SELECT overlay(id::text PLACING '2' FROM 20 FOR 1)::uuid, 6, at FROM public.stored;
INSERT INTO throughcare.audit (sequence, batch, at, event, service, conversation, message, digest, detail, prev_hash, hash, signature)
  SELECT i * 2 - 2 + r, (i + 999) / 1000, at, 1 + r, 'stored', id, id, sha256(convert_to(i::text, 'UTF8')), '', sha256(convert_to((i * 2 + r)::text, 'UTF8')),
         CASE WHEN r = 2 AND i % 1000 = 0 THEN sha256(convert_to((i / 1000)::text, 'UTF8')) ELSE sha256(convert_to((i * 2 + r + 1)::text, 'UTF8')) END,
         CASE WHEN r = 2 AND i % 1000 = 0 THEN decode(repeat('00', 64), 'hex') END
  FROM (SELECT *, unnest(ARRAY[1, 2]) AS r FROM public.stored) AS each;
