/* The accounts of this worklist, for a manager: who may sign in and as what; somebody new, a new password, another role; closing an account of somebody who has
 * left, and opening it again. A password is taken, never shown; every change is recorded with whose it was, and ends the account's sessions. */
#include "adapters/worklist/manage.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

static const char *const role_words[ROLE_COUNT] = { N_("Reader: sees"), N_("Worker: sees and does"), N_("Manager: that, and manages"), N_("Governance: sees, and sees who looked at whom") };

static json_t *row_of(const Account *account, int64_t now, const Account *own)
{
    g_autofree char *locked = account->locked_until > now ? say_time(account->locked_until) : g_strdup("");
    g_autofree char *tag = account_tag(account);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "name", account->name, "tag", tag, "person", account->person, "worker", account->worker, "role", _(role_words[account->role]), "locked", locked,
                     "closed", account->closed, "own", account == own, "no_phone", *account->phone == '\0');
}

static json_t *rows_of(const Request *request)
{
    g_autoptr(GPtrArray) accounts = account_list(request->worklist->accounts);
    json_t *rows = json_array();
    for (guint i = 0; i < accounts->len; i++)
        json_array_append_new(rows, row_of(accounts->pdata[i], tc_client_now(request->worklist->client), request->session->account));
    return rows;
}

/* What was typed, or what the account that is to be changed has. */
static json_t *fields_of(const Request *request, const Account *chosen, const json_t *errors)
{
    const GHashTable *form = request->form;
    const char *role = request->typed ? request_value(form, "role") : account_role_name(chosen != NULL ? chosen->role : ROLE_WORKER);
    json_t *roles = json_array();
    for (int i = 0; i < ROLE_COUNT; i++)
        json_array_append_new(roles, manage_option(account_role_name((AccountRole)i), _(role_words[i]), role));
    const struct { const char *name, *label, *hint, *had; } texts[] = {
        { "name", N_("Name to sign in with"), N_("Of a to z, 0 to 9, dot and hyphen. An account that is there is changed."), chosen != NULL ? chosen->name : "" },
        { "person", N_("The worker's name"), NULL, chosen != NULL ? chosen->person : "" }, { "worker", N_("The worker's reference"), N_("For example, w-017. Others see it."), chosen != NULL ? chosen->worker : "" },
        { "phone", N_("Telephone"), N_("Who is named to meet somebody needs one."), chosen != NULL ? chosen->phone : "" }, { "team", N_("Team"), NULL, chosen != NULL ? chosen->team : "" } };
    json_t *fields = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        json_array_append_new(fields, manage_text(texts[i].name, _(texts[i].label), texts[i].hint != NULL ? _(texts[i].hint) : NULL, request->typed ? request_value(form, texts[i].name) : texts[i].had, errors));
    json_array_append_new(fields, manage_select("role", _("What they may do"), NULL, roles, errors));
    return fields;
}

static const char *done_words(const Request *request)
{
    static const struct { const char *word, *words; } dones[] = { { "set", N_("The account is set. Tell them their password in person.") }, { "closed", N_("The account is closed. Nobody signs in with it.") },
                                                                  { "open", N_("The account is open again.") } };
    for (size_t i = 0; i < G_N_ELEMENTS(dones); i++)
        if (strcmp(request_value(request->query, "done"), dones[i].word) == 0)
            return _(dones[i].words);
    return NULL;
}

static void show(Request *request, json_t *errors)
{
    size_t i;
    json_t *error;
    const Account *chosen = account_tagged(request->worklist->accounts, request_value(request->query, "account"));
    json_t *view = manage_view(request, _("Accounts"), done_words(request));
    json_object_set_new(view, "rows", rows_of(request));
    json_object_set_new(view, "fields", fields_of(request, chosen, errors));
    json_array_foreach (errors, i, error)
        if (strcmp(case_text(error, "name"), "password") == 0)
            json_object_set(view, "password_error", json_object_get(error, "text"));
    manage_errors(view, errors);
    reply_page(request, json_array_size(errors) > 0 ? 422 : 200, "accounts", view);
}

static const char *take_set(Request *request, json_t *errors)
{
    TcError error;
    Worklist *w = request->worklist;
    const char *name = request_value(request->form, "name");
    if (!account_set(w->accounts, name, request_value(request->form, "role"), request_value(request->form, "worker"), request_value(request->form, "person"), request_value(request->form, "phone"),
                     request_value(request->form, "team"), request_value(request->form, "password"), &error))
        manage_failed(request, errors, error.field, &error);
    else if (strcmp(name, request->session->account->name) != 0)
        session_end_others(w->sessions, account_find(w->accounts, name), NULL);
    return "set";
}

static const char *take_close(Request *request, bool closed, json_t *errors)
{
    TcError error;
    Worklist *w = request->worklist;
    const Account *account = account_find(w->accounts, request_value(request->form, "name"));
    if (account == NULL || account == request->session->account)
        manage_error(errors, "name", _("Nobody can close their own account, or one that is not there"));
    else if (!account_close(w->accounts, account, closed, &error))
        manage_failed(request, errors, "name", &error);
    else
        session_end_others(w->sessions, account, NULL);
    return closed ? "closed" : "open";
}

void page_accounts(Request *request, const char *rest)
{
    json_t *errors = json_array();
    const char *act = request_value(request->form, "act"), *done = NULL;
    (void)rest;
    if (request->post)
        done = strcmp(act, "close") == 0 ? take_close(request, true, errors) : strcmp(act, "open") == 0 ? take_close(request, false, errors) : take_set(request, errors);
    if (!request->post || json_array_size(errors) > 0) {
        show(request, errors);
        return;
    }
    json_decref(errors);
    manage_done(request, "/manage/accounts", done);
}
