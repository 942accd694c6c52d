/* column.def as a table, and the reading of one cell.
 *
 * A cell is read to a normal form (codes in lower case, dates as YYYY-MM-DD, numbers without spaces), so that the same fact
 * written in two ways is no change. A reason says what the column takes; it never repeats the cell. Pure; any thread. */
#ifndef CARAT_COLUMN_H
#define CARAT_COLUMN_H

#include "adapters/files/heading.h"

typedef enum ColumnId {
#define CARAT_COLUMN(id, ...) COLUMN_##id,
#include "adapters/carat/column.def"
#undef CARAT_COLUMN
    COLUMN_COUNT
} ColumnId;

typedef enum ColumnNeed { NEED_FILLED, NEED_PRESENT, NEED_OPTIONAL } ColumnNeed;

typedef enum ColumnForm {
    FORM_LINE, FORM_TEXT, FORM_NAME, FORM_DAY, FORM_MG, FORM_NHS, FORM_PRISON, FORM_CODE, FORM_LISTED
} ColumnForm;

typedef struct Column {
    const char *name;
    ColumnNeed need;
    ColumnForm form;
    const char *list; /* CODE, LISTED */
    size_t most;
    const char *path; /* in the message; "" for none */
} Column;

extern const Column columns[COLUMN_COUNT];

/* The names and needs, as heading_match wants them; borrowed, for ever. */
const HeadingColumn *column_heading(void);

/* The cell in its normal form, "" for an empty one; the caller's. NULL with *why. */
char *column_read(const Column *column, const char *cell, char **why) G_GNUC_WARN_UNUSED_RESULT;

#endif
