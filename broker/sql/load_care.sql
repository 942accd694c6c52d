-- the newest version of who is answerable for each client asked for, and for whom they are merged into
WITH RECURSIVE found AS (
  SELECT c.* FROM unnest($1::uuid[]) AS wanted (id)
  CROSS JOIN LATERAL (SELECT * FROM throughcare.coordination_event x WHERE x.client = wanted.id ORDER BY x.version DESC LIMIT 1) c
  UNION
  SELECT c.* FROM found
  CROSS JOIN LATERAL (SELECT * FROM throughcare.coordination_event x WHERE x.client = found.same_as ORDER BY x.version DESC LIMIT 1) c)
SELECT client, version, step, coordinator, worker, residual, receiver, place, in_custody, on_order, died, conversation, message, prescriber, consent, same_as, released_at
FROM found
