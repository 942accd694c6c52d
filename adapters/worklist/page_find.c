/* Finds a client by name, day of birth or number among all that this service has to do with. What is looked for is posted and not kept: it stands in no address and in no log. */
#include "adapters/station/words.h"
#include "adapters/worklist/card.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/language.h"
#include "adapters/worklist/medication.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"
#include "proto/linkage.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LETTERS_MIN = 2, NUMBER_MIN = 5, SHOWN = 50 };

static void take(void *ctx, const Case *it) { g_ptr_array_add(ctx, (gpointer)it); }

static gint by_name(gconstpointer a, gconstpointer b) { return case_by_name(*(Case *const *)a, *(Case *const *)b); }

/* What was asked for: a name in any case; and, where it reads as one, a day ("3 2 1997", "03/02/1997") or a number as case.h keeps them; NULL else. */
typedef struct Wanted { const char *name; char *born, *number; } Wanted;

/* this_year: its last two digits; a year of two digits is not to come. */
static char *day_in(const char *words, int this_year)
{
    int d, m, y, end = 0;
    if (sscanf(words, " %2d%*1[ ./-]%2d%*1[ ./-]%4d %n", &d, &m, &y, &end) != 3 || words[end] != '\0')
        return NULL;
    g_autofree char *day = g_strdup_printf("%04d-%02d-%02d", y >= 100 ? y : y > this_year ? 1900 + y : 2000 + y, m, d);
    return tc_date_valid(day, strlen(day)) ? g_steal_pointer(&day) : NULL;
}

static char *number_in(const char *words)
{
    g_autofree char *number = tc_linkage_normalise(words);
    return strlen(number) >= NUMBER_MIN && strpbrk(number, "0123456789") != NULL ? g_steal_pointer(&number) : NULL;
}

static bool is_wanted(const Wanted *wanted, const Case *it)
{
    return (it->name != NULL && g_str_match_string(wanted->name, it->name, TRUE)) || (wanted->born != NULL && g_strcmp0(it->born, wanted->born) == 0) ||
           (wanted->number != NULL && it->numbers != NULL && g_strv_contains((const char *const *)it->numbers, wanted->number));
}

/* One conversation of each client, by name, of those that are open already. Two of one name and birthday are two, unless the client's page leads from the one to the other. */
static GPtrArray *find(const Worklist *w, const char *name)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new(), named = g_ptr_array_new();
    g_autofree char *today = say_date_of(tc_client_now(w->client), 0), *born = day_in(name, atoi(today + 2)), *number = number_in(name);
    const Wanted wanted = { name, born, number };
    caseload_each(w->caseload, take, all);
    for (guint i = 0; i < all->len; i++) {
        Case *one = all->pdata[i];
        if (one->name != NULL && is_wanted(&wanted, one))
            g_ptr_array_add(named, one);
    }
    GPtrArray *found = client_each(w, named);
    g_ptr_array_sort(found, by_name);
    return found;
}

/* Who has to say why they look at a client learns here that the team knows them, and no more. */
static json_t *row_of(const Request *request, Case *it, const char *day)
{
    if (reason_needed(request, it))
        return card_guarded(request->worklist, it, CASES_OPEN, NULL);
    g_autofree char *kind = say_sentence(words_of(it->kind)), *state = say_sentence(medication_state(request->worklist, it)), *born = say_short_day(it->born != NULL ? it->born : ""),
                    *known = *state != '\0' ? g_strdup_printf("%s. %s", kind, state) : g_strdup(kind), *whose = card_whose(request->worklist, it, day);
    return json_pack("{s:s, s:s, s:s, s:s, s:[], s:s, s:s}", "id", it->conversation, "name", it->name, "born", born, "what", known, "tags", "note", "", "whose", whose);
}

static void add_found(json_t *view, const Request *request, const char *name)
{
    const Worklist *w = request->worklist;
    g_autoptr(GPtrArray) found = find(w, name);
    g_autofree char *day = say_date_of(tc_client_now(w->client), 0);
    json_t *rows = json_array();
    for (guint i = 0; i < found->len && i < SHOWN; i++)
        json_array_append_new(rows, row_of(request, found->pdata[i], day));
    json_object_set_new(view, "found", json_pack("{s:i, s:o, s:b, s:b}", "count", (int)found->len, "rows", rows, "most", found->len > SHOWN, "opening", caseload_is_opening(w->caseload)));
}

/* Spaces and dots find everybody. */
static int letters_in(const char *name)
{
    int letters = 0;
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at))
        letters += g_unichar_isalnum(g_utf8_get_char(at));
    return letters;
}

void page_find(Request *request, const char *rest)
{
    const char *name = request_value(request->form, "name");
    bool few = letters_in(name) < LETTERS_MIN, asked = request->post && !few;
    (void)rest;
    if (request->post && language_known(request_value(request->form, "step")))
        request_set_language(request, request_value(request->form, "step"));
    json_t *view = json_pack("{s:s, s:s, s:s, s:b}", "title", _("Find a client"), "action", "/find", "name", name, "summary", request->post && few);
    if (request->post && few)
        json_object_set_new(view, "name_error", json_string(_("Write at least two letters or digits")));
    if (asked)
        add_found(view, request, name);
    reply_page(request, request->post && few ? 422 : 200, "find", view);
}
