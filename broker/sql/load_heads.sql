-- the newest version of each conversation asked for
SELECT e.conversation, e.version, e.machine, e.state, e.starter, e.addressee, e.told, e.told_before, e.first, e.newest_notification,
       e.newest_answer, e.newest_report, e.last_recalled, e.release_at, e.client, e.clocks, e.marks, e.residual, e.request, e.possible
FROM unnest($1::uuid[]) AS wanted (id)
CROSS JOIN LATERAL (SELECT * FROM throughcare.conversation_event x WHERE x.conversation = wanted.id ORDER BY x.version DESC LIMIT 1) e
