/* One row of a release list: the rules between its columns, who it speaks of, and the message that says it.
 *
 * All pure: a row in, values, reasons or JSON out. Nothing here knows of files, the spool or time. */
#ifndef CARAT_ROW_H
#define CARAT_ROW_H

#include "adapters/carat/column.h"
#include "adapters/lists/row.h"

#include <jansson.h>

extern const RowTable row_table;

/* Who the prison's team is, for whoever wants to ask; from the settings. Borrowed texts, "" for none. */
typedef struct RowTeam {
    const char *name, *phone, *email, *available;
} RowTeam;

/* The release notification, without recipient, conversation and supersedes. New reference. */
json_t *row_message(const Row *row, const RowTeam *team, const char *prison);

/* Who the row speaks of, and everything it says of the release (not of a meeting): SHA-256 in hexadecimal, the caller's. Two rows that say the same have the
 * same digest, however they were written, also when the list has gained columns that are empty here. */
char *row_person(const Row *row);
char *row_digest(const Row *row);

/* The day the person leaves or left, as the message has it; "" when nothing is known. Borrowed. */
const char *row_expected(const Row *row);

#endif
