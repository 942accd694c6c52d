/* One release list, from the folder to done/ or rejected/.
 *
 * The file is read as a whole, and every row held to the rules, before the first is sent. Then rows go out in slices, so that
 * the client is served in between. At the end: who is missing is noted, rejects are written, and only then the file is moved.
 * Until it is moved everything may happen again, and nothing is sent twice. Reasons never repeat what the list said. */
#ifndef CARAT_LIST_H
#define CARAT_LIST_H

#include "adapters/carat/release.h"

typedef struct List List;

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

/* NULL for LIST_LATER with *why, or when the file is gone (*why NULL). */
List *list_open(const ListFolders *folders, const char *name, char **why);
void list_free(List *list);

/* Some 50 ms of work. today: the day in London. */
ListResult list_step(List *list, Release *release, const char *today, char **why);

/* Eight hexadecimal digits of its content's digest: what the log calls it. */
const char *list_tag(const List *list);
ListCounts list_counts(const List *list);

#endif
