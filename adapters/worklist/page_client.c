/* One client: who they are, what can be done, what stands, and what happened in this conversation, newest first. */
#include "adapters/station/words.h"
#include "adapters/worklist/answerable.h"
#include "adapters/worklist/care.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/said.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/medication.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"
#include "adapters/worklist/timeline.h"

#include <glib/gi18n.h>
#include <string.h>

enum { ENTRIES_SHOWN = 8 }; /* older ones are folded away */

/* ---- The banner ---- */

/* By the broker's record, unless evidence that came here is newer; and whether the broker is still to say so of this conversation. */
static json_t *answerable_now(const Worklist *w, const Case *it, const GPtrArray *cases)
{
    (void)answerables_rows(w->answerables, it);
    bool checking = answerables_checking(w->answerables, it);
    const json_t *now = answerables_newest(w->answerables, cases);
    json_auto_t *evidence = care_answerable(w, cases);
    if (now == NULL || facts_time(evidence, "at") > facts_time(now, "at")) {
        json_object_set_new(evidence, "checking", json_boolean(checking || now != NULL));
        return json_incref(evidence);
    }
    const char *residual = case_text(now, "residual"), *prescriber = case_text(now, "prescriber");
    g_autofree char *since = say_time_text(case_text(now, "at")), *worker = client_worker_said(w, cases, case_text(now, "coordinator"), case_text(now, "worker"));
    return json_pack("{s:b, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b}", "checking", checking, "coordinator", worklist_service_name(w, case_text(now, "coordinator")), "worker", worker, "since", since,
                     "residual", *residual != '\0' ? worklist_service_name(w, residual) : "", "prescriber", *prescriber != '\0' ? worklist_service_name(w, prescriber) : "", "on_record", true, "in_custody",
                     json_is_true(json_object_get(now, "in_custody")), "on_order", json_is_true(json_object_get(now, "on_order")), "died", json_is_true(json_object_get(now, "died")));
}

static json_t *staff_risk_of(const Worklist *w, Case *it)
{
    json_auto_t *risk = client_known(w, it, "parts.minimum.staff_risk");
    return json_pack("{s:b, s:b, s:b, s:s}", "two_workers", strcmp(case_text(risk, "two_workers"), "yes") == 0, "weapon", strcmp(case_text(risk, "weapon"), "yes") == 0, "dog",
                     strcmp(case_text(risk, "dog"), "yes") == 0, "note", case_text(risk, "note"));
}

/* What must be in sight before anybody rings, writes or meets. alerts: taken. */
static json_t *safety_of(const Worklist *w, Case *it, json_t *alerts)
{
    json_auto_t *contacts = client_known(w, it, "parts.minimum.contacts");
    g_autofree char *numbers = it->facts.match_at != 0 ? client_match_numbers(w, it) : g_strdup("");
    return json_pack("{s:o, s:o, s:o, s:b, s:s}", "contacts", care_contacts(contacts), "alerts", alerts, "staff_risk", staff_risk_of(w, it), "doubted", (it->facts.match_at != 0), "numbers", numbers);
}

json_t *page_safety(const Worklist *w, Case *it)
{
    g_autoptr(GPtrArray) cases = client_cases(w, it);
    return safety_of(w, it, timeline_alerts(w, cases));
}

/* That a manager has given it to another worker here. */
static void add_moved(const Worklist *w, const Case *it, json_t *view)
{
    int64_t time;
    g_autofree char *by = caseload_moved(w->caseload, it->conversation, &time), *at = say_time(time);
    if (by == NULL)
        return;
    g_autofree char *to = worklist_worker_said(w, it->worker), *who = worklist_worker_said(w, by);
    json_object_set_new(view, "moved", json_pack("{s:s, s:s, s:s}", "to", to, "by", who, "at", at));
}

/* When they come out: by this conversation, else by another of which that is still to come. */
static const char *release_day_of(const GPtrArray *cases)
{
    for (guint i = 0; i < cases->len; i++) {
        const Case *it = cases->pdata[i];
        if (*it->release_day != '\0' && (i == 0 || it->place[CASES_OUT] != NULL))
            return it->release_day;
    }
    return "";
}

static json_t *banner_of(const Worklist *w, Case *it, const GPtrArray *cases)
{
    json_auto_t *person = client_known(w, it, "parts.minimum.person"), *safety = safety_of(w, it, timeline_alerts(w, cases));
    g_autofree char *born = say_short_day(it->born != NULL ? it->born : ""), *spoken = say_sentence(words_in("language", case_text(person, "language")));
    g_autofree char *state = say_sentence(medication_state(w, it)), *out = say_day(release_day_of(cases));
    json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:O?, s:o}", "name", it->name != NULL ? it->name : "", "born", born, "language", spoken, "nhs_number", case_text(person, "nhs_number"),
                             "state", state, "out", out, "prison_numbers", json_object_get(person, "prison_numbers"), "answerable", answerable_now(w, it, cases));
    json_object_update(view, safety);
    add_moved(w, it, view);
    return view;
}

/* ---- What else is known ---- */

