#include "adapters/worklist/late.h"
#include "adapters/worklist/pages.h"

#include <glib/gi18n.h>
#include <string.h>

enum { OPEN = 1, GOVERN = 2, WRITE = 4, MANAGE = 8 };

static const struct { const char *prefix; void (*answer)(Request *request, const char *rest); int needs; } pages[] = {
    { "/sign-in", page_sign_in, OPEN }, { "/sign-out", page_sign_out, OPEN }, { "/stay", page_stay, 0 }, { "/password", page_password, 0 }, { "/reason", page_reason, 0 },
    { "/reasons", page_reasons, GOVERN }, { "/account-changes", page_changes, GOVERN }, { "/live", page_live, 0 }, { "/client/", page_client, 0 }, { "/say/", page_form, WRITE },
    { "/handover/", page_handover, 0 }, { "/disclosures/", page_disclosures, 0 }, { "/answerable/", page_answerable, 0 },
    { "/draft", page_draft, WRITE }, { "/sent/", page_sent, 0 }, { "/dose/", page_dose, 0 }, { "/views", page_views, GOVERN }, { "/views.csv", page_views_csv, GOVERN }, { "/", page_today, 0 }, { "/find", page_find, 0 },
    { "/refused", page_refused, WRITE },
    { "/manage", page_overdue, MANAGE }, { "/manage/caseloads", page_caseloads, MANAGE }, { "/manage/away", page_away, MANAGE }, { "/manage/hours", page_hours, MANAGE },
    { "/manage/accounts", page_accounts, MANAGE }, { "/manage/reports", page_reports, MANAGE }, { "/manage/reports.csv", page_reports_csv, MANAGE },
};

static bool may(const Request *request, int needs)
{
    AccountRole role = request->session->account->role;
    if ((needs & MANAGE) != 0)
        return role == ROLE_MANAGER;
    if ((needs & WRITE) != 0)
        return role == ROLE_WORKER || role == ROLE_MANAGER;
    return (needs & GOVERN) == 0 || role == ROLE_GOVERNANCE || role == ROLE_MANAGER;
}

/* "https://HOST", with or without a port: nginx passes the host on without it. */
static bool is_here(const Request *request, const char *origin)
{
    const char *host = evhttp_find_header(evhttp_request_get_input_headers(request->http), "Host"), *rest = g_str_has_prefix(origin, "https://") ? origin + strlen("https://") : "";
    size_t len = host != NULL ? strlen(host) : 0;
    return len > 0 && g_ascii_strncasecmp(rest, host, len) == 0 && (rest[len] == '\0' || rest[len] == ':');
}

static bool forged(const Request *request)
{
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(request->http);
    const char *site = evhttp_find_header(headers, "Sec-Fetch-Site"), *origin = evhttp_find_header(headers, "Origin");
    if (!request->post)
        return false;
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return true;
    if (origin != NULL && !is_here(request, origin))
        return true;
    return request->session != NULL && !session_csrf_right(request->session, request_value(request->form, "csrf"));
}

/* Whoever signed in again elsewhere may send what they typed before that: it carries the secret of their session that ended. */
static void refuse(Request *request)
{
    Worklist *w = request->worklist;
    const Account *account = request->session != NULL ? request->session->account : NULL;
    g_autofree char *back = account != NULL && session_before(w->sessions, account, request_value(request->form, "csrf"), tc_client_now(w->client)) ? late_keep(request, account) : NULL;
    if (back != NULL)
        reply_redirect(request, back, NULL);
    else
        reply_problem(request, 403, _("This form did not come from here, or you were signed out"), _("Open the page again and fill it in there. Nothing was sent."));
}

static void ask_to_sign_in(Request *request)
{
    Session *ended = request->ended;
    g_autofree char *back = request->post && ended != NULL && session_csrf_right(ended, request_value(request->form, "csrf")) ? late_keep(request, ended->account) : NULL;
    if (back != NULL)
        session_late(ended, back);
    reply_redirect(request, "/sign-in", NULL);
}

static bool matches(const char *path, const char *prefix)
{
    return g_str_has_suffix(prefix, "/") && strlen(prefix) > 1 ? g_str_has_prefix(path, prefix) : strcmp(path, prefix) == 0;
}

json_t *pages_navigation(const Request *request)
{
    static const struct { const char *address, *words; int needs; } always[] = { { "/", N_("Today"), 0 }, { "/manage", N_("Managing"), MANAGE }, { "/views", N_("Who looked at whom"), GOVERN }, { "/reasons", N_("Looked at for a reason"), GOVERN } };
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
        if (may(request, always[i].needs))
            json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "words", _(always[i].words), "address", always[i].address, "here",
                                                  strcmp(request->path, always[i].address) == 0 || (always[i].address[1] != '\0' && g_str_has_prefix(request->path, always[i].address))));
    return list;
}

void pages_answer(Request *request)
{
    accounts_act(request->worklist->accounts, request->session != NULL ? request->session->account->name : NULL);
    if (!request->post && *request_value(request->query, "language") != '\0')
        request_set_language(request, request_value(request->query, "language"));
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        if (!matches(request->path, pages[i].prefix))
            continue;
        if (forged(request))
            refuse(request);
        else if ((pages[i].needs & OPEN) == 0 && request->session == NULL)
            ask_to_sign_in(request);
        else if ((pages[i].needs & OPEN) == 0 && !may(request, pages[i].needs))
            reply_problem(request, 403, _("You cannot do this with your account"), _("Ask your manager if you need to."));
        else if ((pages[i].needs & OPEN) != 0 || !reason_asked(request)) {
            if (!request->post && g_hash_table_size(request->query) == 0 && late_keeps(request->path) == KEEPS_SENT)
                late_find(request, request->path);
            pages[i].answer(request, request->path + strlen(pages[i].prefix));
        }
        return;
    }
    reply_problem(request, 404, _("There is no such page"), _("Check the address, or go back to Today."));
}
