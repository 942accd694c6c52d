/* Who was answerable for a client, as the broker has it on record: asked of it when a list or a page shows the client, and kept in memory until something
 * happens or ten seconds have passed. A page never waits for it: the newest that is known here is shown until the answer is there, and, where that is older than a minute, that it is being checked. */
#ifndef WORKLIST_ANSWERABLE_H
#define WORKLIST_ANSWERABLE_H

#include "adapters/worklist/caseload.h"

typedef struct Answerables Answerables;

/* client: borrowed; free after it is closed. */
Answerables *answerables_new(TcClient *client);
void answerables_free(Answerables *answerables);
/* tc_client_answerable's rows, oldest first, or NULL: the broker has not answered yet. Borrowed until the next dispatch. */
const json_t *answerables_rows(Answerables *answerables, const Case *it);
/* The same as far as it is here, without asking. */
const json_t *answerables_known(const Answerables *answerables, const Case *it);
/* The newest row of any of a client's conversations, as far as it is here, without asking; NULL: none is. */
const json_t *answerables_newest(const Answerables *answerables, const GPtrArray *cases);
/* Is what is here so old, and the broker being asked, that a page must say so? After answerables_rows. */
bool answerables_checking(const Answerables *answerables, const Case *it);
/* Asks now what was not asked in the last ten minutes, so that the page that is likely to be opened next has it. */
void answerables_prepare(Answerables *answerables, const Case *it);

#endif
