/* What happened in one conversation, newest first: each message with what it says and what became of it, and between them what the broker told. */
#ifndef WORKLIST_TIMELINE_H
#define WORKLIST_TIMELINE_H

#include "adapters/worklist/worklist.h"

typedef struct Timeline {
    json_t *entries; /* for the page: [{ "at", "what", "by", "worker", "facts", "rest", "changes", "evidence", … }] */
    json_t *alerts;  /* what a reader must not miss of the newest messages, each once: [{ "text", "facts" }] */
} Timeline;

Timeline timeline_of(const Worklist *worklist, Case *it);
void timeline_clear(Timeline *timeline);

#endif
