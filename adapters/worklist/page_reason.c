/* Break-glass on the pages: asks why before a client is shown, records what was said, and lists it for managers and information governance. */
#include "adapters/worklist/client.h"
#include "adapters/worklist/late.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/reason.h"
#include "adapters/worklist/record.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

enum { WORDS_MIN = 10, SHOWN = 200 };

static const struct { const char *code, *words; } whys[] = {
    { "care", N_("I work with this client, or stand in for somebody who does") }, { "safety", N_("Somebody's life or safety is at risk") },
    { "asked", N_("The client, or somebody with a right to know, has asked") }, { "complaint", N_("A complaint, an incident or an audit") },
};

static const char *words_of_why(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(whys); i++)
        if (strcmp(whys[i].code, code) == 0)
            return _(whys[i].words);
    return NULL;
}

/* The client that an address is about: a part of the path is a conversation, or a message of one; NULL: about none. */
static Case *case_of(const Worklist *w, const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", 8);
    for (size_t i = 0; parts[i] != NULL; i++) {
        TcError error;
        Case *it = strlen(parts[i]) == 36 ? caseload_find(w->caseload, parts[i]) : NULL;
        json_auto_t *message = it == NULL && strlen(parts[i]) == 36 ? tc_client_message(w->client, parts[i], &error) : NULL;
        if (message != NULL)
            it = caseload_find(w->caseload, case_text(message, "conversation"));
        if (it != NULL)
            return it;
    }
    return NULL;
}

/* A reason holds for every conversation about the client. The team's work with a client goes on while any of them does; and what one of them says of consent holds for all. */
static ReasonNeed need_by_others(const Request *request, Case *it, ReasonNeed need)
{
    if (need != REASON_OVER && request->session->looks == NULL) /* nothing of the others can change it, and a page asks of many */
        return need;
    g_autoptr(GPtrArray) cases = client_cases(request->worklist, it);
    int64_t now = tc_client_now(request->worklist->client);
    ReasonNeed all = need;
    for (guint i = 0; i < cases->len; i++) {
        Case *other = cases->pdata[i];
        ReasonNeed its = reason_need(request->session->account, other, now);
        if (session_may_look(request->session, other->conversation))
            return REASON_NONE;
        if (need == REASON_OVER && all != REASON_CONSENT)
            all = its == REASON_OVER ? all : its;
    }
    return all;
}

static ReasonNeed need_of(const Request *request, Case *it)
{
    const Session *session = request->session;
    if (it == NULL || session_may_look(session, it->conversation))
        return REASON_NONE;
    ReasonNeed need = reason_need(session->account, it, tc_client_now(request->worklist->client));
    return need != REASON_NONE ? need_by_others(request, it, need) : need;
}

bool reason_needed(const Request *request, Case *it) { return need_of(request, it) != REASON_NONE; }

void page_guard(const Request *request, json_t *perhaps)
{
    size_t i;
    json_t *row;
    json_array_foreach (perhaps, i, row)
        if (reason_needed(request, caseload_find(request->worklist->caseload, case_text(row, "id"))))
            json_object_set_new(row, "what", json_string(""));
}

/* Who the client is stands on the page: a worker must not say why of somebody else. */
static void ask(Request *request, int status, const char *path, Case *it, ReasonNeed need, const char *field, const char *problem)
{
    json_t *list = json_array();
    case_open(request->worklist->caseload, it);
    for (size_t i = 0; i < G_N_ELEMENTS(whys); i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "code", whys[i].code, "words", _(whys[i].words), "chosen", strcmp(request_value(request->form, "why"), whys[i].code) == 0));
    json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:b, s:{s:b}}", "title", _("Say why you look"), "name", it->name != NULL ? it->name : "", "path", path, "need", _(reason_words(need)),
                             "whys", list, "words", request_value(request->form, "words"), "summary", *problem != '\0', "typing", "draft", false);
    if (*problem != '\0') {
        g_autofree char *error = g_strconcat(field, "_error", NULL);
        json_object_set_new(view, "problem", json_pack("{s:s, s:s}", "field", field, "text", problem));
        json_object_set_new(view, error, json_string(problem));
    }
    reply_page(request, status, "reason", view);
}

