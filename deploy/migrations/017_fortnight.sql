-- When the client came out of custody last: in the first fortnight nobody may be lost sight of for longer than two hours.
ALTER TABLE throughcare.coordination_event ADD COLUMN released_at bigint NOT NULL DEFAULT 0;

-- As migration 015 has it, with that.
CREATE OR REPLACE VIEW throughcare.coordination_mismatch AS
  WITH versions AS (
    SELECT client, version, sha256(convert_to(concat_ws('|', client, version, step, coordinator, worker, residual, receiver, prescriber, place,
             in_custody::int, on_order::int, died::int, coalesce(from_holder, ''), nullif(consent, ''), same_as, nullif(released_at, 0)), 'UTF8')) AS digest
    FROM throughcare.coordination_event),
  recorded AS (SELECT sequence, digest FROM throughcare.audit WHERE event = 24),
  said AS (SELECT sequence, service, detail AS number, message FROM throughcare.audit WHERE event = 27 AND detail <> ''),
  about AS (
    SELECT conversation, version, event, client, lag(client) OVER (PARTITION BY conversation ORDER BY version) AS before
    FROM throughcare.conversation_event),
  parted AS (SELECT conversation, split_part(detail, '/', 1) AS client FROM throughcare.audit WHERE event = 30)
  SELECT format('the coordination of client %s, version %s, is not what was recorded', v.client, v.version) AS problem
  FROM versions v LEFT JOIN recorded r USING (digest) WHERE r.sequence IS NULL
  UNION ALL
  SELECT format('the coordination recorded in row %s is missing', r.sequence) FROM recorded r LEFT JOIN versions v USING (digest) WHERE v.version IS NULL
  UNION ALL
  SELECT format('delivery %s to %s is withheld, and the audit does not say so', w.number, w.recipient)
  FROM throughcare.withheld w LEFT JOIN said s ON s.service = w.recipient AND s.number = w.number::text AND s.message = w.message WHERE s.sequence IS NULL
  UNION ALL
  SELECT format('the delivery withheld in row %s is not withheld', s.sequence)
  FROM said s LEFT JOIN throughcare.withheld w ON w.recipient = s.service AND w.number::text = s.number AND w.message = s.message WHERE w.number IS NULL
  UNION ALL
  SELECT format('conversation %s is about another client than before, and the audit does not say so', a.conversation)
  FROM about a LEFT JOIN parted p ON p.conversation = a.conversation AND p.client = a.client::text
  WHERE a.before IS DISTINCT FROM a.client AND a.version > 1 AND p.client IS NULL;
