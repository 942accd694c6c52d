/* Saying something: the form, and a last look at the answers. Whatever is shown of what was typed has an address of its own, "?draft=ACT&step=check" or "…change", so that
 * Back and Reload find it; once it was sent, they find what became of it. */
#include "adapters/station/words.h"
#include "adapters/worklist/act.h"
#include "adapters/worklist/candidates.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/colleague.h"
#include "adapters/worklist/dose_warning.h"
#include "adapters/worklist/draft.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/form_time.h"
#include "adapters/worklist/language.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/said.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* drafted: when what is typed was kept by an earlier visit, else 0; view: what the address asks for of this visit's, NULL: the form as somebody comes to it */
typedef struct Saying { Request *request; FormSaying form; GHashTable *typed; int64_t drafted; const char *view; } Saying;

/* The answer that what is sent now replaces. */
static void add_stands(const Saying *s, json_t *view)
{
    const Worklist *w = s->request->worklist;
    const json_t *stands = form_stands(s->form.form, s->form.it);
    TcError error;
    json_auto_t *message = stands != NULL ? tc_client_message(w->client, case_text(stands, "id"), &error) : NULL;
    if (stands == NULL)
        return;
    g_autofree char *at = say_time_text(case_text(stands, "at"));
    json_object_set_new(view, "stands", json_pack("{s:s, s:b, s:o}", "at", at, "appointment", strcmp(case_text(stands, "kind"), "appointment") == 0, "facts", said_first(w, message != NULL ? message : stands)));
}

static json_t *common(const Saying *s)
{
    Case *it = s->form.it;
    const char *typed_key = request_value(s->typed, "key"), *typed_seen = request_value(s->typed, "seen");
    g_autofree char *key = act_known(typed_key) ? g_strdup(typed_key) : act_new();
    g_autofree char *seen = *typed_seen != '\0' ? g_strdup(typed_seen) : g_strdup_printf("%d", it != NULL ? case_messages(it) : 0);
    g_autofree char *action = draft_path(s->request->path, key);
    json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:s}", "title", form_title(s->form.form, it), "button", _(s->form.form->button), "action", action, "key", key, "seen", seen);
    json_object_set_new(view, "again", json_boolean(*request_value(s->typed, "again") != '\0'));
    if (it != NULL)
        case_open(s->request->worklist->caseload, it);
    add_stands(s, view);
    if (s->drafted != 0) {
        g_autofree char *at = say_time(s->drafted), *whose = drafts_whose(it, s->typed);
        json_object_set_new(view, "drafted", json_pack("{s:s, s:s, s:s}", "at", at, "name", whose, "afresh", it == NULL ? s->request->path : ""));
    } else if (it == NULL && !s->request->post && s->view == NULL)
        json_object_set_new(view, "left", drafts_view(s->request, s->request->path));
    if (it != NULL) {
        g_autofree char *born = say_short_day(it->born != NULL ? it->born : "");
        json_object_set_new(view, "client", json_pack("{s:s, s:s, s:s}", "id", it->conversation, "name", it->name != NULL ? it->name : _("A client"), "born", born));
    }
    return view;
}

static void show_form(const Saying *s, json_t *errors)
{
    json_t *view = common(s);
    if (s->form.it != NULL) {
        json_t *safety = page_safety(s->request->worklist, s->form.it);
        json_object_set_new(safety, "open", json_boolean(strcmp(s->form.form->kind, "attempt") == 0)); /* how they may be reached is what it is about */
        json_object_set_new(view, "safety", safety);
    }
    json_object_set_new(view, "sections", form_sections(&s->form, s->typed, errors));
    if (errors != NULL) {
        json_object_set_new(view, "errors", errors);
        json_object_set_new(view, "summary", json_true());
    }
    reply_page(s->request, errors != NULL ? 422 : 200, "form", view);
}

/* Who is known here already and may be the person who is named. */
static void add_known(const Saying *s, json_t *view, const json_t *person)
{
    const Worklist *w = s->request->worklist;
    json_t *known = client_known_as(w, person);
    page_guard(s->request, known);
    json_object_set_new(view, "perhaps", known);
    json_object_set_new(view, "known", json_boolean(json_array_size(known) > 0));
    json_object_set_new(view, "opening", json_boolean(caseload_is_opening(w->caseload)));
}

