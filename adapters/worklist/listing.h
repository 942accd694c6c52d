/* One page of a list: what is to be shown, how many there are in all, and how many of them are late. Without a filter the work does not grow
 * with the list; with one, or in another order, it is a look at each of the list. By name those come last whose name is not open
 * (yet: caseload_is_opening); nothing is opened here. One thread. */
#ifndef WORKLIST_LISTING_H
#define WORKLIST_LISTING_H

#include "adapters/worklist/filter.h"

typedef struct Listing {
    GPtrArray *cases;  /* of this page: Case *, borrowed until the next refresh */
    guint count, late; /* of the whole list, as filtered */
    guint page, pages; /* page: as asked for, but one that exists; from 1 */
} Listing;

Listing listing_find(const Caseload *caseload, CaseList list, const Filter *filter, const Moment *moment, guint rows);
void listing_clear(Listing *listing);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Listing, listing_clear)

/* Visits every case of a list's span: the days that are shown of it. */
void listing_each(const Caseload *caseload, CaseList list, const Moment *moment, void (*visit)(void *ctx, Case *it), void *ctx);

#endif
