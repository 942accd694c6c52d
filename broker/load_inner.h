/* What the files of load share: what an event still needs of the past. For load*.c only. */
#ifndef BROKER_LOAD_INNER_H
#define BROKER_LOAD_INNER_H

#include "broker/memory.h"

/* What an event may need to be looked up, each at most once; Event.asked and Event.answered. */
enum { LOAD_HEAD = 1 << 0, LOAD_ABOUT = 1 << 1, LOAD_SAME = 1 << 2, LOAD_REPLY = 1 << 3, LOAD_REF = 1 << 4, LOAD_WRAP = 1 << 5,
       LOAD_TOKENS = 1 << 6, LOAD_CONFIRMATION = 1 << 7, LOAD_NOTICE = 1 << 8, LOAD_CARE = 1 << 9,
       LOAD_AVAILABILITY = 1 << 10, LOAD_OTHER = 1 << 11, LOAD_OTHER_CARE = 1 << 12, LOAD_LINKED_CARE = 1 << 13,
       LOAD_SETTLED = 1 << 14 };

typedef struct Need { LoadQuestion *question; Event *event; bool missing, holders; TcId client, other; } Need; /* question NULL: only whether something is missing */

/* True when the database must be asked: memory lacks it, and it has not been answered yet. */
bool need_ask(Need *need, unsigned what);
/* NULL: there is none, or it is asked for. */
const CachedHead *need_head(Broker *broker, Need *need, unsigned what, const TcId *conversation);
/* The record that stands for a client: its own, or that of whom it is merged into; a question about one brings the others on the way. NULL: none,
 * or not known yet. sure: false while another question is open that may tell of another client. */
const Care *need_standing(Broker *broker, Need *need, unsigned what, const TcId *client, bool sure);

/* ---- load_linked.c: after the heads are known ---- */
void need_tokens(Broker *broker, Need *need, Event *event); /* whom the linkage tokens of a message are of */
void need_merge(Broker *broker, Need *need, Event *event);  /* of a MERGE: the other client, and where the two meet */

#endif
