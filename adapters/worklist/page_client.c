/* One client's conversation: banner, what can be done, what is known, and what happened, newest first. */
#include "adapters/station/words.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

/* ---- What a message says, in rows ---- */

static const char *const hidden[] = { "id", "kind", "sender", "recipient", "conversation", "in_reply_to", "supersedes", "about", "created_at", "row", "direction", "at", "sealed", "sequence",
    "opened", "opened_at", "opened_by", "state", "waiting", "versions", "due_at", "answer_by", "signature", "closed", "alerts", "delivery_state", "changes", "parts", "worker", "error", "related", "number" };

static bool is_hidden(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++)
        if (strcmp(hidden[i], key) == 0)
            return true;
    return false;
}

static void add_fact(json_t *facts, const char *label, const char *value)
{
    g_autofree char *said = say_sentence(words_of(label));
    json_array_append_new(facts, json_pack("{s:s, s:s}", "label", said, "value", value));
}

static void add_text(json_t *facts, const char *label, const char *text)
{
    g_autofree char *day = say_short_day(text), *time = say_time_text(text);
    bool code = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(text) && strspn(text, "0123456789") != strlen(text);
    add_fact(facts, label, *day != '\0' ? day : *time != '\0' ? time : code ? words_in(label, text) : text);
}

static void add_value(json_t *facts, const char *label, const json_t *value, int depth)
{
    size_t i;
    const char *key;
    json_t *each;
    if (json_is_string(value))
        add_text(facts, label, json_string_value(value));
    else if (json_is_boolean(value))
        add_fact(facts, label, json_is_true(value) ? _("yes") : _("no"));
    else if (json_is_integer(value)) {
        g_autofree char *text = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
        add_fact(facts, label, text);
    } else if (json_is_array(value) && depth < 6)
        json_array_foreach (value, i, each)
            add_value(facts, label, each, depth + 1);
    else if (depth < 6)
        json_object_foreach ((json_t *)value, key, each)
            add_value(facts, key, each, depth + 1);
}

static json_t *facts_of(const json_t *message)
{
    json_t *facts = json_array(), *each;
    const char *key;
    json_object_foreach ((json_t *)message, key, each)
        if (!is_hidden(key))
            add_value(facts, key, each, 0);
    json_object_foreach (json_object_get(message, "parts"), key, each)
        add_value(facts, key, each, 0);
    return facts;
}

/* ---- The timeline ---- */

static json_t *changes_of(const json_t *row)
{
    json_t *list = json_array(), *change;
    size_t i;
    json_array_foreach (json_object_get(row, "changes"), i, change) {
        g_autofree char *what = g_path_get_basename(case_text(change, "field")), *last = g_strdup(strrchr(case_text(change, "field"), '.') != NULL ? strrchr(case_text(change, "field"), '.') + 1 : what);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "field", words_of(last), "from", words_of(case_text(change, "from")), "to", words_of(case_text(change, "to"))));
    }
    return list;
}

static json_t *message_entry(Worklist *w, const json_t *row, const char *at)
{
    TcError error;
    json_auto_t *message = tc_client_message(w->client, case_text(row, "id"), &error);
    const json_t *closed = json_object_get(message, "closed");
    const char *kind = case_text(row, "kind");
    g_autofree char *what = say_sentence(words_of(kind));
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:b, s:s, s:b, s:s}", "at", at, "what", what, "by", worklist_service_name(w, case_text(row, "sender")), "worker",
                     case_text(row, "worker"), "facts", facts_of(message != NULL ? message : row), "changes", changes_of(message != NULL ? message : row), "closed",
                     json_object_size(closed) > 0, "id", case_text(row, "id"), "dose", strcmp(kind, "dose_answer") == 0, "delivery",
                     words_of(case_text(row, "delivery_state")));
}

static json_t *other_entry(const Worklist *w, const json_t *row, const char *at)
{
    const char *kind = case_text(row, "row"), *what = strcmp(kind, "evidence") == 0 ? words_of(case_text(row, "step")) : strcmp(kind, "notice") == 0
        ? words_of_clock(case_text(row, "policy")) : strcmp(kind, "refused") == 0 ? case_text(row, "error.text") : words_of(kind);
    if (strcmp(kind, "accepted") == 0)
        what = _("safe at the broker");
    g_autofree char *said = say_sentence(what);
    return json_pack("{s:s, s:s, s:s, s:s}", "at", at, "what", said, "by", worklist_service_name(w, case_text(row, "by")), "worker", case_text(row, "worker"));
}