/* For a request for a service: who would be asked, and why, as far as it can be told here. warnings: what must be read first. */
static void show_check(const Saying *s, const json_t *messages, const json_t *warnings)
{
    const Worklist *w = s->request->worklist;
    const json_t *message = json_array_get(messages, 0);
    json_t *view = common(s);
    json_object_set_new(view, "checking", json_true());
    json_object_set_new(view, "answers", form_answers(&s->form, s->typed, message));
    json_object_set_new(view, "kept", form_kept(s->typed));
    json_object_set_new(view, "warned", json_boolean(json_array_size(warnings) > 0));
    json_object_set_new(view, "warnings", json_deep_copy(warnings));
    json_object_set_new(view, "unread", json_boolean(strcmp(request_value(s->typed, "step"), "send") == 0));
    if (json_object_get(message, "request") != NULL)
        json_object_set_new(view, "candidates", candidates_of(w->caseload, w->directory, message, w->service, tc_client_now(w->client)));
    if (s->form.it == NULL)
        add_known(s, view, json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "person"));
    reply_page(s->request, json_is_true(json_object_get(view, "unread")) ? 422 : 200, "check", view);
}

/* A newer message came while the form was filled in: the worker must look first. The form then counts as seen anew. */
static bool changed(const Saying *s)
{
    if (s->form.it == NULL || atoi(request_value(s->typed, "seen")) == case_messages(s->form.it))
        return false;
    g_hash_table_insert(s->typed, g_strdup("seen"), g_strdup_printf("%d", case_messages(s->form.it)));
    show_form(s, json_pack("[{s:s, s:s}]", "name", "form", "text", _("Somebody said something newer about this client meanwhile. Look at it before you send this.")));
    return true;
}

/* What is taken back was sent before, and has its reference already. */
static bool take_back(const Saying *s, const json_t *message, char id[ACT_ID], TcError *error)
{
    g_strlcpy(id, case_text(message, "in_reply_to"), ACT_ID);
    if (!tc_client_recall(s->request->worklist->client, id, s->form.account->worker, error))
        return false;
    act_took_back(s->request->worklist, s->form.account, request_value(s->typed, "key"), id);
    return true;
}

/* Each message of the page is one effect of this act, however often it is sent. id: of the first. */
static bool send_all(const Saying *s, const json_t *messages, char id[ACT_ID], TcError *error)
{
    size_t i;
    json_t *message;
    json_array_foreach (messages, i, message) {
        g_autofree char *key = act_key(s->form.account, request_value(s->typed, "key"), i, json_array_size(messages));
        if (!tc_client_send(s->request->worklist->client, message, key, i == 0 ? id : NULL, error))
            return false;
    }
    return true;
}

static void send_it(const Saying *s, const json_t *messages)
{
    char id[ACT_ID] = "";
    TcError error;
    bool taken = s->form.form->use == FORM_RECALLS ? take_back(s, json_array_get(messages, 0), id, &error) : send_all(s, messages, id, &error);
    if (!taken) {
        g_autofree char *problem = library_said(s->request->worklist, error.text);
        show_form(s, json_pack("[{s:s, s:s}]", "name", "form", "text", problem));
        return;
    }
    bool begins = s->form.it == NULL || s->form.form->use == FORM_ABOUT;
    caseload_refresh(s->request->worklist->caseload, begins ? id : s->form.it->conversation);
    g_autofree char *draft = draft_path(s->request->path, request_value(s->typed, "key"));
    draft_forget(s->request->worklist->client, s->form.account->name, draft, request_value(s->typed, "key"));
    g_autofree char *address = g_strdup_printf("/sent/%s", id);
    reply_redirect(s->request, address, NULL);
}

/* What is typed as it is (change), or a last look at it, or it goes. */
static void go_on(const Saying *s, bool change, bool send)
{
    json_t *errors = NULL;
    if (s->form.it != NULL && !view_record(s->request, s->form.it, s->form.form->name))
        return;
    if (change) {
        show_form(s, NULL);
        return;
    }
    if (changed(s))
        return;
    json_auto_t *messages = form_messages(&s->form, s->typed, &errors);
    if (messages == NULL) {
        show_form(s, errors);
        return;
    }
    json_decref(errors);
    json_auto_t *warnings = dose_warnings(s->request->worklist, messages), *slips = form_time_warnings(&s->form, messages);
    json_array_extend(warnings, slips);
    bool read = json_array_size(warnings) == 0 || strcmp(request_value(s->typed, "read"), "yes") == 0;
    if (send && read)
        send_it(s, messages);
    else
        show_check(s, messages, warnings);
}

