/* One row of a release list: read, held to the rules between columns, and made into the message that says it.
 *
 * All pure: a row in, values, reasons or JSON out. Nothing here knows of files, the spool or time. Everything that is wrong
 * with a row is told at once, so that it is mended in one go. */
#ifndef CARAT_ROW_H
#define CARAT_ROW_H

#include "adapters/carat/column.h"
#include "adapters/files/rejects.h"

#include <jansson.h>

typedef struct Row {
    guint line;
    char *values[COLUMN_COUNT]; /* normal form; "" where there is nothing */
} Row;

/* Who the prison's team is, for whoever wants to ask; from the settings. Borrowed texts, "" for none. */
typedef struct RowTeam {
    const char *name, *phone, *email, *available;
} RowTeam;

/* places: from heading_match. NULL when rejects got one or more lines about it. */
Row *row_read(const SheetRow *from, const int *places, Rejects *rejects) G_GNUC_WARN_UNUSED_RESULT;
void row_free(Row *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Row, row_free)

/* The release notification, without recipient, conversation and supersedes. New reference. */
json_t *row_message(const Row *row, const RowTeam *team, const char *prison);

/* Who the row speaks of, and everything it says of the release (not of a meeting): SHA-256 in hexadecimal, the caller's. Two rows that say the same have the
 * same digest, however they were written, also when the list has gained columns that are empty here. */
char *row_person(const Row *row);
char *row_digest(const Row *row);

/* The day the person leaves or left, as the message has it; "" when nothing is known. Borrowed. */
const char *row_expected(const Row *row);

/* The column that a field of the message came from ("parts.minimum.person.surname"), or "". Borrowed, for ever. */
const char *row_column_of(const char *field);

#endif
