/* Who looked at whom: kept in the spool, one note a view, for information governance. */
#include "adapters/files/cells.h"
#include "adapters/station/words.h"
#include "adapters/worklist/form.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_NOTE "worklist:views"
enum { VIEWS_SHOWN = 100, VIEWS_COUNTED = 64, LOOKED_BACK = 20000 };

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

bool view_record(Request *request, const Case *it, const char *what)
{
    Worklist *w = request->worklist;
    TcError error;
    int64_t number = view_count(w) + 1;
    g_autofree char *name = g_strdup_printf(COUNT_NOTE ":%" G_GINT64_FORMAT, number), *count = g_strdup_printf("%" G_GINT64_FORMAT, number);
    json_auto_t *view = json_pack("{s:I, s:s, s:s, s:s}", "at", (json_int_t)tc_client_now(w->client), "account", request->session->account->name, "conversation", it->conversation, "what", what);
    char *text = json_dumps(view, JSON_COMPACT);
    bool kept = tc_client_note_set(w->client, name, text, &error);
    free(text);
    if (!kept) {
        reply_unkept(request);
        return false;
    }
    w->views = number;
    if (number % VIEWS_COUNTED == 0)
        tc_client_note_set(w->client, COUNT_NOTE, count, &error);
    return true;
}

/* ---- Looking for some of them ---- */

typedef struct Asked { const Account *person; const char *tag, *client, *day; int64_t before; } Asked; /* NULL, "" and 0: any; tag: the person's */

static Asked asked_of(const Request *request)
{
    const char *day = request_value(request->query, "day"), *client = request_value(request->query, "client"), *person = request_value(request->query, "person");
    const Account *account = account_tagged(request->worklist->accounts, person);
    return (Asked){ account, account != NULL ? person : "", caseload_find(request->worklist->caseload, client) != NULL ? client : "",
                    tc_date_valid(day, strlen(day)) ? day : "", g_ascii_strtoll(request_value(request->query, "before"), NULL, 10) };
}

static bool fits(const Asked *asked, const json_t *view)
{
    if ((asked->person != NULL && strcmp(case_text(view, "account"), asked->person->name) != 0) || (*asked->client != '\0' && strcmp(case_text(view, "conversation"), asked->client) != 0))
        return false;
    g_autofree char *day = *asked->day != '\0' ? say_date_of(json_integer_value(json_object_get(view, "at")), 0) : g_strdup("");
    return strcmp(day, asked->day) == 0;
}

/* The newest first, at most rows of them, or as far as is looked back at once. *next: where to go on, 0: there are no older ones. */
static json_t *find_views(Worklist *w, const Asked *asked, size_t rows, int64_t *next)
{
    json_t *found = json_array();
    int64_t number = asked->before > 0 ? MIN(asked->before, view_count(w)) : view_count(w), last = MAX(number - LOOKED_BACK, 0);
    for (; number > last && json_array_size(found) < rows; number--) {
        char *text = view_note(w, number);
        json_auto_t *view = text != NULL ? json_loads(text, 0, NULL) : NULL;
        free(text);
        if (view != NULL && fits(asked, view))
            json_array_append(found, view);
    }
    *next = number;
    return found;
}

static const char *person_of(const Worklist *w, const json_t *view)
{
    const Account *account = account_find(w->accounts, case_text(view, "account"));
    return account != NULL ? account->person : case_text(view, "account");
}

/* What was looked at, as that page is called: a form by its title. */
static const char *looked_at(const json_t *view)
{
    static const char *const pages[][2] = { { "client", N_("The client's page") }, { "handover", N_("Handover sheet") }, { "dose_sheet", N_("Dose sheet") },
                                            { "disclosures", N_("Who was told what") }, { "answerable", N_("Who was answerable") } };
    const char *what = case_text(view, "what");
    const Form *form = form_find(what);
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++)
        if (strcmp(what, pages[i][0]) == 0)
            return _(pages[i][1]);
    return form != NULL ? _(form->title) : words_of(what);
}

/* ---- The page ---- */

static json_t *row_of(Worklist *w, const json_t *view)
{
    Case *it = caseload_find(w->caseload, case_text(view, "conversation"));
    g_autofree char *at = say_time(json_integer_value(json_object_get(view, "at"))), *what = say_sentence(looked_at(view));
    if (it != NULL)
        case_open(w->caseload, it);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "at", at, "person", person_of(w, view), "conversation", case_text(view, "conversation"), "client", it != NULL && it->name != NULL ? it->name : "",
                     "what", what);
}

static json_t *people_of(const Worklist *w, const Asked *asked)
{
    json_t *options = json_array();
    g_autoptr(GPtrArray) accounts = account_list(w->accounts);
    for (guint i = 0; i < accounts->len; i++) {
        const Account *account = accounts->pdata[i];
        g_autofree char *tag = account_tag(account);
        json_array_append_new(options, json_pack("{s:s, s:s, s:b}", "value", tag, "label", account->person, "chosen", account == asked->person));
    }
    return options;
}

static char *address_of(const char *page, const Asked *asked, int64_t before)
{
    GString *out = g_string_new(page);
    const struct { const char *name, *value; } all[] = { { "person", asked->tag }, { "client", asked->client }, { "day", asked->day } };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (*all[i].value != '\0')
            g_string_append_printf(out, "%c%s=%s", strchr(out->str, '?') != NULL ? '&' : '?', all[i].name, all[i].value);
    if (before > 0)
        g_string_append_printf(out, "%cbefore=%" G_GINT64_FORMAT, strchr(out->str, '?') != NULL ? '&' : '?', before);
    return g_string_free(out, FALSE);
}

void page_views(Request *request, const char *rest)
{
    Worklist *w = request->worklist;
    Asked asked = asked_of(request);
    int64_t next;
    size_t i;
    json_t *view;
    (void)rest;
    json_auto_t *found = find_views(w, &asked, VIEWS_SHOWN, &next);
    json_t *rows = json_array();
    json_array_foreach (found, i, view)
        json_array_append_new(rows, row_of(w, view));
    Case *it = caseload_find(w->caseload, asked.client);
    g_autofree char *older = next > 0 ? address_of("/views", &asked, next) : g_strdup(""), *csv = address_of("/views.csv", &asked, 0);
    reply_page(request, 200, "views", json_pack("{s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s}", "title", _("Who looked at whom"), "views", rows, "people", people_of(w, &asked), "day", asked.day,
               "client", asked.client, "client_name", it != NULL && it->name != NULL ? it->name : asked.client, "older", older, "csv", csv));
}

void page_views_csv(Request *request, const char *rest)
{
    Asked asked = asked_of(request);
    int64_t next;
    size_t i;
    json_t *view;
    (void)rest;
    json_auto_t *found = find_views(request->worklist, &asked, LOOKED_BACK, &next);
    g_autoptr(GString) out = cells_new();
    cells_row(out, _("When"), _("Account"), _("Who"), _("Client"), _("What"), NULL);
    json_array_foreach (found, i, view) {
        g_autofree char *at = tc_date_format_time(json_integer_value(json_object_get(view, "at")));
        cells_row(out, at, case_text(view, "account"), person_of(request->worklist, view), case_text(view, "conversation"), case_text(view, "what"), NULL);
    }
    reply_file(request, "text/csv; charset=utf-8", "who-looked-at-whom.csv", out);
}
