/* What a message says, as facts with labels in the reader's language: the few that matter of its kind first, all others by part. Doses are not
 * among them: they are shown with their standing, and nowhere else (medication.h). Texts that people wrote are never taken for codes. */
#ifndef WORKLIST_SAID_H
#define WORKLIST_SAID_H

#include "adapters/worklist/worklist.h"

/* [{ "label", "value" }]. message: a row, or as tc_client_message gives it. */
json_t *said_first(const Worklist *worklist, const json_t *message);
/* [{ "words": of the part, "facts": [{ "label", "value" }] }], without those of said_first. */
json_t *said_rest(const Worklist *worklist, const json_t *message);
/* Every fact of a part of an opened message ("risk"). */
json_t *said_part(const Worklist *worklist, const json_t *message, const char *part);

#endif
