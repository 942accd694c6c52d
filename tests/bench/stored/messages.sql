-- The messages, their wraps and deliveries (ids.sql).
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET session_replication_role = replica; -- what is made here refers to what is made here: it is not looked up, twenty million times a table
SET synchronize_seqscans = off;         -- in the order of time, which is how they stand
INSERT INTO throughcare.message (id, kind, sender, recipient, conversation, accepted_at, batch, sequence, delivery, digest, content_digest, session,
                                 signature, index, count, path, header, content, governed)
  SELECT id, 1, 'stored', 'stored-cjip', id, at, (i + 999) / 1000, i * 2 - 1, i, sha256(convert_to(i::text, 'UTF8')), sha256('content'), id,
         decode(repeat('00', 64), 'hex'), 0, 2, sha256('path'), decode(repeat('ab', 200), 'hex'), decode(repeat('cd', 200), 'hex'), 31
  FROM public.stored;
INSERT INTO throughcare.wrap (id, message, maker, batch, sequence, digest, session, signature, index, count, path, body)
  SELECT (lpad(to_hex(at / 1000), 12, '0') || '7000' || '9' || lpad(to_hex(i), 15, '0'))::uuid, id, 'stored', (i + 999) / 1000, i * 2,
         sha256(convert_to(i::text, 'UTF8')), id, decode(repeat('00', 64), 'hex'), 1, 2, sha256('path'), decode(repeat('ef', 400), 'hex')
  FROM public.stored;
INSERT INTO throughcare.delivery (recipient, number, type, at, message) SELECT 'stored-cjip', i, 1, at, id FROM public.stored;
