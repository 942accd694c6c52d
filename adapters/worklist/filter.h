/* What somebody wants to see of the lists, as it stands in a page's address: kinds, services and workers by their codes, never a client. Pure;
 * texts are borrowed from the query. Any thread. */
#ifndef WORKLIST_FILTER_H
#define WORKLIST_FILTER_H

#include "adapters/worklist/caseload.h"

/* The hour, and the day around it in London, that lists are told by. */
typedef struct Moment {
    int64_t now, day_begins, day_ends, week_ends; /* week: this day and seven more */
} Moment;

Moment moment_of(int64_t now);

typedef enum FilterSort { SORT_SOONEST, SORT_NEWEST, SORT_OLDEST, SORT_NAME, SORT_COUNT } FilterSort;

typedef struct Filter {
    const char *show;          /* one list alone, by its name; "": all, the first of each */
    const char *kind, *urgency, *with, *worker; /* "": any; worker may be FILTER_MINE or FILTER_NOBODY */
    bool late, unnamed;        /* only what is late; only those for whom nobody is named */
    FilterSort sort;
    guint page;                /* from 1 */
    const GPtrArray *mine;     /* references of workers, whose work is that of whoever asks; borrowed */
} Filter;

#define FILTER_MINE "mine"
#define FILTER_NOBODY "nobody"

/* query: name -> value. Values that mean nothing are left out. */
Filter filter_read(const GHashTable *query);
/* True when it leaves anything out. */
bool filter_narrows(const Filter *filter);
bool filter_fits(const Filter *filter, const Case *it, CaseList list, const Moment *moment);
/* Since when a case is late in a list; 0: it is not. */
int64_t filter_late_since(const Case *it, CaseList list, const Moment *moment);
/* The page's address with one name set to another value; value "": without it. Everything but "page" returns to the first page. Free with g_free. */
char *filter_address(const Filter *filter, const char *name, const char *value);

const char *filter_list_name(CaseList list); /* "waiting" */
const char *filter_sort_name(FilterSort sort);

#endif
