/* What happened in one conversation, newest first: each message with what it says and what became of it, and between them what the broker told. */
#ifndef WORKLIST_TIMELINE_H
#define WORKLIST_TIMELINE_H

#include "adapters/worklist/worklist.h"

#define ALERTS_DAYS 28 /* so long after its last message one that is over still has alerts for others */

/* For the page: [{ "at", "what", "by", "worker", "facts", "rest", "changes", "evidence", … }] */
json_t *timeline_of(const Worklist *worklist, Case *it);
/* What a reader must not miss of the newest messages in all of a client's conversations (client_cases) that are open or were lately, each once: [{ "text", "facts" }]. */
json_t *timeline_alerts(const Worklist *worklist, const GPtrArray *cases);

#endif
