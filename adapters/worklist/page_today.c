/* Today: what waits for an answer, who comes out, what others owe us. Kept in the address: ?show=…&kind=…&page=… */
#include "adapters/station/words.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

enum { PAGE_ROWS = 25, DAYS_AHEAD = 7 };

typedef enum List { LIST_WAITING, LIST_OUT, LIST_SENT, LIST_COUNT } List;
static const char *const list_names[LIST_COUNT] = { "waiting", "out", "sent" };

typedef struct Today { Request *request; char *day, *last_day; int64_t now; } Today;

static bool is_over(const Case *it)
{
    static const char *const over[] = { "withdrawn", "recalled", "declined", "met", "answered", "transferred", "already_open", "lost", "re_engaged", "resumed", "seen" };
    const char *state = it->state;
    for (size_t i = 0; i < G_N_ELEMENTS(over); i++)
        if (strcmp(state, over[i]) == 0)
            return true;
    return false;
}

static bool belongs(const Today *today, const Case *it, List list)
{
    const char *day = it->release_day, *kind = request_value(today->request->query, "kind");
    if (*kind != '\0' && strcmp(kind, it->kind) != 0)
        return false;
    switch (list) {
    case LIST_WAITING: return it->waiting != NULL;
    case LIST_OUT: return *day != '\0' && strcmp(day, today->day) >= 0 && strcmp(day, today->last_day) <= 0 && strcmp(it->state, "withdrawn") != 0 && strcmp(it->state, "recalled") != 0;
    default: return it->ours && it->waiting == NULL && !is_over(it) && strcmp(it->kind, "availability") != 0;
    }
}

static GPtrArray *find(const Today *today, List list)
{
    static const CaseOrder order[LIST_COUNT] = { CASES_BY_DUE, CASES_BY_RELEASE, CASES_BY_AGE };
    const GPtrArray *all = caseload_in_order(today->request->worklist->caseload, order[list]);
    GPtrArray *found = g_ptr_array_new();
    for (guint i = 0; i < all->len; i++)
        if (belongs(today, all->pdata[i], list))
            g_ptr_array_add(found, all->pdata[i]);
    return found;
}

/* The last thing another service did with it: held, opened. */
static const char *last_step(const Case *it)
{
    size_t i;
    json_t *row;
    const char *step = "";
    json_array_foreach (it->rows, i, row)
        if (strcmp(case_text(row, "row"), "evidence") == 0)
            step = case_text(row, "step");
    return step;
}

static json_t *row_of(const Today *today, Case *it)
{
    Worklist *w = today->request->worklist;
    case_open(w->caseload, it);
    const char *other = case_text(it->request, it->ours ? "recipient" : "sender"), *delivery = case_text(it->request, "delivery_state"), *step = last_step(it);
    g_autofree char *due = say_time(it->due), *out = say_day(it->release_day), *sent = say_time_text(case_text(it->request, "at"));
    g_autofree char *kind = say_sentence(words_of(it->kind)), *state = say_sentence(words_of(it->state)), *evidence = say_sentence(*step != '\0' ? words_of(step) : words_of(delivery));
    bool named = strcmp(it->state, "named") == 0, late = it->due != 0 && it->due < today->now;
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:s, s:b}", "id", it->conversation, "name", it->name != NULL ? it->name : "", "kind",
                     kind, "other", worklist_service_name(w, other), "due", due, "out", out, "sent", sent, "state", state,
                     "named", named, "late", late, "unopened", it->waiting != NULL && json_is_false(json_object_get(it->waiting, "opened")), "today",
                     strcmp(it->release_day, today->day) == 0, "evidence", evidence, "unsent", strcmp(delivery, "waiting") == 0);
}

static json_t *pages_of(const Today *today, List list, guint rows, guint page)
{
    json_t *links = json_array();
    const char *kind = request_value(today->request->query, "kind");
    for (guint i = 1; rows > PAGE_ROWS && i <= (rows + PAGE_ROWS - 1) / PAGE_ROWS && i <= 400; i++) {
        if (i > 2 && i + 2 < (rows + PAGE_ROWS - 1) / PAGE_ROWS && (i + 1 < page || i > page + 1))
            continue;
        g_autofree char *address = g_strdup_printf("/?show=%s%s%s&page=%u", list_names[list], *kind != '\0' ? "&kind=" : "", kind, i);
        json_array_append_new(links, json_pack("{s:i, s:s, s:b}", "number", (int)i, "address", address, "here", i == page));
    }
    return links;
}

static json_t *list_of(const Today *today, List list, bool whole)
{
    g_autoptr(GPtrArray) found = find(today, list);
    json_t *rows = json_array();
    guint page = MAX((guint)g_ascii_strtoull(request_value(today->request->query, "page"), NULL, 10), 1);
    page = whole ? MIN(page, (found->len + PAGE_ROWS - 1) / PAGE_ROWS) : 1;
    guint first = page > 0 ? (page - 1) * PAGE_ROWS : 0;
    for (guint i = first; i < found->len && i < first + PAGE_ROWS; i++)
        json_array_append_new(rows, row_of(today, found->pdata[i]));
    return json_pack("{s:o, s:i, s:b, s:o}", "rows", rows, "count", (int)found->len, "more", !whole && found->len > PAGE_ROWS, "pages", pages_of(today, list, found->len, page));
}

static json_t *filters_of(const Today *today)
{
    const char *kind = request_value(today->request->query, "kind");
    json_t *tags = json_array();
    if (*kind != '\0')
        json_array_append_new(tags, json_pack("{s:s}", "words", words_of(kind)));
    return tags;
}

void page_today(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    const char *show = request_value(request->query, "show");
    Today today = { .request = request, .now = tc_client_now(w->client) };
    (void)rest;
    today.day = say_date_of(today.now, 0);
    today.last_day = say_date_of(today.now, DAYS_AHEAD);
    g_autofree char *words = say_day(today.day), *first = today.day, *last = today.last_day;
    json_t *view = json_pack("{s:s, s:s, s:o, s:o}", "title", _("Today"), "day", words, "filters", filters_of(&today), "begin", form_list(w, NULL));
    for (int i = 0; i < LIST_COUNT; i++)
        if (*show == '\0' || strcmp(show, list_names[i]) == 0)
            json_object_set_new(view, list_names[i], list_of(&today, (List)i, *show != '\0'));
    reply_page(request, 200, "today", view);
}
