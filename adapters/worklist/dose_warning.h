/* What a worker must have read before a dose is sent: nothing of it is refused, because it can be true. */
#ifndef WORKLIST_DOSE_WARNING_H
#define WORKLIST_DOSE_WARNING_H

#include "adapters/worklist/worklist.h"

/* Of the messages of a form, in the reader's language: a list of sentences, empty where all is usual. A new reference. */
json_t *dose_warnings(const Worklist *worklist, const json_t *messages);

#endif
