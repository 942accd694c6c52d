/* Who looked at whom: kept in the spool, one note a view, for information governance. */
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_NOTE "worklist:views"
enum { VIEWS_SHOWN = 200, VIEWS_COUNTED = 64 };

static char *view_note(const Worklist *w, int64_t number)
{
    g_autofree char *name = g_strdup_printf(COUNT_NOTE ":%" G_GINT64_FORMAT, number);
    return tc_client_note_get(w->client, name);
}

/* The count that is kept lags behind: it is written every so often, and the rest is found at the start. */
static int64_t view_count(Worklist *w)
{
    if (w->views < 0) {
        char *text = tc_client_note_get(w->client, COUNT_NOTE), *next = NULL;
        w->views = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
        while ((next = view_note(w, w->views + 1)) != NULL) {
            w->views++;
            free(next);
        }
        free(text);
    }
    return w->views;
}

void view_record(Worklist *w, const Account *account, const char *conversation, const char *what)
{
    TcError error;
    int64_t number = view_count(w) + 1;
    g_autofree char *name = g_strdup_printf(COUNT_NOTE ":%" G_GINT64_FORMAT, number), *count = g_strdup_printf("%" G_GINT64_FORMAT, number);
    json_auto_t *view = json_pack("{s:I, s:s, s:s, s:s}", "at", (json_int_t)tc_client_now(w->client), "account", account->name, "conversation", conversation, "what", what);
    char *text = json_dumps(view, JSON_COMPACT);
    if (tc_client_note_set(w->client, name, text, &error))
        w->views = number;
    if (number % VIEWS_COUNTED == 0)
        tc_client_note_set(w->client, COUNT_NOTE, count, &error);
    free(text);
}

json_t *view_list(Worklist *w, int limit)
{
    json_t *list = json_array();
    for (int64_t number = view_count(w); number > 0 && limit-- > 0; number--) {
        char *text = view_note(w, number);
        json_auto_t *view = text != NULL ? json_loads(text, 0, NULL) : NULL;
        const Account *account = account_find(w->accounts, case_text(view, "account"));
        g_autofree char *at = say_time(json_integer_value(json_object_get(view, "at")));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "at", at, "person", account != NULL ? account->person : case_text(view, "account"), "conversation",
                                              case_text(view, "conversation"), "what", case_text(view, "what")));
        free(text);
    }
    return list;
}

void page_views(Request *request, const char *rest)
{
    (void)rest;
    reply_page(request, 200, "views", json_pack("{s:s, s:o}", "title", _("Who looked at whom"), "views", view_list(request->worklist, VIEWS_SHOWN)));
}