static json_t *timeline(Worklist *w, const Case *it)
{
    json_t *list = json_array();
    for (size_t i = json_array_size(it->rows); i-- > 0;) {
        const json_t *row = json_array_get(it->rows, i);
        g_autofree char *at = say_time_text(case_text(row, "at"));
        json_array_append_new(list, strcmp(case_text(row, "row"), "message") == 0 ? message_entry(w, row, at) : other_entry(w, row, at));
    }
    return list;
}

/* ---- The banner ---- */

static const char *coordinator_of(const Case *it)
{
    size_t i;
    json_t *row;
    const char *by = "";
    json_array_foreach (it->rows, i, row)
        if (strcmp(case_text(row, "step"), "answerable") == 0)
            by = case_text(row, "by");
    return by;
}

static json_t *contacts_of(const json_t *message)
{
    json_t *list = json_array(), *each;
    size_t i;
    json_array_foreach (json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "contacts"), i, each) {
        json_t *facts = json_array();
        add_value(facts, "contact", each, 0);
        json_array_append_new(list, json_pack("{s:o}", "facts", facts));
    }
    return list;
}

/* What a reader must not miss, in the reader's language; the facts are the SDK's. */
static json_t *alerts_of(const json_t *message)
{
    json_t *list = json_array(), *alert;
    size_t i;
    json_array_foreach (json_object_get(message, "alerts"), i, alert)
        json_array_append_new(list, json_pack("{s:s, s:O}", "text", gettext(case_text(alert, "text")), "facts", json_object_get(alert, "facts")));
    return list;
}

static json_t *banner(Worklist *w, Case *it, const json_t *message)
{
    const json_t *person = json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "person");
    g_autofree char *born = say_short_day(it->born != NULL ? it->born : "");
    const char *coordinator = coordinator_of(it), *language = case_text(person, "language");
    g_autofree char *spoken = say_sentence(words_of(language)), *state = say_sentence(words_of(it->state));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "name", it->name != NULL ? it->name : "", "born", born, "language", spoken,
                     "nhs_number", case_text(person, "nhs_number"), "coordinator", *coordinator != '\0' ? worklist_service_name(w, coordinator) : "", "state",
                     state, "alerts", alerts_of(message), "contacts", contacts_of(message));
}

/* Whoever sees it here has opened it: the sender learns that, once. */
static bool mark_opened(Request *request, const Case *it)
{
    Worklist *w = request->worklist;
    AccountRole role = request->session->account->role;
    size_t i;
    json_t *row;
    TcError error;
    bool any = false;
    if (role != ROLE_WORKER && role != ROLE_MANAGER)
        return false;
    json_array_foreach (it->rows, i, row)
        if (strcmp(case_text(row, "row"), "message") == 0 && json_is_false(json_object_get(row, "opened")))
            any = tc_client_opened(w->client, case_text(row, "id"), request->session->account->worker, &error) || any;
    return any;
}

void page_client(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    Case *it = caseload_find(w->caseload, rest);
    TcError error;
    if (it == NULL) {
        reply_problem(request, 404, _("This client is not known here"), _("Only what was sent to or from this service is here. Go back to Today."));
        return;
    }
    case_open(w->caseload, it);
    json_auto_t *message = tc_client_message(w->client, case_text(it->request, "id"), &error);
    g_autofree char *due = say_time(it->due), *out = say_day(it->release_day), *title = g_strdup(it->name != NULL ? it->name : _("A client"));
    json_t *view = json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:b, s:b}", "title", title, "id", it->conversation, "banner", banner(w, it, message), "timeline", timeline(w, it), "doing",
                             form_list(w, it), "due", due, "out", out, "waits", it->waiting != NULL, "late", it->due != 0 && it->due < tc_client_now(w->client));
    view_record(w, request->session->account, it->conversation, "client");
    reply_page(request, 200, "client", view);
    if (mark_opened(request, it))
        caseload_refresh(w->caseload, rest);
}
