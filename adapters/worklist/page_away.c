/* Leave and cover: who stands in for each worker as a rule, who is away from when to when, and that whoever expects them on those days is told who comes. */
#include "adapters/worklist/assign.h"
#include "adapters/worklist/listing.h"
#include "adapters/worklist/manage.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct Leave { const char *worker, *from, *to; GPtrArray *found; } Leave;

static json_t *absences(const Worklist *w, const char *day)
{
    json_auto_t *kept = cover_list(w->cover, day);
    json_t *rows = json_array(), *row;
    size_t i;
    json_array_foreach (kept, i, row) {
        const char *worker = case_text(row, "worker"), *first = case_text(row, "from");
        g_autofree char *from = say_short_day(first), *to = say_short_day(case_text(row, "to"));
        json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "worker", worker, "first", first, "person", worklist_worker_name(w, worker), "from", from, "to", to, "cover",
                                              worklist_worker_name(w, case_text(row, "cover"))));
    }
    return rows;
}

static json_t *duties(const Worklist *w)
{
    json_auto_t *workers = manage_workers(w, "", NULL);
    json_t *rows = json_array(), *each;
    size_t i;
    json_array_foreach (workers, i, each) {
        const char *worker = case_text(each, "value"), *by = cover_duty(w->cover, worker);
        json_array_append_new(rows, json_pack("{s:s, s:s}", "person", case_text(each, "label"), "cover", *by != '\0' ? worklist_worker_name(w, by) : ""));
    }
    return rows;
}

static json_t *away_fields(const Request *request, const json_t *errors)
{
    const Worklist *w = request->worklist;
    const char *covers = request_value(request->form, "cover");
    g_autofree char *example = say_example(_("For example, {tomorrow}"), tc_client_now(w->client));
    json_t *options = manage_workers(w, covers, NULL);
    return json_pack("[o, o, o, o]", manage_select("worker", _("Who is away?"), NULL, manage_workers(w, request_value(request->form, "worker"), NULL), errors),
                     manage_day("from", _("First day"), example, request->typed ? request->form : NULL, errors),
                     manage_day("to", _("Last day"), NULL, request->typed ? request->form : NULL, errors),
                     manage_select("cover", _("Who stands in?"), _("Leave it open for the duty cover."), options, errors));
}

static json_t *duty_fields(const Request *request, const json_t *errors)
{
    const Worklist *w = request->worklist;
    return json_pack("[o, o]", manage_select("duty_worker", _("Whose duty cover?"), NULL, manage_workers(w, request_value(request->form, "duty_worker"), NULL), errors),
                     manage_select("duty_cover", _("Who covers them?"), _("Leave it open for nobody."), manage_workers(w, request_value(request->form, "duty_cover"), NULL), errors));
}

static void show(Request *request, json_t *errors)
{
    static const struct { const char *word, *words; } dones[] = { { "away", N_("They are away on those days, and their work is their cover's meanwhile.") },
        { "told", N_("They are away on those days. Whoever expects them is told who comes instead.") }, { "back", N_("They are here on those days.") }, { "duty", N_("The duty cover is set.") } };
    const char *done = request_value(request->query, "done"), *words = NULL;
    g_autofree char *day = say_date_of(tc_client_now(request->worklist->client), 0);
    for (size_t i = 0; i < G_N_ELEMENTS(dones); i++)
        if (strcmp(done, dones[i].word) == 0)
            words = _(dones[i].words);
    json_t *view = manage_view(request, _("Leave and cover"), words);
    json_object_set_new(view, "absences", absences(request->worklist, day));
    json_object_set_new(view, "duties", duties(request->worklist));
    json_object_set_new(view, "away_fields", away_fields(request, errors));
    json_object_set_new(view, "duty_fields", duty_fields(request, errors));
    manage_errors(view, errors);
    reply_page(request, json_array_size(errors) > 0 ? 422 : 200, "away", view);
}

/* ---- Somebody is away: whom they would have met is met by their cover ---- */

static void gather(void *ctx, const Case *it)
{
    Leave *leave = ctx;
    if (strcmp(it->worker, leave->worker) == 0 && strcmp(it->state, "named") == 0 && strcmp(it->release_day, leave->from) >= 0 && strcmp(it->release_day, leave->to) <= 0)
        g_ptr_array_add(leave->found, g_strdup(it->conversation));
}

static bool tell_prisons(Request *request, const char *worker, const char *from, const char *to, const char *by, json_t *errors)
{
    Worklist *w = request->worklist;
    const Account *cover = account_of_worker(w->accounts, by);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    Leave leave = { worker, from, to, found };
    bool any = false;
    TcError error;
    caseload_each(w->caseload, gather, &leave);
    for (guint i = 0; cover != NULL && i < found->len; i++) {
        bool told = false;
        if (!assign_case(w, request->session->account, found->pdata[i], cover, &told, &error))
            manage_failed(request, errors, "cover", &error);
        any = any || told;
    }
    return any;
}

static const char *take_away(Request *request, json_t *errors)
{
    Worklist *w = request->worklist;
    TcError error;
    const char *worker = request_value(request->form, "worker"), *by = request_value(request->form, "cover");
    g_autofree char *from = manage_typed_day(request->form, "from"), *to = manage_typed_day(request->form, "to"), *today = say_date_of(tc_client_now(w->client), 0);
    if (!cover_add(w->cover, worker, from != NULL ? from : "", to != NULL ? to : "", by, today, &error)) {
        manage_failed(request, errors, error.field, &error);
        return NULL;
    }
    return tell_prisons(request, worker, from, to, *by != '\0' ? by : cover_duty(w->cover, worker), errors) ? "told" : "away";
}

static const char *take_duty(Request *request, json_t *errors)
{
    TcError error;
    const char *worker = request_value(request->form, "duty_worker");
    if (*worker == '\0')
        manage_error(errors, "duty_worker", _("Choose whose"));
    else if (!cover_set_duty(request->worklist->cover, worker, request_value(request->form, "duty_cover"), &error))
        manage_failed(request, errors, "duty_cover", &error);
    return "duty";
}

static const char *take_back(Request *request, json_t *errors)
{
    TcError error;
    if (!cover_remove(request->worklist->cover, request_value(request->form, "worker"), request_value(request->form, "first"), &error))
        manage_failed(request, errors, "worker", &error);
    return "back";
}

void page_away(Request *request, const char *rest)
{
    json_t *errors = json_array();
    const char *act = request_value(request->form, "act"), *done = NULL;
    (void)rest;
    if (request->post)
        done = strcmp(act, "duty") == 0 ? take_duty(request, errors) : strcmp(act, "back") == 0 ? take_back(request, errors) : take_away(request, errors);
    if (!request->post || json_array_size(errors) > 0) {
        show(request, errors);
        return;
    }
    json_decref(errors);
    manage_done(request, "/manage/away", done);
}
