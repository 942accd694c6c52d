-- clients whose newest coordinator is none of the services given: it was blocked, or has left the directory
SELECT c.client FROM throughcare.coordination_event c LEFT JOIN unnest($1::text[]) AS good (service) ON good.service = c.coordinator
WHERE good.service IS NULL AND c.same_as IS NULL
  AND NOT EXISTS (SELECT FROM throughcare.coordination_event n WHERE n.client = c.client AND n.version = c.version + 1)
LIMIT 1000
