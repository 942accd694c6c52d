/* The field's code lists (codes.csv, built in as data): substances, discharge and exit reasons, sex. Each row
 * says which version of its list it is of: the source's, where it has one, else ours.
 *
 * A cell may hold the code or the label, in any case, with spaces, hyphens or underscores between words. Read once at first
 * use, constant afterwards; the file is part of the program, so a mistake in it is a bug and aborts. */
#ifndef LISTS_CODES_H
#define LISTS_CODES_H

#include <stdbool.h>

/* The label for a code or label of this list; NULL when the list has none. Borrowed, for ever. */
const char *codes_label(const char *list, const char *text);
/* The number of a label of this list; 0 when it has none. */
int codes_number(const char *list, const char *label);

#endif
