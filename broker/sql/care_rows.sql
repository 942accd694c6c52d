-- every version of who was answerable for the client of a conversation: while it was another's, or was merged into another, of that one
WITH RECURSIVE about AS (
  SELECT client, at AS since, coalesce(lead(at) OVER (ORDER BY version), 9223372036854775807) AS until
  FROM throughcare.conversation_event WHERE conversation = $1 AND (version = 1 OR event = 63)),
spans AS (
  SELECT client, 0::bigint AS since, until FROM about WHERE since = (SELECT min(since) FROM about)
  UNION
  SELECT client, since, until FROM about WHERE since > (SELECT min(since) FROM about)
  UNION
  SELECT c.same_as, greatest(c.at, s.since), least(coalesce(n.at, 9223372036854775807), s.until)
  FROM spans s JOIN throughcare.coordination_event c ON c.client = s.client AND c.same_as IS NOT NULL
  LEFT JOIN throughcare.coordination_event n ON n.client = c.client AND n.version = c.version + 1
  WHERE c.at < s.until AND coalesce(n.at, 9223372036854775807) > s.since)
SELECT c.client, c.version, c.step, c.coordinator, c.worker, c.residual, c.receiver, c.place, c.in_custody, c.on_order, c.died, c.conversation, c.message, c.prescriber, c.consent, c.same_as, c.released_at, c.at, coalesce(c.from_holder, '')
FROM (SELECT DISTINCT * FROM spans) s JOIN throughcare.coordination_event c ON c.client = s.client AND c.at >= s.since AND c.at < s.until AND c.same_as IS NULL
ORDER BY c.at, c.version LIMIT 1000
