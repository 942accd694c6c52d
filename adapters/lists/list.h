/* One list, from the folder to done/ or rejected/.
 *
 * The file is read as a whole, and every row held to the rules, before the first is sent. Then rows go out in slices, so that
 * the client is served in between. At the end: who is missing is noted, rejects are written, and only then the file is moved.
 * Until it is moved everything may happen again, and nothing is sent twice. Reasons never repeat what the list said. */
#ifndef LISTS_LIST_H
#define LISTS_LIST_H

#include "adapters/lists/row.h"

typedef struct List List;

typedef enum ListRow {
    LIST_ROW_SENT,
    LIST_ROW_SAME,    /* nothing to send */
    LIST_ROW_REFUSED, /* this row cannot be sent: column and why say what to mend */
    LIST_ROW_LATER,   /* nothing can be sent now: why is for the operator */
} ListRow;

/* What an adapter makes of a list. */
typedef struct ListWork {
    const RowTable *table;
    char *(*key)(void *ctx, const Row *row);    /* who or what a row is about: the caller's */
    const size_t *key_columns; size_t key_count; /* the first is named in reasons; with `missing`, all that key reads */
    char *(*digest)(const Row *row);   /* rows about one and the same that differ in it are both refused: the caller's */
    const char *empty;                 /* why a list without rows is refused */
    /* column is borrowed, why the caller's, set for the last two. label: the list's name. */
    ListRow (*row)(void *ctx, const Row *row, const char *label, const char **column, char **why);
    /* After the last row of a list of which every row was understood; listed: keys. May be NULL. False with *why: again later. */
    bool (*missing)(void *ctx, GHashTable *listed, guint *missing, char **why);
    void *ctx;
} ListWork;

typedef enum ListResult {
    LIST_MORE,  /* call list_step again */
    LIST_DONE,  /* moved away */
    LIST_LATER, /* nothing more can be done now; why says what is in the way. The list stays where it is */
} ListResult;

typedef struct ListCounts {
    guint rows, sent, same, rejects, missing;
    bool whole; /* the whole file was refused */
} ListCounts;

/* The folders of the adapter; borrowed by the list. */
typedef struct ListFolders {
    char *in, *done, *rejected, *answers;
} ListFolders;

/* NULL for LIST_LATER with *why, or when the file is gone (*why NULL). work and folders are borrowed. */
List *list_open(const ListWork *work, const ListFolders *folders, const char *name, char **why);
void list_free(List *list);

/* Some 50 ms of work. */
ListResult list_step(List *list, char **why);

/* Eight hexadecimal digits of its content's digest: what the log calls it. */
const char *list_tag(const List *list);
ListCounts list_counts(const List *list);

#endif
