/* Messages from here that the broker did not take, for Today, until somebody marks them as dealt with, or the like of them is accepted. What was dealt with is a note in
 * the spool: the state that it had then, by a digest of its name. One thread. */
#ifndef WORKLIST_REFUSED_H
#define WORKLIST_REFUSED_H

#include "adapters/worklist/worklist.h"

/* Was it marked as dealt with in this state? name: a message's id, or a file's name. */
bool refused_is_dealt_with(const Worklist *worklist, const char *name, const char *mark);
/* Marks it so, durably. False and *error. */
bool refused_deal_with(Worklist *worklist, const char *name, const char *mark, TcError *error);

/* [{ "id", "conversation", "name", "kind", "at", "problem" }], the newest first. New reference. */
json_t *refused_messages(Worklist *worklist);
/* The message of this id is dealt with, if it is one of them. False and *error: it could not be kept. */
bool refused_message_dealt_with(Worklist *worklist, const char *id, TcError *error);

#endif
