#include "adapters/worklist/late.h"
#include "adapters/worklist/act.h"
#include "adapters/worklist/draft.h"
#include "adapters/worklist/pages.h"

#include <string.h>

LateKeeps late_keeps(const char *path)
{
    static const char *const sent[] = { "/manage/hours", "/manage/away", "/manage/accounts", NULL };
    return g_str_has_prefix(path, "/say/") ? KEEPS_DRAFTS : g_str_has_prefix(path, "/reason/") || g_strv_contains(sent, path) ? KEEPS_SENT : KEEPS_NOTHING;
}

char *late_reason(const char *path) { return g_strconcat("/reason", path, NULL); }

/* False: there is nothing in it but whose it is. */
static bool is_typed(const Request *request)
{
    static const char *const bare[] = { "close", "open", "back", "duty", NULL }; /* a manager's buttons */
    return strcmp(request_value(request->form, "step"), "forget") != 0 && !g_strv_contains(bare, request_value(request->form, "act"));
}

/* With the form itself, as page_form has it: neither is it sent again, nor kept by the script, which says that it was sent. */
static bool goes_on(const Request *request)
{
    return g_str_has_prefix(request->path, "/say/") && strcmp(request_value(request->form, "step"), "send") != 0;
}

/* The page where it was typed, as draft_path names it; of a reason, that of the page to be seen. NULL: no page. A new string. */
static char *typed_on(const Request *request)
{
    if (strcmp(request->path, "/reason") == 0)
        return g_strdup(reason_path(request));
    const char *form = strcmp(request->path, "/draft") == 0 ? request_value(request->form, "path") : request->path;
    g_autofree char *plain = g_strndup(form, strcspn(form, "?"));
    return draft_path(plain, request_value(request->form, "key"));
}

char *late_keep(const Request *request, const Account *account)
{
    char id[ACT_ID];
    if (act_sent(request->worklist, account, request_value(request->form, "key"), id)) {
        if (!goes_on(request))
            return g_strconcat("/sent/", id, NULL);
        act_renew(request->form);
    }
    g_autofree char *back = is_typed(request) ? typed_on(request) : NULL, *reason = back != NULL && strcmp(request->path, "/reason") == 0 ? late_reason(back) : NULL;
    const char *path = reason != NULL ? reason : back;
    bool kept = path != NULL && late_keeps(path) != KEEPS_NOTHING && draft_keep(request->worklist->client, account->name, path, request->form);
    return kept ? g_steal_pointer(&back) : NULL;
}

void late_find(Request *request, const char *path)
{
    TcClient *client = request->worklist->client;
    int64_t at;
    GHashTable *late = draft_find(client, request->session->account->name, path, &at);
    if (late == NULL)
        return;
    draft_forget(client, request->session->account->name, path, NULL);
    g_hash_table_unref(request->form);
    request->form = late;
    request->typed = true;
}
