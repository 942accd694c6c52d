/* One case as a card of a list: who, what, how it stands, and until when, in words. */
#ifndef WORKLIST_CARD_H
#define WORKLIST_CARD_H

#include "adapters/worklist/filter.h"
#include "adapters/worklist/worklist.h"

/* { "id", "name", "born", "what", "tags": [{ "words", "colour" }], "note", "whose" }. day: today. */
json_t *card_of(Worklist *worklist, Case *it, CaseList list, const Moment *moment, const char *day);
/* The same for whoever has to say why they look at the client (reason_needed): who it is, and nothing that came of them; of those who do the work also by when they must answer, and that
 * it is late. moment: NULL for others. */
json_t *card_guarded(Worklist *worklist, Case *it, CaseList list, const Moment *moment);
/* Whose a case is: the worker's name, and who stands in while they are away; "" for nobody's. Free with g_free. */
char *card_whose(const Worklist *worklist, const Case *it, const char *day);
/* What another did with it last, or how far it got: "Opened by a worker, Northmoor CJIP". Free with g_free. */
char *card_evidence(const Worklist *worklist, const Case *it);
/* Who was told of a silence, in which role: "told: team leader (Northmoor CJIP)"; "" for nobody. Free with g_free. */
char *card_told(const Worklist *worklist, const Case *it);

#endif
