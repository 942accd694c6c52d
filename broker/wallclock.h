/* The one place that says what time it is. Tests of made-up places move it by a file that holds seconds; nothing else may. */
#ifndef BROKER_WALLCLOCK_H
#define BROKER_WALLCLOCK_H

#include <glib.h>

/* path: NULL for none. Read again at most each 100 ms, so that a test can move time under a running broker. */
void wallclock_shift_by(const char *path);
int64_t wallclock_now(void);   /* microseconds since 1970, shifted */
int64_t wallclock_shift(void); /* microseconds */

#endif
