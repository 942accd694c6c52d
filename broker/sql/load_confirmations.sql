SELECT c.subject, c.delivery, c.service, c.step
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::smallint[]) AS wanted (subject, delivery, service, step)
JOIN throughcare.confirmation c ON c.subject = wanted.subject AND c.delivery = wanted.delivery AND c.service = wanted.service
                               AND c.step = wanted.step
