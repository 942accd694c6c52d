/* Who has how many open cases, whose are nobody's, and giving some of them to another worker. */
#include "adapters/worklist/assign.h"
#include "adapters/worklist/card.h"
#include "adapters/worklist/listing.h"
#include "adapters/worklist/manage.h"
#include "adapters/worklist/medication.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"
#include "adapters/station/words.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 50, AT_ONCE = 50 };

typedef struct Load { guint open, waiting, late; } Load;

static bool is_late(const Case *it, const Moment *moment)
{
    for (int i = 0; i < CASES_NEWS; i++)
        if (it->place[i] != NULL && filter_late_since(it, (CaseList)i, moment) != 0)
            return true;
    return false;
}

/* worker -> Load; nobody's under "". */
static GHashTable *loads_of(const Worklist *w, const Moment *moment)
{
    GHashTable *loads = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    GSequence *open = caseload_list(w->caseload, CASES_OPEN);
    for (GSequenceIter *at = g_sequence_get_begin_iter(open); !g_sequence_iter_is_end(at); at = g_sequence_iter_next(at)) {
        const Case *it = g_sequence_get(at);
        Load *load = g_hash_table_lookup(loads, it->worker);
        if (load == NULL)
            g_hash_table_insert(loads, (gpointer)it->worker, load = g_new0(Load, 1));
        load->open++;
        load->waiting += it->waiting != NULL;
        load->late += is_late(it, moment);
    }
    return loads;
}

static json_t *load_row(const Worklist *w, const char *worker, const Load *load, const char *day)
{
    static const Load none;
    const char *until = *worker != '\0' ? cover_away_until(w->cover, worker, day) : NULL, *duty = cover_duty(w->cover, worker);
    g_autofree char *away = until != NULL ? say_short_day(until) : g_strdup("");
    load = load != NULL ? load : &none;
    return json_pack("{s:s, s:s, s:i, s:i, s:i, s:s, s:s, s:b, s:b}", "worker", *worker != '\0' ? worker : FILTER_NOBODY, "person", *worker != '\0' ? worklist_worker_name(w, worker) : _("Nobody's"),
                     "open", (int)load->open, "waiting", (int)load->waiting, "late", (int)load->late, "away", away, "cover",
                     until != NULL ? worklist_worker_name(w, cover_of(w->cover, worker, day)) : *duty != '\0' ? worklist_worker_name(w, duty) : "", "none", load->open == 0, "nobodys", *worker == '\0');
}

/* Everybody who could have cases, then those who have some and no account, and nobody's first of all. */
static json_t *load_rows(const Worklist *w, const Moment *moment, const char *day)
{
    g_autoptr(GHashTable) loads = loads_of(w, moment);
    json_auto_t *workers = manage_workers(w, "", NULL);
    json_t *rows = json_array(), *each;
    size_t i;
    GHashTableIter iter;
    gpointer worker, load;
    json_array_append_new(rows, load_row(w, "", g_hash_table_lookup(loads, ""), day));
    g_hash_table_remove(loads, "");
    json_array_foreach (workers, i, each) {
        const char *reference = case_text(each, "value");
        json_array_append_new(rows, load_row(w, reference, g_hash_table_lookup(loads, reference), day));
        g_hash_table_remove(loads, reference);
    }
    g_hash_table_iter_init(&iter, loads);
    while (g_hash_table_iter_next(&iter, &worker, &load))
        json_array_append_new(rows, load_row(w, worker, load, day));
    return rows;
}

static json_t *case_row(Worklist *w, Case *it, const Moment *moment)
{
    case_open(w->caseload, it);
    g_autofree char *kind = say_sentence(words_of(it->kind)), *state = say_sentence(medication_state(w, it)), *born = say_short_day(it->born != NULL ? it->born : "");
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "id", it->conversation, "name", it->name != NULL ? it->name : "", "born", born, "kind", kind, "state", state, "other",
                     *it->facts.other != '\0' ? worklist_service_name(w, it->facts.other) : "", "late", is_late(it, moment));
}

