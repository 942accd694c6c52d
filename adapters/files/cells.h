/* Rows of CSV for people: what an adapter writes, opened in a spreadsheet by somebody in a hurry.
 *
 * UTF-8 with a byte order mark, CRLF, every field quoted. A text that a spreadsheet would take for a formula (it begins with
 * = + - @, a tab or a carriage return, also behind spaces) gets an apostrophe in front: what comes from outside must never run
 * when an answer file is opened. NUL cannot occur. The text grows in the caller's GString; nothing fails. */
#ifndef FILES_CELLS_H
#define FILES_CELLS_H

#include <glib.h>

/* An empty file: the byte order mark. Caller frees with g_string_free. */
GString *cells_new(void);

/* One row; texts end in NULL. "" for an empty cell. */
void cells_row(GString *out, ...) G_GNUC_NULL_TERMINATED;
void cells_row_of(GString *out, const char *const *texts);

#endif
