SELECT w.id, w.digest, w.sequence, w.batch
FROM unnest($1::uuid[]) AS wanted (id) JOIN throughcare.wrap w ON w.id = wanted.id