static json_t *others_of(const Worklist *w, const GPtrArray *cases)
{
    json_t *list = json_array();
    for (guint i = 1; i < cases->len; i++) {
        Case *it = cases->pdata[i];
        const char *other = it->facts.other;
        g_autofree char *kind = say_sentence(words_of(it->kind)), *state = say_sentence(medication_state(w, it)), *at = say_time_text(case_text(it->request, "created_at"));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", it->conversation, "kind", kind, "state", state, "other", *other != '\0' ? worklist_service_name(w, other) : "", "at", at));
    }
    return list;
}

/* The newest of the timeline, and what is folded away below it. */
static void add_timeline(json_t *view, const json_t *entries)
{
    json_t *newest = json_array(), *older = json_array(), *entry;
    size_t i;
    json_array_foreach (entries, i, entry)
        json_array_append(i < ENTRIES_SHOWN ? newest : older, entry);
    json_object_set_new(view, "timeline", newest);
    json_object_set_new(view, "older", json_pack("{s:i, s:o}", "count", (int)json_array_size(older), "entries", older));
    if (json_array_size(older) == 0)
        json_object_del(view, "older");
}

static json_t *view_of(const Worklist *w, Case *it)
{
    g_autoptr(GPtrArray) cases = client_cases(w, it);
    g_autofree char *due = say_time(it->due), *title = g_strdup(it->name != NULL ? it->name : _("A client"));
    const char *prescriber = medication_prescriber(cases);
    json_t *view = json_pack("{s:s, s:s, s:o, s:o, s:s, s:b, s:b}", "title", title, "id", it->conversation, "banner", banner_of(w, it, cases), "doing", form_groups(w, it), "due", due,
                             "waits", it->waiting != NULL, "late", it->due != 0 && it->due < tc_client_now(w->client));
    json_object_set_new(view, "tasks", care_tasks(w, cases));
    json_object_set_new(view, "appointments", care_appointments(w, cases));
    json_object_set_new(view, "medication", medication_list(w, cases));
    json_object_set_new(view, "prescribing", medication_statements(w, cases));
    json_object_set_new(view, "prescribes_here", json_boolean(strcmp(prescriber, w->service) == 0));
    json_object_set_new(view, "prescribes", json_string(*prescriber != '\0' && strcmp(prescriber, w->service) != 0 ? worklist_service_name(w, prescriber) : ""));
    json_object_set_new(view, "consent", care_consent(w, cases));
    json_object_set_new(view, "attempts", care_attempts(w, cases));
    json_object_set_new(view, "others", others_of(w, cases));
    json_object_set_new(view, "perhaps", client_perhaps(w, it));
    json_auto_t *entries = timeline_of(w, it);
    add_timeline(view, entries);
    return view;
}

/* ---- The pages ---- */

/* Whoever sees it here has opened it: the sender learns that, once. The case is then another. */
static void mark_opened(Request *request, const Case *it)
{
    Worklist *w = request->worklist;
    AccountRole role = request->session->account->role;
    size_t i;
    json_t *row;
    TcError error;
    bool any = false;
    if (role != ROLE_WORKER && role != ROLE_MANAGER)
        return;
    json_array_foreach (it->rows, i, row)
        if (strcmp(case_text(row, "row"), "message") == 0 && json_is_false(json_object_get(row, "opened")))
            any = tc_client_opened(w->client, case_text(row, "id"), request->session->account->worker, &error) || any;
    if (!any)
        return;
    request->marked = g_strdup(it->conversation);
    caseload_refresh(w->caseload, request->marked);
}

Case *page_case(Request *request, const char *conversation)
{
    Case *it = caseload_find(request->worklist->caseload, conversation);
    if (it == NULL)
        reply_problem(request, 404, _("This client is not known here"), _("Only what was sent to or from this service is here. Go back to Today."));
    else
        case_open(request->worklist->caseload, it);
    return it;
}

void page_client(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    Case *it = page_case(request, rest);
    if (it == NULL || !view_record(request, it, "client"))
        return;
    json_t *view = view_of(w, it);
    page_guard(request, json_object_get(view, "perhaps"));
    mark_opened(request, it);
    reply_page(request, 200, "client", view);
}

/* One page to print for whoever takes over: what they need, and nothing that they do not. */
void page_handover(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    Case *it = page_case(request, rest);
    if (it == NULL || !view_record(request, it, "handover"))
        return;
    json_t *view = view_of(w, it);
    json_auto_t *risk = client_known(w, it, "parts.risk"), *assessment = client_known(w, it, "parts.clinical.assessment"),
                *plan = client_known(w, it, "parts.clinical.care_plan");
    json_auto_t *message = json_pack("{s:{s:O?, s:{s:O?}}}", "parts", "risk", risk, "clinical", "assessment", assessment);
    g_autofree char *printed = say_time(tc_client_now(w->client));
    json_object_set_new(view, "title", json_string(_("Handover sheet")));
    json_object_set_new(view, "printed", json_string(printed));
    json_object_set_new(view, "risk", said_part(w, message, "risk"));
    json_object_set_new(view, "assessment", said_part(w, message, "clinical"));
    json_object_set_new(view, "plan", json_string(json_is_string(plan) ? json_string_value(plan) : ""));
    reply_page(request, 200, "handover", view);
}
