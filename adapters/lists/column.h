/* The columns of a list as a table, and the reading of one cell.
 *
 * A cell is read to a normal form (codes in lower case, dates as YYYY-MM-DD, numbers without spaces), so that the same fact
 * written in two ways is no change. A reason says what the column takes; it never repeats the cell. Pure; any thread. */
#ifndef LISTS_COLUMN_H
#define LISTS_COLUMN_H

#include "adapters/files/heading.h"

typedef enum ColumnNeed { NEED_FILLED, NEED_PRESENT, NEED_OPTIONAL } ColumnNeed;

typedef enum ColumnForm {
    FORM_LINE, FORM_TEXT, FORM_NAME, FORM_NAMES, FORM_DAY, FORM_TIME, FORM_MG, FORM_NHS, FORM_PRISON, FORM_CODE, FORM_CODES, FORM_LISTED
} ColumnForm;

typedef struct Column {
    const char *name;
    ColumnNeed need;
    ColumnForm form;
    const char *list; /* CODE, CODES: of throughcare.proto; LISTED: of codes.csv */
    size_t most;
    const char *path; /* in the message; "" for none */
} Column;

/* The names and needs, as heading_match wants them; the caller's. */
HeadingColumn *column_heading(const Column *columns, size_t count);

/* The cell in its normal form, "" for an empty one; the caller's. NULL with *why. */
char *column_read(const Column *column, const char *cell, char **why) G_GNUC_WARN_UNUSED_RESULT;

#endif
