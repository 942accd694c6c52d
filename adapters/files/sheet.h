/* A CSV file as rows of text: what every adapter that reads lists believes about a file from outside.
 *
 * A sheet is UTF-8 (a byte order mark is dropped), lines end in LF, CRLF or CR, fields may be quoted and hold line ends. The
 * first row that is not blank is the header. Blank rows, and rows of nothing but empty fields, are passed over.
 * Whatever cannot be believed of one row (quotes, bytes that are not UTF-8, NUL, sizes, the number of fields) is a fault with
 * its line, and the rows around it are still read; after a broken quote reading goes on with the line after the row's first.
 * Whatever cannot be believed of the whole (size, encoding, no header, too many rows) gives no sheet and a sentence why.
 * Reasons never repeat what the file said. Memory: at most twice the file. A sheet belongs to the caller; any thread. */
#ifndef FILES_SHEET_H
#define FILES_SHEET_H

#include <glib.h>
#include <stddef.h>

typedef struct SheetLimits {
    size_t bytes;       /* of the file */
    size_t row_bytes;   /* of one row as it stands in the file */
    size_t field_bytes; /* of one field, unquoted */
    guint rows;         /* without the header; faulty ones count */
    guint columns;
} SheetLimits;

/* 32 MB, 64 KB, 4 KB, 50 000 rows, 200 columns. */
extern const SheetLimits sheet_limits;

typedef struct SheetRow {
    guint line;        /* where it begins, from 1 */
    GPtrArray *fields; /* char *, as many as the header has; owned */
} SheetRow;

typedef struct SheetFault {
    guint line;
    guint column; /* from 1; 0 for the row as a whole */
    char *reason;
    char *text; /* how the row begins: valid UTF-8, 200 bytes of its first line at most */
} SheetFault;

typedef struct Sheet {
    GPtrArray *header; /* char *, stripped of surrounding space */
    GPtrArray *rows;   /* SheetRow * */
    GPtrArray *faults; /* SheetFault *, by line */
} Sheet;

/* NULL with *why (owned by the caller) when the whole cannot be believed. */
Sheet *sheet_parse(const char *data, size_t len, const SheetLimits *limits, char **why) G_GNUC_WARN_UNUSED_RESULT;
void sheet_free(Sheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sheet, sheet_free)

#endif
