/* The broker's rules by the names that rows have: who may send what to whom, what a conversation takes as it stands, and what answers what.
 * The tables are the broker's own (authorise.def, kind.def, the lifecycles). Pure; any thread. */
#ifndef WORKLIST_RULES_H
#define WORKLIST_RULES_H

#include <stdbool.h>

typedef enum RulesSide { RULES_BEGINS, RULES_STARTER, RULES_ADDRESSEE, RULES_TOLD } RulesSide; /* how the sender stands to the conversation */

/* kind: of message; from, to: kinds of service. */
bool rules_may_send(const char *kind, const char *from, RulesSide side, const char *to);
/* Does kind reply to a conversation of this other kind? */
bool rules_replies(const char *kind, const char *to);
/* Is it an answer that somebody waits for, not a report? */
bool rules_answers(const char *kind);
/* Must it always say who the client is? */
bool rules_needs_person(const char *kind);
/* Does a conversation of this kind take one of these events (names, with commas) in this state? */
bool rules_takes(const char *kind, const char *state, const char *events);

#endif
