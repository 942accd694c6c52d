/* Notices: the people of this service are told of each new item and each escalation, by the command or the mail of the settings.
 *
 * What is still to be told is kept in the SDK's spool, so a crash or a stop in the middle tells it at the next start (perhaps twice,
 * never not at all). Escalations go first, and are confirmed: TOLD when the command ended with 0, else NOT_TOLD, which brings the next
 * person up the line. A new item whose notice failed is tried again after 15, 30, 60 … seconds, at most an hour, for a day, and each failure is logged.
 * The sentence and the facts hold kinds, ids, services and times: nothing about a person. One notice runs at a time. */
#ifndef SERVICE_NOTICES_H
#define SERVICE_NOTICES_H

#include "throughcare/throughcare.h"

typedef struct Notices Notices;

/* argv: the command's words, borrowed; NULL when the settings have none: then escalations are answered NOT_TOLD at once. */
Notices *notices_new(TcClient *client, char **argv);
/* A command that still runs is ended, and told again at the next start. Before the client is closed. */
void notices_free(Notices *notices);

/* Takes what must be told of this event. False: it could not be kept; let the event come again. */
bool notices_take(Notices *notices, const TcEvent *event);

#endif
