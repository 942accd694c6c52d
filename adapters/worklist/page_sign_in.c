#include "adapters/worklist/language.h"
#include "adapters/worklist/live.h"
#include "adapters/worklist/pages.h"

#include <glib/gi18n.h>
#include <string.h>

/* What was chosen on this very page: the browser's cookie may be of whoever sat here before. "": nothing was. */
static const char *language_chosen(const Request *request)
{
    const char *language = request_value(request->post ? request->form : request->query, "language");
    return language_known(language) ? language : "";
}

static void show(Request *request, int status, const char *problem)
{
    bool ended = request->ended != NULL, kept = ended && request->ended->path != NULL;
    json_t *view = json_pack("{s:s, s:s, s:s, s:b, s:b}", "title", _("Sign in"), "problem", problem, "name", request_value(request->form, "name"), "kept", kept, "ended", ended && !kept);
    json_object_set_new(view, "language", json_string(language_chosen(request)));
    if (request->named != NULL)
        json_object_set_new(view, "named", json_string(request->named->person));
    reply_page(request, status, "sign-in", view);
}

/* False: it was answered. */
static bool right_password(Request *request, const Account **account)
{
    AccountAnswer answer = account_sign_in(request->worklist->accounts, request_value(request->form, "name"), request_value(request->form, "password"), account);
    if (answer != ACCOUNT_GOOD)
        show(request, 403, answer == ACCOUNT_LOCKED ? _("Too many wrong passwords. Try again in a quarter of an hour, or ask your manager.") : _("The name or the password is wrong"));
    return answer == ACCOUNT_GOOD;
}

/* A new session, and back to the form that was sent too late. */
static void begin(Request *request, const Account *account, bool by_header)
{
    Worklist *w = request->worklist;
    g_autofree char *late = request->ended != NULL && request->ended->account == account ? g_strdup(request->ended->path) : NULL;
    if (late != NULL)
        session_late(request->ended, NULL);
    if (request->session != NULL)
        session_end(w->sessions, request->session);
    Session *session = session_begin(w->sessions, account, tc_client_now(w->client));
    session->by_header = by_header;
    if (*language_chosen(request) != '\0')
        account_set_language(w->accounts, account, language_chosen(request));
    g_autofree char *cookie = g_strdup_printf("__Host-session=%s; Path=/; Secure; HttpOnly; SameSite=Strict", session->token);
    reply_redirect(request, late != NULL ? late : "/", cookie);
}

void page_sign_in(Request *request, const char *rest)
{
    const Account *account = NULL;
    (void)rest;
    if (!request->post && request->session != NULL) {
        reply_redirect(request, "/", NULL);
        return;
    }
    if (!request->post) {
        show(request, 200, "");
        return;
    }
    bool by_header = strcmp(request_value(request->form, "step"), "sign-on") == 0;
    if (by_header && request->named == NULL)
        show(request, 403, _("Nobody is signed in there"));
    else if (by_header || right_password(request, &account))
        begin(request, by_header ? request->named : account, by_header);
}

void page_sign_out(Request *request, const char *rest)
{
    (void)rest;
    if (request->session != NULL && request->post)
        session_end(request->worklist->sessions, request->session);
    live_tell(request->worklist->live); /* its other open pages go too */
    reply_redirect(request, "/sign-in", "__Host-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

void page_stay(Request *request, const char *rest)
{
    gint64 now = tc_client_now(request->worklist->client);
    g_autofree char *left = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, (session_until(request->session) - now) / G_USEC_PER_SEC,
                                            (request->session->begun + SESSION_WHOLE - now) / G_USEC_PER_SEC);
    (void)rest;
    if (request->post)
        reply_text(request, 200, left);
    else
        reply_redirect(request, "/", NULL);
}
