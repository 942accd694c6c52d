/* Today: what waits for an answer, who comes out, what is new, who came and who did not, what others owe us or will do, who may be one client. Kept in the address: filter.h. */
#include "adapters/station/words.h"
#include "adapters/worklist/card.h"
#include "adapters/worklist/filter_view.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/listing.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/refused.h"
#include "adapters/worklist/rejected.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

enum { ROWS_WHOLE = 25, ROWS_FIRST = 6, PAGES_MAX = 400 };

typedef struct Today { Request *request; Filter filter; Moment moment; const char *day; } Today;

/* The first, the last, and those around this one. */
static json_t *pages_of(const Today *today, const Listing *listing)
{
    json_t *links = json_array();
    for (guint i = 1; listing->pages > 1 && i <= listing->pages && i <= PAGES_MAX; i++) {
        if (i > 2 && i + 2 < listing->pages && (i + 1 < listing->page || i > listing->page + 1))
            continue;
        Filter other = today->filter;
        g_autofree char *number = g_strdup_printf("%u", i), *address = filter_address(&other, "page", number);
        json_array_append_new(links, json_pack("{s:i, s:s, s:b}", "number", (int)i, "address", address, "here", i == listing->page));
    }
    return links;
}

static json_t *list_of(const Today *today, CaseList list)
{
    Worklist *w = today->request->worklist;
    AccountRole role = today->request->session->account->role;
    bool whole = *today->filter.show != '\0', works = role == ROLE_WORKER || role == ROLE_MANAGER;
    Filter filter = today->filter;
    if (!whole)
        filter.page = 1;
    g_auto(Listing) listing = listing_find(w->caseload, list, &filter, &today->moment, whole ? ROWS_WHOLE : ROWS_FIRST);
    json_t *rows = json_array();
    for (guint i = 0; i < listing.cases->len; i++) {
        Case *it = listing.cases->pdata[i];
        json_array_append_new(rows, reason_needed(today->request, it) ? card_guarded(w, it, list, works ? &today->moment : NULL) : card_of(w, it, list, &today->moment, today->day));
    }
    g_autofree char *more = !whole && listing.count > ROWS_FIRST ? filter_address(&filter, "show", filter_list_name(list)) : g_strdup("");
    json_t *pages = whole ? pages_of(today, &listing) : json_array();
    return json_pack("{s:o, s:i, s:i, s:s, s:o}", "rows", rows, "count", (int)listing.count, "late", (int)listing.late, "more", more, "pages", pages);
}

/* What is late of the whole service, whatever is filtered: "late_waiting": { "count", "address" }, … */
static void add_late(const Today *today, json_t *view)
{
    const Filter all = { .show = "", .kind = "", .urgency = "", .with = "", .worker = "", .page = 1 };
    bool any = false;
    for (int i = 0; i < CASES_NEWS; i++) {
        const char *name = filter_list_name((CaseList)i);
        g_auto(Listing) listing = listing_find(today->request->worklist->caseload, (CaseList)i, &all, &today->moment, 1);
        g_autofree char *address = g_strdup_printf("/?show=%s&late=yes", name), *member = g_strconcat("late_", name, NULL);
        json_object_set_new(view, member, listing.late > 0 ? json_pack("{s:i, s:s}", "count", (int)listing.late, "address", address) : json_false());
        any = any || listing.late > 0;
    }
    json_object_set_new(view, "any_late", json_boolean(any));
}

/* Work goes on for months after all was answered: how much that is stands last, and where to see it. */
static json_t *open_of(const Today *today)
{
    Filter filter = today->filter;
    g_auto(Listing) listing = listing_find(today->request->worklist->caseload, CASES_OPEN, &filter, &today->moment, 1);
    g_autofree char *more = filter_address(&filter, "show", filter_list_name(CASES_OPEN));
    return json_pack("{s:i, s:s}", "count", (int)listing.count, "more", more);
}

void page_today(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    Today today = { .request = request, .filter = filter_read(request->query), .moment = moment_of(tc_client_now(w->client)) };
    (void)rest;
    g_autofree char *day = say_date_of(today.moment.now, 0), *words = say_day(day);
    g_autoptr(GPtrArray) mine = cover_mine(w->cover, request->session->account->worker, day);
    today.day = day;
    today.filter.mine = mine;
    json_t *view = json_pack("{s:s, s:s, s:o, s:o, s:b}", "title", _("Today"), "day", words, "begin", form_list(w, NULL), "filter", filter_view(request, &today.filter), "one",
                             *today.filter.show != '\0');
    json_t *drafts = drafts_view(request, "");
    json_object_set_new(view, "any_draft", json_boolean(json_array_size(drafts) > 0));
    json_object_set_new(view, "drafts", drafts);
    add_late(&today, view);
    json_object_set_new(view, "unsent", refused_messages(w));
    json_t *rejected = rejected_view(w);
    if (rejected != NULL)
        json_object_set_new(view, "rejected", rejected);
    for (int i = 0; i < CASES_OPEN; i++)
        if (*today.filter.show == '\0' || strcmp(today.filter.show, filter_list_name((CaseList)i)) == 0)
            json_object_set_new(view, filter_list_name((CaseList)i), list_of(&today, (CaseList)i));
    if (*today.filter.show == '\0' || strcmp(today.filter.show, filter_list_name(CASES_OPEN)) == 0)
        json_object_set_new(view, "open", *today.filter.show == '\0' ? open_of(&today) : list_of(&today, CASES_OPEN));
    reply_page(request, 200, "today", view);
}

void page_refused(Request *request, const char *rest)
{
    TcError error;
    (void)rest;
    const char *mark = request_value(request->form, "mark");
    if (!request->post || (refused_message_dealt_with(request->worklist, mark, &error) && rejected_dealt_with(request->worklist, mark, &error))) {
        reply_redirect(request, "/", NULL);
        return;
    }
    g_autofree char *problem = library_said(request->worklist, error.text);
    reply_problem(request, 507, _("This could not be kept"), problem);
}
