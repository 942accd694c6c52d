/* Answers that wait for the disk. What the pages of one turn of the loop keep (who looked at whom, what was opened) is kept by one write, and no answer
 * leaves before that is done: on a slow disk fifty people wait for one write and not for fifty. If it could not be kept, each of them is told
 * so instead of what they asked for. Only for what reads: what somebody does is kept by itself. One thread. */
#ifndef WORKLIST_TURN_H
#define WORKLIST_TURN_H

#include "adapters/worklist/request.h"

#include <event2/buffer.h>
#include <event2/event.h>

typedef struct Turn Turn;

Turn *turn_new(Worklist *worklist, struct event_base *base);
void turn_free(Turn *turn); /* ends it; takes NULL */
/* From now on what is kept waits for the end of the turn, which comes when the loop has done what is at hand. */
void turn_begin(Turn *turn);
/* Sends this answer, with the headers that it has, at the end of the turn. body: taken. */
void turn_hold(Turn *turn, const Request *request, int status, struct evbuffer *body);
/* Ends it now; nothing when none has begun. */
void turn_end(Turn *turn);

#endif
