-- Consent: what a client agreed to stands with who is answerable, and what was queued before it was withdrawn goes out as its number alone.
ALTER TABLE throughcare.coordination_event ADD COLUMN consent text NOT NULL DEFAULT '';
-- What of a message needs the client to agree: bit 0 and a bit for each part (broker/consent.h); of older ones, everything.
ALTER TABLE throughcare.message ADD COLUMN governed smallint NOT NULL DEFAULT 31;

CREATE TABLE throughcare.withheld (
  recipient text NOT NULL,
  number    bigint NOT NULL,
  message   uuid NOT NULL,
  PRIMARY KEY (recipient, number)
);
GRANT SELECT, INSERT ON throughcare.withheld TO throughcare_broker;

-- everybody who was told anything of a client
CREATE INDEX conversation_client ON throughcare.conversation_event (client) WHERE version = 1;

-- As migration 011 has it, with consent where there is some; and what was withheld, which the audit tells of row by row.
CREATE OR REPLACE VIEW throughcare.coordination_mismatch AS
  WITH versions AS (
    SELECT client, version, sha256(convert_to(concat_ws('|', client, version, step, coordinator, worker, residual, receiver, prescriber, place,
             in_custody::int, on_order::int, died::int, coalesce(from_holder, ''), nullif(consent, '')), 'UTF8')) AS digest
    FROM throughcare.coordination_event),
  recorded AS (SELECT sequence, digest FROM throughcare.audit WHERE event = 24),
  said AS (SELECT sequence, service, detail AS number, message FROM throughcare.audit WHERE event = 27 AND detail <> '')
  SELECT format('the coordination of client %s, version %s, is not what was recorded', v.client, v.version) AS problem
  FROM versions v LEFT JOIN recorded r USING (digest) WHERE r.sequence IS NULL
  UNION ALL
  SELECT format('the coordination recorded in row %s is missing', r.sequence) FROM recorded r LEFT JOIN versions v USING (digest) WHERE v.version IS NULL
  UNION ALL
  SELECT format('delivery %s to %s is withheld, and the audit does not say so', w.number, w.recipient)
  FROM throughcare.withheld w LEFT JOIN said s ON s.service = w.recipient AND s.number = w.number::text AND s.message = w.message WHERE s.sequence IS NULL
  UNION ALL
  SELECT format('the delivery withheld in row %s is not withheld', s.sequence)
  FROM said s LEFT JOIN throughcare.withheld w ON w.recipient = s.service AND w.number::text = s.number AND w.message = s.message WHERE w.number IS NULL;

-- What was shared although the client had not agreed: by which basis and for what reason. And what was withheld.
CREATE FUNCTION throughcare.report_sharing(from_us bigint, until_us bigint)
RETURNS TABLE (what text, basis text, reason text, messages bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT 'shared without consent', replace(split_part(detail, '/', 1), '_', ' '), replace(split_part(detail, '/', 2), '_', ' '), count(*)
  FROM audit WHERE event = 28 AND at >= from_us AND at < until_us GROUP BY 2, 3
  UNION ALL
  SELECT 'withheld: the client had not agreed', '', '', count(*) FROM audit WHERE event = 27 AND at >= from_us AND at < until_us
  ORDER BY 1, 2, 3
$$;
REVOKE EXECUTE ON FUNCTION throughcare.report_sharing(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION throughcare.report_sharing(bigint, bigint) TO throughcare_report;