bool reason_asked(Request *request)
{
    Case *it = case_of(request->worklist, request->path);
    ReasonNeed need = need_of(request, it);
    if (need == REASON_NONE)
        return false;
    if (request->post) /* until now none was needed: what was typed stands there once the reason is given */
        g_free(late_keep(request, request->session->account));
    g_autofree char *late = late_reason(request->path);
    late_find(request, late);
    ask(request, 403, request->path, it, need, "", "");
    return true;
}

static bool take(Request *request, const Case *it, ReasonNeed need)
{
    Worklist *w = request->worklist;
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s}", "account", request->session->account->name, "conversation", it->conversation, "need", reason_code(need), "why",
                              request_value(request->form, "why"), "words", request_value(request->form, "words"));
    if (!record_add(w->client, RECORD_REASONS, entry))
        return false;
    session_let_look(request->session, it->conversation);
    return true;
}

const char *reason_path(const Request *request)
{
    const char *path = request_value(request->form, "path");
    return request->post && path[0] == '/' && path[1] != '/' && strchr(path, '\\') == NULL && case_of(request->worklist, path) != NULL ? path : NULL;
}

void page_reason(Request *request, const char *rest)
{
    const char *path = reason_path(request), *words = request_value(request->form, "words");
    Case *it = path != NULL ? case_of(request->worklist, path) : NULL;
    ReasonNeed need = need_of(request, it);
    (void)rest;
    if (it == NULL)
        reply_problem(request, 404, _("This client is not known here"), _("Only what was sent to or from this service is here. Go back to Today."));
    else if (need == REASON_NONE)
        reply_redirect(request, path, NULL);
    else if (words_of_why(request_value(request->form, "why")) == NULL)
        ask(request, 422, path, it, need, "why", _("Choose one"));
    else if (g_utf8_strlen(words, -1) < WORDS_MIN)
        ask(request, 422, path, it, need, "words", _("Say in a few words why: a manager reads it"));
    else if (!take(request, it, need))
        ask(request, 507, path, it, need, "words", _("Your reason could not be kept, so nothing is shown. Is the disk full?"));
    else
        reply_redirect(request, path, NULL);
}

/* ---- For managers and information governance ---- */

/* Whoever judges a reason sees whom it was about, unless they would be asked for one themselves. */
static const char *looked_at(const Request *request, const char *conversation)
{
    Case *it = caseload_find(request->worklist->caseload, conversation);
    if (it == NULL || reason_needed(request, it))
        return conversation;
    case_open(request->worklist->caseload, it);
    return it->name != NULL ? it->name : conversation;
}

static json_t *entry_view(const Request *request, const json_t *entry)
{
    const Worklist *w = request->worklist;
    const Account *account = account_find(w->accounts, case_text(entry, "account"));
    const char *why = words_of_why(case_text(entry, "why"));
    g_autofree char *at = say_time(json_integer_value(json_object_get(entry, "at")));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "person", account != NULL ? account->person : case_text(entry, "account"), "at", at, "conversation", case_text(entry, "conversation"), "client",
                     looked_at(request, case_text(entry, "conversation")), "why", why != NULL ? why : "", "words", case_text(entry, "words"));
}

void page_reasons(Request *request, const char *rest)
{
    json_auto_t *entries = record_list(request->worklist->client, RECORD_REASONS, SHOWN);
    json_t *list = json_array(), *entry;
    size_t i;
    (void)rest;
    json_array_foreach (entries, i, entry)
        json_array_append_new(list, entry_view(request, entry));
    reply_page(request, 200, "reasons", json_pack("{s:s, s:o}", "title", _("Looked at for a reason"), "reasons", list));
}