/* What was just moved, as the address has it: ?done=moved&count=2&to=w-021; done=told: others were told too. NULL: nothing. Free with g_free. */
static char *moved_words(const Request *request)
{
    const char *done = request_value(request->query, "done");
    const Account *to = account_of_worker(request->worklist->accounts, request_value(request->query, "to"));
    gulong count = strtoul(request_value(request->query, "count"), NULL, 10);
    bool told = strcmp(done, "told") == 0;
    if ((!told && strcmp(done, "moved") != 0) || to == NULL || count == 0 || count > AT_ONCE)
        return NULL;
    g_autofree char *moved = g_strdup_printf(ngettext("%d case was moved to %s.", "%d cases were moved to %s.", count), (int)count, to->person);
    return told ? g_strdup_printf("%s %s", moved, _("Whoever expects somebody else is told who comes now.")) : g_steal_pointer(&moved);
}

static void show(Request *request, json_t *errors)
{
    Worklist *w = request->worklist;
    Moment moment = moment_of(tc_client_now(w->client));
    Filter asked = filter_read(request->query), filter = { .show = "", .kind = "", .urgency = "", .with = "", .worker = asked.worker, .page = asked.page,
                                                              .sort = asked.sort == SORT_NAME ? SORT_NAME : SORT_SOONEST };
    g_autofree char *day = say_date_of(moment.now, 0), *moved = moved_words(request);
    json_t *view = manage_view(request, _("Caseloads"), moved);
    if (*asked.worker == '\0') {
        json_object_set_new(view, "loads", load_rows(w, &moment, day));
    } else {
        g_auto(Listing) listing = listing_find(w->caseload, CASES_OPEN, &filter, &moment, ROWS);
        json_t *rows = json_array();
        bool nobody = strcmp(asked.worker, FILTER_NOBODY) == 0;
        for (guint i = 0; i < listing.cases->len; i++)
            json_array_append_new(rows, case_row(w, listing.cases->pdata[i], &moment));
        json_object_set_new(view, "one", json_pack("{s:s, s:s, s:o, s:i, s:i, s:b, s:b, s:o}", "worker", asked.worker, "person", nobody ? _("Nobody's") : worklist_worker_name(w, asked.worker), "cases", rows,
            "count", (int)listing.count, "shown", (int)listing.cases->len, "all", listing.count == listing.cases->len, "by_name", filter.sort == SORT_NAME, "to", manage_select("to", _("Move the chosen cases to"), NULL, manage_workers(w, request_value(request->form, "to"), asked.worker), errors)));
    }
    manage_errors(view, errors);
    reply_page(request, json_array_size(errors) > 0 ? 422 : 200, "caseloads", view);
}

/* The names of the boxes are "case." and the conversation. */
static guint give(Request *request, const Account *to, bool *told, json_t *errors)
{
    GHashTableIter iter;
    gpointer name;
    guint count = 0;
    TcError error;
    g_hash_table_iter_init(&iter, request->form);
    while (g_hash_table_iter_next(&iter, &name, NULL) && count < AT_ONCE) {
        bool one = false;
        if (!g_str_has_prefix(name, "case."))
            continue;
        if (!assign_case(request->worklist, request->session->account, (const char *)name + strlen("case."), to, &one, &error))
            manage_failed(request, errors, "to", &error);
        count++;
        *told = *told || one;
    }
    return count;
}

void page_caseloads(Request *request, const char *rest)
{
    json_t *errors = json_array();
    bool told = false;
    guint count = 0;
    (void)rest;
    if (!request->post) {
        show(request, errors);
        return;
    }
    const Account *to = account_of_worker(request->worklist->accounts, request_value(request->form, "to"));
    if (to == NULL || (to->role != ROLE_WORKER && to->role != ROLE_MANAGER))
        manage_error(errors, "to", _("Choose who gets them"));
    else if ((count = give(request, to, &told, errors)) == 0)
        manage_error(errors, "case", _("Choose at least one case"));
    if (json_array_size(errors) > 0) {
        show(request, errors);
        return;
    }
    json_decref(errors);
    g_autofree char *address = g_strdup_printf("/manage/caseloads?count=%u&to=%s", count, to->worker);
    manage_done(request, address, told ? "told" : "moved");
}
