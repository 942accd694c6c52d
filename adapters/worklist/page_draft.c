/* Drafts: kept while somebody types (by the script; without it, on Continue), found again on Today, thrown away. */
#include "adapters/worklist/draft.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

/* The form of a draft's path, "/say/FORM?draft=ACT" or "/say/CONVERSATION/FORM", and its client; NULL: it cannot be said (any more). */
static const Form *form_of(const Worklist *w, const char *path, Case **it)
{
    g_autofree char *plain = g_strndup(path, strcspn(path, "?"));
    g_auto(GStrv) each = g_strsplit(plain, "/", 5);
    guint count = g_strv_length(each); /* "", "say", … */
    const Form *form = g_str_has_prefix(path, "/say/") && (count == 3 || count == 4) ? form_find(each[count - 1]) : NULL;
    *it = form != NULL && count == 4 ? caseload_find(w->caseload, each[2]) : NULL;
    return form != NULL && (count == 4) == (*it != NULL) && form_may(w, form, *it) ? form : NULL;
}

char *drafts_whose(const Case *it, const GHashTable *typed)
{
    return it != NULL && it->name != NULL ? g_strdup(it->name)
                                          : g_strstrip(g_strconcat(request_value(typed, "parts.minimum.person.forenames"), " ", request_value(typed, "parts.minimum.person.surname"), NULL));
}

json_t *drafts_view(const Request *request, const char *begun)
{
    Worklist *w = request->worklist;
    g_autofree char *acts = draft_path(begun, "");
    g_autoptr(GPtrArray) drafts = draft_list(w->client, request->session->account->name);
    json_t *list = json_array();
    for (guint i = 0; i < drafts->len; i++) {
        const Draft *draft = drafts->pdata[i];
        Case *it = NULL;
        if (*begun != '\0' && !g_str_has_prefix(draft->path, acts))
            continue;
        const Form *form = form_of(w, draft->path, &it);
        if (it != NULL)
            case_open(w->caseload, it);
        g_autofree char *at = say_time(draft->at), *whose = drafts_whose(it, draft->form);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "path", draft->path, "title", form != NULL ? _(form->title) : _("A form that cannot be sent any more"), "name",
                                              whose, "at", at, "gone", form == NULL));
    }
    return list;
}

void page_draft(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    const char *path = request_value(request->form, "path"), *account = request->session->account->name, *step = request_value(request->form, "step");
    Case *it;
    (void)rest;
    if (request->post && strcmp(step, "forget") == 0) {
        draft_forget(w->client, account, path);
        reply_redirect(request, "/", NULL);
        return;
    }
    if (!request->post || strcmp(step, "keep") != 0 || form_of(w, path, &it) == NULL) {
        reply_problem(request, 404, _("There is no such form here"), _("Go back to the client, and choose what to do."));
        return;
    }
    g_autofree char *form = g_strndup(path, strcspn(path, "?")), *own = draft_path(form, request_value(request->form, "key"));
    bool kept = draft_keep(w->client, account, own, request->form);
    g_autofree char *at = say_time(tc_client_now(w->client)), *words = g_strdup_printf(_("Kept as a draft on %s"), at);
    reply_text(request, kept ? 200 : 507, kept ? words : _("The draft could not be kept: is the disk full?"));
}
