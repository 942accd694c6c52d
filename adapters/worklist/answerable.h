/* Who was answerable for a client, as the broker has it on record: asked of it when a page shows the client, and kept in memory until something
 * happens or ten seconds have passed. A page never waits for it: what came here as evidence is shown until the answer is there. */
#ifndef WORKLIST_ANSWERABLE_H
#define WORKLIST_ANSWERABLE_H

#include "adapters/worklist/caseload.h"

typedef struct Answerables Answerables;

/* client: borrowed; free after it is closed. */
Answerables *answerables_new(TcClient *client);
void answerables_free(Answerables *answerables);
/* tc_client_answerable's rows, oldest first, or NULL: the broker has not answered yet. Borrowed until the next dispatch. */
const json_t *answerables_rows(Answerables *answerables, const Case *it);

#endif
