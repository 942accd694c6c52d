-- Two clients may become one, by a worker's word, and two again. The record of the one that is merged points to the one that stands for both.
ALTER TABLE throughcare.coordination_event ADD COLUMN same_as uuid CHECK (same_as <> client);
CREATE INDEX coordination_same_as ON throughcare.coordination_event (same_as) WHERE same_as IS NOT NULL;
-- The client that a conversation may also be about, by a number.
ALTER TABLE throughcare.conversation_event ADD COLUMN possible uuid;

-- A number parted from a client belongs to both from then on.
ALTER TABLE throughcare.client_token DROP CONSTRAINT client_token_pkey, ADD PRIMARY KEY (strong, born, conversation, client);

-- Two clients of whom a worker has said whether they are one: no possible match of each other any more.
CREATE TABLE throughcare.match_settled (one uuid NOT NULL, other uuid NOT NULL CHECK (one < other), PRIMARY KEY (one, other));
GRANT SELECT, INSERT ON throughcare.match_settled TO throughcare_broker;

-- Everybody who was told anything of a client: a conversation has its client from its first version, or from where it was parted (event 63).
DROP INDEX throughcare.conversation_client;
CREATE INDEX conversation_client ON throughcare.conversation_event (client) WHERE version = 1 OR event = 63;
CREATE INDEX conversation_parted ON throughcare.conversation_event (conversation) WHERE event = 63;

-- Whose record stands for a client now.
CREATE FUNCTION throughcare.client_now(wanted uuid) RETURNS uuid LANGUAGE sql STABLE SET search_path = throughcare, pg_temp AS $$
  WITH RECURSIVE way (client, depth) AS (
    SELECT wanted, 0
    UNION ALL
    SELECT c.same_as, way.depth + 1 FROM way
    CROSS JOIN LATERAL (SELECT same_as FROM coordination_event x WHERE x.client = way.client ORDER BY x.version DESC LIMIT 1) c
    WHERE c.same_as IS NOT NULL AND way.depth < 64)
  SELECT client FROM way ORDER BY depth DESC LIMIT 1
$$;

-- As migration 014 has it, with whom a client is merged into; and whom a conversation is about, which only a worker's word changes.
CREATE OR REPLACE VIEW throughcare.coordination_mismatch AS
  WITH versions AS (
    SELECT client, version, sha256(convert_to(concat_ws('|', client, version, step, coordinator, worker, residual, receiver, prescriber, place,
             in_custody::int, on_order::int, died::int, coalesce(from_holder, ''), nullif(consent, ''), same_as), 'UTF8')) AS digest
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

-- Reports count a person once, however many records are merged.
CREATE OR REPLACE VIEW throughcare.referral_course AS
  SELECT conversation, throughcare.client_now((array_agg(client ORDER BY version DESC))[1])::text AS client, min(addressee) AS service, min(marks >> 12 & 15) AS urgency,
         min(at) FILTER (WHERE version = 1) AS referred_at,
         min(at) FILTER (WHERE event IN (73, 76)) AS accepted_at,
         min(at) FILTER (WHERE event = 77) AS offered_at,
         min(at) FILTER (WHERE event = 79) AS attended_at,
         min(at) FILTER (WHERE event = 82) AS started_at,
         max(at) FILTER (WHERE event = 83) AS ended_at,
         bool_or(event = 85) AS recalled
  FROM throughcare.conversation_event WHERE machine = 3 GROUP BY conversation;

CREATE OR REPLACE VIEW throughcare.release_course AS
  SELECT r.*, (SELECT min(c.started_at) FROM throughcare.referral_course c WHERE c.client = r.client AND c.started_at >= r.out_at) AS treated_at
  FROM (SELECT conversation, throughcare.client_now((array_agg(client ORDER BY version DESC))[1])::text AS client, min(starter) AS prison,
               min(at) FILTER (WHERE version = 1) AS notified_at,
               min(at) FILTER (WHERE event = 6) AS named_at,
               min(at) FILTER (WHERE event = 8) AS met_at,
               max(release_at) FILTER (WHERE release_at > 0) AS expected_at,
               coalesce(min(at) FILTER (WHERE event = 8), max(release_at) FILTER (WHERE release_at > 0)) AS out_at,
               bool_or(event IN (5, 12)) AS off
        FROM throughcare.conversation_event WHERE machine = 1 GROUP BY conversation) r;

CREATE OR REPLACE FUNCTION throughcare.report_deaths(from_us bigint, until_us bigint)
RETURNS TABLE (what text, clients bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = throughcare, pg_temp AS $$
  SELECT 'recorded as having died', count(*) FROM (
    SELECT DISTINCT ON (client) client, died, same_as FROM coordination_event WHERE at < until_us ORDER BY client, version DESC) newest
  JOIN LATERAL (SELECT min(at) AS at FROM coordination_event c WHERE c.client = newest.client AND c.died) d ON true
  WHERE newest.died AND newest.same_as IS NULL AND d.at >= from_us
$$;

-- As migration 008 has it: a word on whom a conversation is about (63) keeps the state too.
CREATE OR REPLACE VIEW throughcare.lifecycle_violation AS
  SELECT e.conversation, e.version, e.machine, coalesce(p.state, 0) AS state, e.event, e.state AS next
  FROM throughcare.conversation_event e
  LEFT JOIN throughcare.conversation_event p ON p.conversation = e.conversation AND p.version = e.version - 1
  LEFT JOIN throughcare.lifecycle_edge l
    ON l.machine = e.machine AND l.state = coalesce(p.state, 0) AND l.event = e.event AND l.next = e.state
  WHERE l.machine IS NULL AND NOT (e.event BETWEEN 60 AND 63 AND e.state = p.state)
     OR (e.version > 1 AND p.conversation IS NULL);
