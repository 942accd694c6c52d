/* Small numbers: a count below five could be somebody. It is not shown, and where one hidden count could be worked out from a total, the
 * next smallest is hidden too. Pure. */
#ifndef STATION_SUPPRESS_H
#define STATION_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { SUPPRESS_BELOW = 5 };
#define SUPPRESS_SHOWN "<5" /* for a hidden count */
#define SUPPRESS_EXACT "Every number is shown as it is: for the people of the service, never to be passed on.\n"

/* counts: rows of `columns` counts each, -1 where a cell is no count; hidden: as many, set here. A row's first count is its whole: its other
 * counts are parts of it. In a column the rows are parts of a whole that may be known. */
void suppress(const long long *counts, size_t rows, size_t columns, bool *hidden);

#endif
