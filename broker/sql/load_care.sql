-- the newest version of who is answerable for each client asked for
SELECT c.client, c.version, c.step, c.coordinator, c.worker, c.residual, c.receiver, c.place, c.in_custody, c.on_order, c.died, c.conversation, c.message, c.prescriber, c.consent
FROM unnest($1::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (SELECT * FROM throughcare.coordination_event x WHERE x.client = wanted.id ORDER BY x.version DESC LIMIT 1) c
