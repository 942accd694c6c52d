/* Everything that is late, in one list: what it is, whose, since when, and who was told of it up the ladder. */
#include "adapters/worklist/card.h"
#include "adapters/worklist/listing.h"
#include "adapters/worklist/manage.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

enum { ROWS = 25, ALL = 1000000 };

typedef struct Late { Case *it; CaseList list; int64_t since; } Late;

static gint by_since(gconstpointer a, gconstpointer b)
{
    const Late *x = a, *y = b;
    return x->since != y->since ? (x->since > y->since) - (x->since < y->since) : strcmp(x->it->conversation, y->it->conversation);
}

/* A case that is late in two lists stands in the first of them. */
static GArray *find_late(Caseload *caseload, const Filter *asked, const Moment *moment)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Late));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    Filter filter = *asked;
    filter.late = true;
    filter.page = 1;
    for (int i = 0; i < CASES_NEWS; i++) {
        g_auto(Listing) listing = listing_find(caseload, (CaseList)i, &filter, moment, ALL);
        for (guint j = 0; j < listing.cases->len; j++) {
            Late late = { listing.cases->pdata[j], (CaseList)i, filter_late_since(listing.cases->pdata[j], (CaseList)i, moment) };
            if (g_hash_table_add(seen, late.it))
                g_array_append_val(all, late);
        }
    }
    g_array_sort(all, by_since);
    return all;
}

static json_t *row_of(Worklist *w, const Late *late, const Moment *moment, const char *day)
{
    json_t *row = card_of(w, late->it, late->list, moment, day);
    g_autofree char *since = say_time(late->since), *told = card_told(w, late->it), *told_at = say_time(late->it->facts.told_at), *whose = card_whose(w, late->it, day);
    g_autofree char *note = g_strdup_printf(_("Late since %s"), since);
    json_object_set_new(row, "note", json_string(note));
    json_object_set_new(row, "told", json_pack("{s:s, s:s}", "who", told, "at", told_at));
    json_object_set_new(row, "any_told", json_boolean(*told != '\0'));
    json_object_set_new(row, "theirs", json_string(late->list == CASES_SENT ? worklist_service_name(w, late->it->facts.other) : ""));
    return row;
}

static json_t *pages_of(guint pages, guint page, const char *worker)
{
    json_t *links = json_array();
    for (guint i = 1; pages > 1 && i <= pages && i <= 400; i++) {
        if (i > 2 && i + 2 < pages && (i + 1 < page || i > page + 1))
            continue;
        g_autofree char *address = g_strdup_printf("/manage?page=%u%s%s", i, *worker != '\0' ? "&worker=" : "", worker);
        json_array_append_new(links, json_pack("{s:i, s:s, s:b}", "number", (int)i, "address", address, "here", i == page));
    }
    return links;
}

/* How many of them are whose: the ways to see them alone. */
static json_t *whose_of(const Worklist *w, const GArray *all, const char *chosen)
{
    json_auto_t *counts = json_object();
    json_t *list = json_array(), *count;
    const char *worker;
    json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "words", _("Everybody's"), "address", "/manage", "here", *chosen == '\0'));
    for (guint i = 0; i < all->len; i++) {
        const Case *it = g_array_index(all, Late, i).it;
        const char *whose = *it->worker != '\0' ? it->worker : FILTER_NOBODY;
        json_object_set_new(counts, whose, json_integer(json_integer_value(json_object_get(counts, whose)) + 1));
    }
    json_object_foreach (counts, worker, count) {
        g_autofree char *address = g_strdup_printf("/manage?worker=%s", worker);
        g_autofree char *words = g_strdup_printf("%s (%" JSON_INTEGER_FORMAT ")", strcmp(worker, FILTER_NOBODY) == 0 ? _("Nobody's") : worklist_worker_name(w, worker), json_integer_value(count));
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "words", words, "address", address, "here", strcmp(worker, chosen) == 0));
    }
    return list;
}

void page_overdue(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    Moment moment = moment_of(tc_client_now(w->client));
    Filter asked = filter_read(request->query), everybody = { .show = "", .kind = "", .urgency = "", .with = "", .worker = "", .page = 1 }, one = everybody;
    (void)rest;
    one.worker = asked.worker;
    g_autofree char *day = say_date_of(moment.now, 0);
    g_autoptr(GArray) all = find_late(w->caseload, &everybody, &moment), found = find_late(w->caseload, &one, &moment);
    guint pages = MAX((found->len + ROWS - 1) / ROWS, 1), page = MIN(asked.page, pages);
    json_t *rows = json_array(), *view = manage_view(request, _("What is late"), NULL);
    for (guint i = (page - 1) * ROWS; i < found->len && i < page * ROWS; i++)
        json_array_append_new(rows, row_of(w, &g_array_index(found, Late, i), &moment, day));
    json_object_set_new(view, "rows", rows);
    json_object_set_new(view, "count", json_integer(found->len));
    json_object_set_new(view, "quick", whose_of(w, all, one.worker));
    json_object_set_new(view, "pages", pages_of(pages, page, one.worker));
    reply_page(request, 200, "overdue", view);
}