static void take(const Saying *s)
{
    char id[ACT_ID];
    colleague_take(&s->form, s->typed);
    const char *step = request_value(s->typed, "step");
    bool send = strcmp(step, "send") == 0;
    g_autofree char *language = g_strndup(step, strcspn(step, "-"));
    if (language_known(language))
        request_set_language(s->request, language);
    if (act_sent(s->request->worklist, s->form.account, request_value(s->typed, "key"), id))
        act_renew(s->typed);
    bool change = strcmp(step, "change") == 0 || (language_known(language) && !g_str_has_suffix(step, "-check"));
    const char *act = request_value(s->typed, "key");
    g_autofree char *draft = draft_path(s->request->path, act), *address = g_strdup_printf("%s?draft=%s&step=%s", s->request->path, act, change ? "change" : "check");
    if (draft_keep(s->request->worklist->client, s->form.account->name, draft, s->typed) && !send)
        reply_redirect(s->request, address, NULL);
    else
        go_on(s, change, send);
}

/* A form that is sent again says nothing new, whatever has happened since: the browser is shown what it said the first time. So it is where it goes back to what it has sent. */
static bool sent_before(Request *request)
{
    char id[ACT_ID];
    const char *act = request->post ? request_value(request->form, "key") : request_value(request->query, "draft");
    bool goes = !request->post || strcmp(request_value(request->form, "step"), "send") == 0;
    if (!goes || !act_sent(request->worklist, request->session->account, act, id))
        return false;
    g_autofree char *address = g_strdup_printf("/sent/%s", id);
    reply_redirect(request, address, NULL);
    return true;
}

/* What was kept: of an act's view whatever that is, else what somebody typed. NULL: nothing. */
static GHashTable *draft_of(const Request *request, const FormSaying *form, int64_t *drafted)
{
    const char *act = request_value(request->query, "draft");
    if (form->it == NULL && *act == '\0')
        return NULL;
    g_autofree char *path = draft_path(request->path, act);
    g_autoptr(GHashTable) draft = draft_find(request->worklist->client, form->account->name, path, drafted);
    if (draft != NULL && (*request_value(request->query, "step") != '\0' || !form_untouched(form, draft)))
        return g_steal_pointer(&draft);
    *drafted = 0;
    return NULL;
}

/* What was typed, what was kept of it as a draft, or what stands there at first. A new reference. */
static GHashTable *typed_of(const Request *request, const FormSaying *form, int64_t *drafted)
{
    GHashTable *typed = request->post ? g_hash_table_ref(request->form) : draft_of(request, form, drafted);
    if (typed == NULL)
        typed = form_begin(form);
    if (request->post && !act_known(request_value(typed, "key")))
        g_hash_table_replace(typed, g_strdup("key"), act_new());
    return typed;
}

/* None where the draft is of another act by now. */
static const char *view_of(const Request *request, const GHashTable *typed)
{
    const char *act = request_value(request->query, "draft"), *step = request_value(request->query, "step");
    return !request->post && *act != '\0' && *step != '\0' && strcmp(request_value(typed, "key"), act) == 0 ? step : NULL;
}

void page_form(Request *request, const char *rest)
{
    g_auto(GStrv) each = g_strsplit(rest, "/", 3);
    guint count = g_strv_length(each);
    FormSaying form = { request->worklist, request->session->account, count > 0 ? form_find(each[count - 1]) : NULL, count == 2 ? caseload_find(request->worklist->caseload, each[0]) : NULL };
    if (sent_before(request))
        return;
    if (form.form == NULL || count > 2 || (count == 2 && form.it == NULL) || !form_may(request->worklist, form.form, form.it)) {
        reply_problem(request, 404, _("There is no such form here"), _("Go back to the client, and choose what to do."));
        return;
    }
    int64_t drafted = 0;
    g_autoptr(GHashTable) typed = typed_of(request, &form, &drafted);
    if (drafted != 0)
        colleague_take(&form, typed); /* as it came from the browser */
    const char *view = view_of(request, typed);
    Saying saying = { request, form, typed, view == NULL ? drafted : 0, view };
    if (request->post)
        take(&saying);
    else
        go_on(&saying, g_strcmp0(view, "check") != 0, false);
}
