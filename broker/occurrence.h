/* What a message means to its conversation (occurrence.def), and which of a head's newest messages it becomes. The broker and every
 * adapter call it the same. Pure; nothing here owns or fails. */
#ifndef BROKER_OCCURRENCE_H
#define BROKER_OCCURRENCE_H

#include "broker/decision.h"
#include "broker/machine.h"

/* The lifecycle that it belongs to: the head's, or its kind's where it starts one. */
int occurrence_machine(const Head *head, const Message *message);
/* now: for a release that has happened without a time. CONVERSATION_NONE: the lifecycle knows no such message. */
ConversationEvent occurrence_of(const Head *head, const Message *message, int64_t now);
/* Changes the newest messages and the time of the head. The state and the parties are the caller's. */
void occurrence_remember(Head *head, const Message *message, int64_t now);

#endif
