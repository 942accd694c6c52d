/* Live notices: how much is new, whether the broker is there and how long the session lasts, told to open pages by server-sent events (/live).
 * A stream holds numbers and set words, nothing of a person. It does not keep its session alive, and ends with it. So many streams a
 * session, so many in all; who is turned away sees the same on the next page. One thread. */
#ifndef WORKLIST_LIVE_H
#define WORKLIST_LIVE_H

#include "adapters/worklist/request.h"

#include <event2/event.h>

#define LIVE_OF_SESSION 6
#define LIVE_MAX 400
#define LIVE_BEAT_SECONDS 10

typedef struct Live Live;

/* All borrowed; to be freed before the loop. */
Live *live_new(Worklist *worklist, struct event_base *base);
void live_free(Live *live); /* ends every stream */
/* Something came, or the connection's state changed: every page learns it within half a second. */
void live_tell(Live *live);

#endif
