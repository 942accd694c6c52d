/* The header row against the columns an adapter knows.
 *
 * Names match without regard to case. A column that nobody knows, one that stands twice, and one that is missing are mistakes
 * of the whole file, named in the sentence: a list whose columns are misunderstood must not be half read. */
#ifndef FILES_HEADING_H
#define FILES_HEADING_H

#include "adapters/files/sheet.h"

#include <stdbool.h>

typedef struct HeadingColumn {
    const char *name;
    bool required;
} HeadingColumn;

/* Sets places[i] to where columns[i] stands in the sheet (from 0), or -1. False with *why, owned by the caller. */
bool heading_match(const Sheet *sheet, const HeadingColumn *columns, size_t count, int *places, char **why)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
