#include "adapters/worklist/manage.h"

#include "adapters/worklist/alphabet.h"
#include "adapters/worklist/library.h"
#include "proto/date.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

static const struct { const char *address, *words; } ways[] = {
    { "/manage", N_("What is late") }, { "/manage/caseloads", N_("Caseloads") }, { "/manage/away", N_("Leave and cover") }, { "/manage/hours", N_("Hours and places") },
    { "/manage/reports", N_("Reports") }, { "/manage/accounts", N_("Accounts") },
};

json_t *manage_view(const Request *request, const char *title, const char *done)
{
    json_t *list = json_array();
    bool manager = request->session->account->role == ROLE_MANAGER;
    for (size_t i = 0; manager && i < G_N_ELEMENTS(ways); i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "address", ways[i].address, "words", _(ways[i].words), "here", strcmp(request->path, ways[i].address) == 0));
    return json_pack("{s:s, s:o, s:s}", "title", title, "ways", list, "done", done != NULL ? done : request->typed && !request->post ? _("You sent this when your session had ended, so it does not count yet. Look at it, and send it again.") : "");
}

/* ---- Mistakes ---- */

static const char *error_of(const json_t *errors, const char *name)
{
    size_t i;
    json_t *error;
    json_array_foreach ((json_t *)errors, i, error)
        if (strcmp(case_text(error, "name"), name) == 0)
            return case_text(error, "text");
    return "";
}

void manage_error(json_t *errors, const char *name, const char *text)
{
    if (*error_of(errors, name) == '\0')
        json_array_append_new(errors, json_pack("{s:s, s:s}", "name", name, "text", text));
}

void manage_failed(const Request *request, json_t *errors, const char *name, const TcError *error)
{
    g_autofree char *said = library_said(request->worklist, error->text);
    manage_error(errors, name, said);
}

void manage_errors(json_t *view, json_t *errors)
{
    if (json_array_size(errors) > 0)
        json_object_set_new(view, "summary", json_true());
    json_object_set_new(view, "errors", errors);
}

/* ---- Fields ---- */

static json_t *field(const char *name, const char *label, const char *hint, const char *value, const json_t *errors)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", name, "label", label, "hint", hint != NULL ? hint : "", "value", value, "error", error_of(errors, name));
}

json_t *manage_text(const char *name, const char *label, const char *hint, const char *value, const json_t *errors)
{
    json_t *page = field(name, label, hint, value, errors);
    json_object_set_new(page, "line", json_true());
    return page;
}

json_t *manage_select(const char *name, const char *label, const char *hint, json_t *options, const json_t *errors)
{
    json_t *page = field(name, label, hint, "", errors);
    json_object_set_new(page, "select", json_pack("{s:o}", "options", options));
    return page;
}

static const char *box_of(const GHashTable *typed, const char *name, const char *part)
{
    g_autofree char *whole = g_strconcat(name, "-", part, NULL);
    return typed != NULL ? request_value(typed, whole) : "";
}

json_t *manage_day(const char *name, const char *label, const char *hint, const GHashTable *typed, const json_t *errors)
{
    json_t *page = field(name, label, hint, "", errors);
    json_object_set_new(page, "day_boxes", json_pack("{s:s, s:s, s:s}", "day", box_of(typed, name, "day"), "month", box_of(typed, name, "month"), "year", box_of(typed, name, "year")));
    json_object_set_new(page, "with_time", json_false());
    return page;
}

char *manage_typed_day(const GHashTable *typed, const char *name)
{
    const char *day = box_of(typed, name, "day"), *month = box_of(typed, name, "month"), *year = box_of(typed, name, "year");
    bool digits = strspn(day, "0123456789") == strlen(day) && strspn(month, "0123456789") == strlen(month) && strspn(year, "0123456789") == strlen(year);
    g_autofree char *date = digits && strlen(year) == 4 && strlen(day) <= 2 && strlen(month) <= 2 ? g_strdup_printf("%s-%02d-%02d", year, atoi(month), atoi(day)) : NULL;
    return date != NULL && tc_date_valid(date, strlen(date)) ? g_steal_pointer(&date) : NULL;
}

json_t *manage_option(const char *value, const char *label, const char *chosen)
{
    return json_pack("{s:s, s:s, s:b}", "value", value, "label", label, "chosen", strcmp(value, chosen) == 0);
}

static gint by_person(gconstpointer a, gconstpointer b)
{
    const Account *x = *(Account *const *)a, *y = *(Account *const *)b;
    int order = alphabet_compare(x->person, y->person);
    return order != 0 ? order : strcmp(x->worker, y->worker);
}

json_t *manage_workers(const Worklist *w, const char *chosen, const char *but)
{
    json_t *options = json_array();
    g_autoptr(GPtrArray) accounts = account_list(w->accounts);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_ptr_array_sort(accounts, by_person);
    for (guint i = 0; i < accounts->len; i++) {
        const Account *account = accounts->pdata[i];
        bool works = !account->closed && (account->role == ROLE_WORKER || account->role == ROLE_MANAGER);
        g_autofree char *label = g_strdup_printf("%s (%s)", account->person, account->worker);
        if (works && g_strcmp0(account->worker, but) != 0 && g_hash_table_add(seen, account->worker))
            json_array_append_new(options, manage_option(account->worker, label, chosen));
    }
    return options;
}

void manage_done(Request *request, const char *path, const char *done)
{
    g_autofree char *address = g_strdup_printf("%s%sdone=%s", path, strchr(path, '?') != NULL ? "&" : "?", done);
    reply_redirect(request, address, NULL);
}
