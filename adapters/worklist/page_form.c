/* Saying something: the form, a last look at the answers, and the reference at the end. */
#include "adapters/worklist/draft.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/language.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* typed: NULL when the form is first shown; drafted: when it was kept, 0 when it came just now */
typedef struct Saying { Request *request; const Form *form; Case *it; GHashTable *typed; int64_t drafted; } Saying;

/* A name for this act, so that a form sent twice is one message. */
static char *new_key(void)
{
    unsigned char bytes[16];
    char text[33];
    randombytes_buf(bytes, sizeof bytes);
    return g_strdup(sodium_bin2hex(text, sizeof text, bytes, sizeof bytes));
}

static json_t *common(const Saying *s)
{
    const char *typed_key = s->typed != NULL ? request_value(s->typed, "key") : "", *typed_seen = s->typed != NULL ? request_value(s->typed, "seen") : "";
    g_autofree char *key = *typed_key != '\0' ? g_strdup(typed_key) : new_key();
    g_autofree char *seen = *typed_seen != '\0' ? g_strdup(typed_seen) : g_strdup_printf("%d", s->it != NULL ? case_messages(s->it) : 0);
    json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:s}", "title", _(s->form->title), "button", _(s->form->button), "action", s->request->path, "key", key, "seen", seen);
    if (s->drafted != 0) {
        g_autofree char *at = say_time(s->drafted);
        json_object_set_new(view, "drafted", json_pack("{s:s}", "at", at));
    }
    if (s->it != NULL) {
        case_open(s->request->worklist->caseload, s->it);
        g_autofree char *born = say_short_day(s->it->born != NULL ? s->it->born : "");
        json_object_set_new(view, "client", json_pack("{s:s, s:s, s:s}", "id", s->it->conversation, "name", s->it->name != NULL ? s->it->name : _("A client"), "born", born));
    }
    return view;
}

static void show_form(const Saying *s, json_t *errors)
{
    json_t *view = common(s);
    json_object_set_new(view, "fields", form_fields(s->request->worklist, s->form, s->request->session->account, s->typed, errors));
    if (errors != NULL) {
        json_object_set_new(view, "errors", errors);
        json_object_set_new(view, "summary", json_true());
    }
    reply_page(s->request, errors != NULL ? 422 : 200, "form", view);
}

static void show_check(const Saying *s)
{
    json_t *view = common(s);
    json_object_set_new(view, "checking", json_true());
    json_object_set_new(view, "answers", form_answers(s->request->worklist, s->form, s->typed));
    json_object_set_new(view, "kept", form_kept(s->typed));
    reply_page(s->request, 200, "check", view);
}

/* A newer message came while the form was filled in: the worker must look first. The form then counts as seen anew. */
static bool changed(const Saying *s)
{
    if (s->it == NULL || atoi(request_value(s->typed, "seen")) == case_messages(s->it))
        return false;
    g_hash_table_insert(s->typed, g_strdup("seen"), g_strdup_printf("%d", case_messages(s->it)));
    show_form(s, json_pack("[{s:s, s:s}]", "name", "form", "text", _("Somebody said something newer about this client meanwhile. Look at it before you send this.")));
    return true;
}

static void send_it(const Saying *s, const json_t *message)
{
    char id[37];
    TcError error;
    Worklist *w = s->request->worklist;
    g_autofree char *key = g_strconcat("worklist:", request_value(s->typed, "key"), NULL);
    if (!tc_client_send(w->client, message, key, id, &error)) {
        show_form(s, json_pack("[{s:s, s:s}]", "name", "form", "text", error.text));
        return;
    }
    caseload_refresh(w->caseload, s->it != NULL && !s->form->about ? s->it->conversation : id);
    draft_forget(w->client, s->request->session->account->name, s->request->path);
    g_autofree char *address = g_strdup_printf("/sent/%s", id);
    reply_redirect(s->request, address, NULL);
}

static void take(const Saying *s)
{
    json_t *errors = NULL;
    const char *step = request_value(s->typed, "step");
    bool checking = g_str_has_suffix(step, "-check");
    g_autofree char *language = g_strndup(step, strcspn(step, "-"));
    if (language_known(language))
        request_set_language(s->request, language);
    draft_keep(s->request->worklist->client, s->request->session->account->name, s->request->path, s->typed);
    if (strcmp(step, "change") == 0 || (language_known(language) && !checking)) {
        show_form(s, NULL);
        return;
    }
    if (changed(s))
        return;
    json_auto_t *message = form_message(s->request->worklist, s->form, s->request->session->account, s->it, s->typed, &errors);
    if (message == NULL) {
        show_form(s, errors);
        return;
    }
    json_decref(errors);
    if (strcmp(step, "send") == 0)
        send_it(s, message);
    else
        show_check(s);
}

void page_form(Request *request, const char *rest)
{
    g_auto(GStrv) each = g_strsplit(rest, "/", 3);
    guint count = g_strv_length(each);
    Saying saying = { request, count > 0 ? form_find(each[count - 1]) : NULL, count == 2 ? caseload_find(request->worklist->caseload, each[0]) : NULL,
                      request->post ? request->form : NULL, 0 };
    if (count == 0 || count > 2 || saying.form == NULL || (count == 2 && saying.it == NULL) || !form_may(request->worklist, saying.form, saying.it)) {
        reply_problem(request, 404, _("There is no such form here"), _("Go back to the client, and choose what to do."));
        return;
    }
    if (saying.it != NULL)
        view_record(request->worklist, request->session->account, saying.it->conversation, saying.form->name);
    if (request->post) {
        take(&saying);
        return;
    }
    g_autoptr(GHashTable) draft = draft_find(request->worklist->client, request->session->account->name, request->path, &saying.drafted);
    saying.typed = draft;
    show_form(&saying, NULL);
}

void page_sent(Request *request, const char *rest)
{
    TcError error;
    json_auto_t *message = tc_client_message(request->worklist->client, rest, &error);
    if (message == NULL) {
        reply_problem(request, 404, _("There is no such message here"), _("Go back to Today."));
        return;
    }
    const char *state = case_text(message, "delivery_state");
    g_autofree char *reference = g_ascii_strup(rest + MAX(strlen(rest), 8) - 8, -1);
    reply_page(request, 200, "sent", json_pack("{s:s, s:s, s:s, s:b, s:b, s:s, s:s}", "title", _("Sent"), "reference", reference, "id", case_text(message, "conversation"), "safe",
               strcmp(state, "accepted") == 0, "refused", strcmp(state, "refused") == 0, "problem", case_text(message, "error.text"), "to",
               worklist_service_name(request->worklist, case_text(message, "recipient"))));
}
