/* What a browser sent in an address or a form (application/x-www-form-urlencoded), bounded and decoded: text in UTF-8 without control characters but
 * tabs and line ends (LF). Of a name that comes twice the first counts. */
#ifndef WORKLIST_QUERY_H
#define WORKLIST_QUERY_H

#include <glib.h>
#include <stdbool.h>

#define QUERY_FIELDS_MAX 200
#define QUERY_NAME_MAX 100   /* bytes */
#define QUERY_VALUE_MAX (32 << 10) /* bytes; far more than any field of a message holds, so that whoever wrote too much is told so at the field */

/* Adds to name -> value, which frees both with g_free. False: it does not fit; what was added is the caller's to drop. text NULL: nothing. */
bool query_read(const char *text, GHashTable *into);

#endif
