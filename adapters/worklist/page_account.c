/* What everybody may do with their own account: a new password, with which its other sessions end; and the record of what changed with accounts. */
#include "adapters/worklist/live.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/record.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

static void show_password(Request *request, const char *field, const char *problem)
{
    json_t *view = json_pack("{s:s, s:b}", "title", _("Change your password"), "summary", *problem != '\0');
    if (*problem != '\0') {
        g_autofree char *error = g_strconcat(field, "_error", NULL);
        json_object_set_new(view, "problem", json_pack("{s:s, s:s}", "field", field, "text", problem));
        json_object_set_new(view, error, json_string(problem));
    }
    reply_page(request, *problem != '\0' ? 422 : 200, "password", view);
}

void page_password(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    const char *password = request_value(request->form, "password");
    TcError error;
    (void)rest;
    if (!request->post) {
        show_password(request, "", "");
        return;
    }
    if (strcmp(password, request_value(request->form, "again")) != 0) {
        show_password(request, "again", _("The new password was written in two ways"));
        return;
    }
    if (!account_change_password(w->accounts, request->session->account, request_value(request->form, "before"), password, &error)) {
        show_password(request, error.field, gettext(error.text));
        return;
    }
    session_end_others(w->sessions, request->session->account, request->session);
    live_tell(w->live);
    reply_page(request, 200, "password", json_pack("{s:s, s:b}", "title", _("Your password is changed"), "done", true));
}

/* ---- Who changed which account ---- */

enum { SHOWN = 200 };

static const struct { const char *what, *words; } changes[] = {
    { "added", N_("added") }, { "renewed", N_("given a new password or role") }, { "password", N_("changed its own password") }, { "closed", N_("closed") },
    { "opened", N_("opened again") }, { "locked", N_("locked for a quarter of an hour, after five wrong passwords") },
};

static const char *words_of_change(const char *what)
{
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++)
        if (strcmp(changes[i].what, what) == 0)
            return _(changes[i].words);
    return what;
}

static const char *person_of(const Worklist *w, const char *name)
{
    const Account *account = account_find(w->accounts, name);
    return account != NULL ? account->person : name;
}

void page_changes(Request *request, const char *rest)
{
    json_auto_t *entries = record_list(request->worklist->client, RECORD_ACCOUNTS, SHOWN);
    json_t *list = json_array(), *entry;
    size_t i;
    (void)rest;
    json_array_foreach (entries, i, entry) {
        g_autofree char *at = say_time(json_integer_value(json_object_get(entry, "at")));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "at", at, "account", case_text(entry, "account"), "what", words_of_change(case_text(entry, "what")), "role",
                                              case_text(entry, "role"), "by", person_of(request->worklist, case_text(entry, "by"))));
    }
    reply_page(request, 200, "changes", json_pack("{s:s, s:o}", "title", _("What changed with accounts"), "changes", list));
}
