#include "adapters/worklist/pages.h"

#include <glib/gi18n.h>
#include <string.h>

static void show(Request *request, int status, const char *problem)
{
    bool kept = request->ended != NULL && request->ended->path != NULL;
    reply_page(request, status, "sign-in", json_pack("{s:s, s:s, s:s, s:b}", "title", _("Sign in"), "problem", problem, "name", request_value(request->form, "name"), "kept", kept));
}

void page_sign_in(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    const Account *account = NULL;
    (void)rest;
    if (!request->post) {
        show(request, 200, "");
        return;
    }
    AccountAnswer answer = account_sign_in(w->accounts, request_value(request->form, "name"), request_value(request->form, "password"), &account);
    if (answer != ACCOUNT_GOOD) {
        show(request, 403, answer == ACCOUNT_LOCKED ? _("Too many wrong passwords. Try again in a quarter of an hour, or ask your manager.")
                                                    : _("The name or the password is wrong"));
        return;
    }
    if (request->session != NULL)
        session_end(w->sessions, request->session);
    Session *session = session_begin(w->sessions, account, tc_client_now(w->client));
    if (request->ended != NULL && request->ended->account == account && request->ended->path != NULL) {
        session_keep(session, request->ended->path, request->ended->form);
        session_keep(request->ended, NULL, NULL);
    }
    g_autofree char *cookie = g_strdup_printf("__Host-session=%s; Path=/; Secure; HttpOnly; SameSite=Strict", session->token);
    reply_redirect(request, session->path != NULL ? session->path : "/", cookie);
}

void page_sign_out(Request *request, const char *rest)
{
    (void)rest;
    if (request->session != NULL && request->post)
        session_end(request->worklist->sessions, request->session);
    reply_redirect(request, "/sign-in", "__Host-session=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}
