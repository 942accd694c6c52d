#include "adapters/worklist/listing.h"

/* The span of a list that is shown: from begin to before end. */
typedef struct Span { GSequenceIter *begin, *end; } Span;

static Span span_of(const Caseload *caseload, CaseList list, const Moment *moment)
{
    GSequence *all = caseload_list(caseload, list);
    Span span = { g_sequence_get_begin_iter(all), g_sequence_get_end_iter(all) };
    if (list == CASES_OUT)
        span.begin = caseload_from(caseload, list, moment->day_begins);
    if (list == CASES_OUT || list == CASES_BOOKED)
        span.end = caseload_from(caseload, list, moment->week_ends);
    if (list == CASES_MISSED)
        span.end = caseload_from(caseload, list, moment->now + 1);
    return span;
}

static guint places_between(GSequenceIter *first, GSequenceIter *last)
{
    int count = g_sequence_iter_get_position(last) - g_sequence_iter_get_position(first);
    return (guint)MAX(count, 0);
}

/* The ones late are at the beginning of their list; of those who come out today each must be looked at. */
static guint count_late(const Caseload *caseload, CaseList list, const Moment *moment, Span span)
{
    guint late = 0;
    switch (list) {
    case CASES_WAITING: case CASES_SENT: case CASES_BOOKED: return places_between(span.begin, caseload_from(caseload, list, moment->now + 1));
    case CASES_MISSED: return places_between(span.begin, caseload_from(caseload, list, moment->day_begins));
    case CASES_OUT:
        for (GSequenceIter *at = span.begin; at != span.end; at = g_sequence_iter_next(at))
            if (filter_late_since(g_sequence_get(at), list, moment) != 0)
                late++;
            else if (((Case *)g_sequence_get(at))->key[list] >= moment->day_ends)
                break;
        return late;
    default: return 0;
    }
}

/* What was missed last is nearest to being mended. */
static bool newest_first(CaseList list) { return list == CASES_MISSED || list == CASES_NEWS || list == CASES_MATCHES; }

static guint page_first(Listing *listing, guint page, guint rows)
{
    listing->pages = MAX((listing->count + rows - 1) / rows, 1);
    listing->page = MIN(page, listing->pages);
    return (listing->page - 1) * rows;
}

static Listing find_whole(const Caseload *caseload, CaseList list, const Filter *filter, const Moment *moment, guint rows)
{
    Span span = span_of(caseload, list, moment);
    Listing listing = { .cases = g_ptr_array_new(), .count = places_between(span.begin, span.end), .late = count_late(caseload, list, moment, span) };
    guint first = page_first(&listing, filter->page, rows);
    bool back = newest_first(list);
    GSequenceIter *at = back ? g_sequence_iter_move(span.end, -(int)first - 1) : g_sequence_iter_move(span.begin, (int)first);
    for (guint i = first; i < listing.count && i < first + rows; i++) {
        g_ptr_array_add(listing.cases, g_sequence_get(at));
        at = back ? g_sequence_iter_prev(at) : g_sequence_iter_next(at);
    }
    return listing;
}

static gint by_newest(gconstpointer a, gconstpointer b)
{
    const Case *x = *(Case *const *)a, *y = *(Case *const *)b;
    return (x->facts.asked_at < y->facts.asked_at) - (x->facts.asked_at > y->facts.asked_at);
}

static gint by_oldest(gconstpointer a, gconstpointer b) { return by_newest(b, a); }

static gint by_name(gconstpointer a, gconstpointer b) { return case_by_name(*(Case *const *)a, *(Case *const *)b); }

static void sort_by(GPtrArray *cases, FilterSort sort) { g_ptr_array_sort(cases, sort == SORT_NAME ? by_name : sort == SORT_OLDEST ? by_oldest : by_newest); }

static void turn_round(GPtrArray *cases)
{
    for (guint i = 0; i < cases->len / 2; i++) {
        gpointer it = cases->pdata[i];
        cases->pdata[i] = cases->pdata[cases->len - 1 - i];
        cases->pdata[cases->len - 1 - i] = it;
    }
}

static Listing find_some(const Caseload *caseload, CaseList list, const Filter *filter, const Moment *moment, guint rows)
{
    Span span = span_of(caseload, list, moment);
    Listing listing = { .cases = g_ptr_array_new() };
    for (GSequenceIter *at = span.begin; at != span.end; at = g_sequence_iter_next(at)) {
        Case *it = g_sequence_get(at);
        if (!filter_fits(filter, it, list, moment))
            continue;
        listing.late += filter_late_since(it, list, moment) != 0;
        g_ptr_array_add(listing.cases, it);
    }
    listing.count = listing.cases->len;
    if (filter->sort != SORT_SOONEST)
        sort_by(listing.cases, filter->sort);
    else if (newest_first(list))
        turn_round(listing.cases);
    guint first = page_first(&listing, filter->page, rows);
    g_ptr_array_set_size(listing.cases, (int)MIN(listing.count, first + rows));
    if (first > 0)
        g_ptr_array_remove_range(listing.cases, 0, MIN(first, listing.cases->len));
    return listing;
}

Listing listing_find(const Caseload *caseload, CaseList list, const Filter *filter, const Moment *moment, guint rows)
{
    return filter_narrows(filter) || filter->sort != SORT_SOONEST ? find_some(caseload, list, filter, moment, rows) : find_whole(caseload, list, filter, moment, rows);
}

void listing_clear(Listing *listing)
{
    g_clear_pointer(&listing->cases, g_ptr_array_unref);
}

void listing_each(const Caseload *caseload, CaseList list, const Moment *moment, void (*visit)(void *ctx, Case *it), void *ctx)
{
    Span span = span_of(caseload, list, moment);
    for (GSequenceIter *at = span.begin; at != span.end; at = g_sequence_iter_next(at))
        visit(ctx, g_sequence_get(at));
}
