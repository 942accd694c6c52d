-- Coordination cannot be rewritten quietly either: the audit row of each version holds a digest over all of it (decide_care.c computes the
-- same), and the audit's own chain holds the row. What does not fit, both ways; audit verify asks.
CREATE VIEW throughcare.coordination_mismatch AS
  WITH versions AS (
    SELECT client, version, sha256(convert_to(concat_ws('|', client, version, step, coordinator, worker, residual, receiver, prescriber, place,
             in_custody::int, on_order::int, died::int, coalesce(from_holder, '')), 'UTF8')) AS digest
    FROM throughcare.coordination_event),
  recorded AS (SELECT sequence, digest FROM throughcare.audit WHERE event = 24)
  SELECT format('the coordination of client %s, version %s, is not what was recorded', v.client, v.version) AS problem
  FROM versions v LEFT JOIN recorded r USING (digest) WHERE r.sequence IS NULL
  UNION ALL
  SELECT format('the coordination recorded in row %s is missing', r.sequence) FROM recorded r LEFT JOIN versions v USING (digest) WHERE v.version IS NULL;
GRANT SELECT ON throughcare.coordination_mismatch TO throughcare_report;
