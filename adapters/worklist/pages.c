#include "adapters/worklist/pages.h"

#include <glib/gi18n.h>
#include <string.h>

enum { OPEN = 1, GOVERN = 2, WRITE = 4 };

static const struct { const char *prefix; void (*answer)(Request *request, const char *rest); int needs; } pages[] = {
    { "/sign-in", page_sign_in, OPEN }, { "/sign-out", page_sign_out, OPEN }, { "/client/", page_client, 0 }, { "/say/", page_form, WRITE },
    { "/sent/", page_sent, 0 }, { "/dose/", page_dose, 0 }, { "/views", page_views, GOVERN }, { "/", page_today, 0 },
};

static bool may(const Request *request, int needs)
{
    AccountRole role = request->session->account->role;
    if ((needs & WRITE) != 0)
        return role == ROLE_WORKER || role == ROLE_MANAGER;
    return (needs & GOVERN) == 0 || role == ROLE_GOVERNANCE || role == ROLE_MANAGER;
}

static bool forged(const Request *request)
{
    const char *site = evhttp_find_header(evhttp_request_get_input_headers(request->http), "Sec-Fetch-Site");
    if (!request->post)
        return false;
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return true;
    return request->session != NULL && !session_csrf_right(request->session, request_value(request->form, "csrf"));
}

/* What was typed is kept for whoever typed it: the form carries the secret of the session that has ended. */
static void ask_to_sign_in(Request *request)
{
    if (request->post && request->ended != NULL && session_csrf_right(request->ended, request_value(request->form, "csrf")))
        session_keep(request->ended, request->path, request->form);
    reply_redirect(request, "/sign-in", NULL);
}

static bool matches(const char *path, const char *prefix)
{
    return g_str_has_suffix(prefix, "/") && strlen(prefix) > 1 ? g_str_has_prefix(path, prefix) : strcmp(path, prefix) == 0;
}

json_t *pages_navigation(const Request *request)
{
    static const struct { const char *address, *words; int needs; } always[] = { { "/", N_("Today"), 0 }, { "/views", N_("Who looked at whom"), GOVERN } };
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
        if (may(request, always[i].needs))
            json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "words", _(always[i].words), "address", always[i].address, "here", strcmp(request->path, always[i].address) == 0));
    return list;
}

void pages_answer(Request *request)
{
    if (!request->post && *request_value(request->query, "language") != '\0')
        request_set_language(request, request_value(request->query, "language"));
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        if (!matches(request->path, pages[i].prefix))
            continue;
        if (forged(request))
            reply_problem(request, 403, _("This form did not come from here, or you were signed out"), _("Open the page again and fill it in there. Nothing was sent."));
        else if ((pages[i].needs & OPEN) == 0 && request->session == NULL)
            ask_to_sign_in(request);
        else if ((pages[i].needs & OPEN) == 0 && !may(request, pages[i].needs))
            reply_problem(request, 403, _("You cannot do this with your account"), _("Ask your manager if you need to."));
        else
            pages[i].answer(request, request->path + strlen(pages[i].prefix));
        return;
    }
    reply_problem(request, 404, _("There is no such page"), _("Check the address, or go back to Today."));
}
