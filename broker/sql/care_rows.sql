-- every version of who was answerable for the client of a conversation
SELECT c.client, c.version, c.step, c.coordinator, c.worker, c.residual, c.receiver, c.place, c.in_custody, c.on_order, c.died, c.conversation, c.message, c.prescriber, c.consent, c.at, coalesce(c.from_holder, '')
FROM (SELECT client FROM throughcare.conversation_event WHERE conversation = $1 ORDER BY version DESC LIMIT 1) e
JOIN throughcare.coordination_event c ON c.client = e.client
ORDER BY c.version LIMIT 1000
