/* Times as people type them: "2026-12-01 10:00" in London, or RFC 3339. */
#ifndef CLI_WHEN_H
#define CLI_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* Microseconds since 1970 UTC; 0: no such time. */
int64_t when_read(const char *text);
/* RFC 3339 in UTC of such a time; NULL: no such time. The caller frees. */
char *when_text(const char *text);

/* The beginning of a day (2026-11-24) in London, and more; day NULL: fallback. False: no such day, said already. */
bool when_day(const char *day, int64_t fallback, int64_t more, int64_t *out);

#endif
