/* Drafts: kept while somebody types (by the script; without it, on Continue), found again on Today, thrown away. */
#include "adapters/worklist/act.h"
#include "adapters/worklist/draft.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

enum { NAME_MAX_SHOWN = 60 };

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

/* Whatever was typed as a name, a line holds it. */
static char *cut(const char *name)
{
    g_autofree char *first = g_utf8_strlen(name, -1) > NAME_MAX_SHOWN ? g_utf8_substring(name, 0, NAME_MAX_SHOWN) : NULL;
    return first != NULL ? g_strconcat(g_strchomp(first), "…", NULL) : g_strdup(name);
}

char *drafts_whose(const Case *it, const GHashTable *typed)
{
    g_autofree char *typed_name = g_strconcat(request_value(typed, "parts.minimum.person.forenames"), " ", request_value(typed, "parts.minimum.person.surname"), NULL);
    return cut(it != NULL && it->name != NULL ? it->name : g_strstrip(typed_name));
}

/* Of one form the newest is a line of the list, and has the others with it. */
static void add_draft(json_t *list, json_t *draft)
{
    size_t i;
    json_t *first;
    json_array_foreach (list, i, first)
        if (strcmp(case_text(first, "title"), case_text(draft, "title")) == 0) {
            json_t *others = json_object_get(first, "others");
            json_array_append_new(json_object_get(others, "drafts"), draft);
            json_object_set_new(others, "count", json_integer((json_int_t)json_array_size(json_object_get(others, "drafts"))));
            json_object_set(first, "more", others);
            return;
        }
    json_object_set_new(draft, "others", json_pack("{s:[]}", "drafts"));
    json_array_append_new(list, draft);
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
        if (!g_str_has_prefix(draft->path, *begun != '\0' ? acts : "/say/")) /* a manager's that was sent late stands on its own page */
            continue;
        const Form *form = form_of(w, draft->path, &it);
        const FormSaying saying = { w, request->session->account, form, it };
        if (form != NULL && form_untouched(&saying, draft->form)) /* somebody looked at it, and no more */
            continue;
        if (it != NULL)
            case_open(w->caseload, it);
        g_autofree char *at = say_time(draft->at), *whose = drafts_whose(it, draft->form);
        add_draft(list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "path", draft->path, "title", form != NULL ? _(form->title) : _("A form that cannot be sent any more"), "name",
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
        draft_forget(w->client, account, path, NULL);
        reply_redirect(request, "/", NULL);
        return;
    }
    const Form *form = request->post && strcmp(step, "keep") == 0 ? form_of(w, path, &it) : NULL;
    if (form == NULL) {
        reply_problem(request, 404, _("There is no such form here"), _("Go back to the client, and choose what to do."));
        return;
    }
    char id[ACT_ID];
    const FormSaying saying = { w, request->session->account, form, it };
    const char *act = request_value(request->form, "key");
    g_autofree char *plain = g_strndup(path, strcspn(path, "?")), *own = draft_path(plain, act), *at = say_time(tc_client_now(w->client)), *words = g_strdup_printf(_("Kept as a draft on %s"), at);
    if (act_sent(w, saying.account, act, id))
        reply_text(request, 200, _("This was sent already. What is sent from here is sent beside it."));
    else if (form_untouched(&saying, request->form)) {
        draft_forget(w->client, account, own, act);
        reply_text(request, 200, "");
    } else if (draft_keep(w->client, account, own, request->form))
        reply_text(request, 200, words);
    else
        reply_text(request, 507, _("The draft could not be kept: is the disk full?"));
}
