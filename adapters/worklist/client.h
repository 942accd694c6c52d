/* One client, over all conversations here that are about the same person: those that arose from one another, those that share a number and a
 * date of birth, and those of which a worker said so. What any of them says of the client may be asked for here. */
#ifndef WORKLIST_CLIENT_H
#define WORKLIST_CLIENT_H

#include "adapters/worklist/worklist.h"

/* All conversations about the client of one: that one first, then the newest. Cases are borrowed until the next refresh. */
GPtrArray *client_cases(const Worklist *worklist, Case *it);
/* Of these conversations the newest of each client: another is left out only where client_cases of one that stays has it, so that the client's page leads to
 * it. A new list; opens nothing. */
GPtrArray *client_each(const Worklist *worklist, const GPtrArray *cases);
/* Others that look like it: the same number, birthday or surname, at most so many; first those that client_perhaps has. */
GPtrArray *client_alike(const Worklist *worklist, Case *it, guint limit);

/* Those who may be the same client by name and day of birth, one of which may be written otherwise, and of whom nothing tells whether they are: [{ "id", "name", "born", "what", "here": it's }]. Opens nothing. */
json_t *client_perhaps(const Worklist *worklist, Case *it);
/* All whom a person about to be named may be, in the same way; "here" is "". */
json_t *client_known_as(const Worklist *worklist, const json_t *person);

/* What was last said of the client at a path ("parts.risk", "parts.minimum.contacts"): a new reference, or NULL. */
json_t *client_known(const Worklist *worklist, Case *it, const char *path);
/* How to reach a worker, as a message of this conversation has it: "Sam Made-Up, w-017, 01632 960123", or without the telephone; NULL: it does not say, or it may be another's. New string. */
char *client_worker_in(const Case *it, const json_t *message, const char *reference, bool phone);
/* The same as the newest message of their service in any of these conversations has it; our own by the account; the reference alone where none says. New string. */
char *client_worker_said(const Worklist *worklist, const GPtrArray *cases, const char *service, const char *reference);
/* What may be sent on of a part: an object as the member "parts" of a message, empty when nothing is known. Never a dose. */
json_t *client_sendable(const Worklist *worklist, Case *it, const char *part);

/* Which kinds of its numbers are another client's too, for a possible match: "NHS number, PNC number"; where the other client is not known here, which it may be: "NHS number or PNC
 * number"; "" when its numbers cannot be read. Never a number. New string. */
char *client_match_numbers(const Worklist *worklist, Case *it);

#endif
