/* What a dose answer is worth at a moment, and the page that shows it. Works on JSON as the client's views give it; pure; any thread. */
#ifndef SDK_DOSE_H
#define SDK_DOSE_H

#include "throughcare/throughcare.h"

#include <glib.h>

/* True when the answer and the request disagree about who the person is: then no dose may be shown. */
bool dose_is_contradictory(const json_t *message);
/* "24 Nov 2026, 17:00" in Europe/London. Caller frees. */
char *dose_time(int64_t time);

#endif
