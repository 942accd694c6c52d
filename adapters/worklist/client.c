#include "adapters/worklist/client.h"

#include "adapters/station/words.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

enum { CASES_MAX = 200 }; /* conversations of one client */

/* ---- All conversations ---- */

static bool share_number(const Case *a, const Case *b)
{
    for (size_t i = 0; a->numbers != NULL && b->numbers != NULL && a->numbers[i] != NULL; i++)
        if (g_strv_contains((const char *const *)b->numbers, a->numbers[i]))
            return true;
    return false;
}

/* A worker's last word on whether this conversation's client is another's: 1 yes, -1 no, 0 nothing was said. Who names no other means whoever has the same number. */
static int word_on(const Case *it, const Case *other)
{
    size_t i;
    json_t *row;
    int word = 0;
    if (!it->facts.worded)
        return 0;
    json_array_foreach (it->rows, i, row)
        if (strcmp(case_text(row, "kind"), "merge") == 0 && case_counts(row) && (strcmp(case_text(row, "merge.other"), other->conversation) == 0 || (*case_text(row, "merge.other") == '\0' && share_number(it, other))))
            word = strcmp(case_text(row, "merge.verdict"), "one_client") == 0 ? 1 : -1;
    return word;
}

static bool is_same(const Case *a, const Case *b)
{
    bool tied = strcmp(a->about, b->conversation) == 0 || strcmp(b->about, a->conversation) == 0;
    bool agree = a->born != NULL && g_strcmp0(a->born, b->born) == 0 && share_number(a, b) && a->facts.match_at == 0 && b->facts.match_at == 0;
    int word = word_on(a, b) + word_on(b, a);
    return word != 0 ? word > 0 : tied || agree;
}

enum { ARISE_MAX = 4 }; /* one from another from another … */

static Case *origin_of(const Worklist *worklist, const Case *it) { return caseload_find(worklist->caseload, it->about); }

/* A worker's word holds for what arose from the two as well, unless there is a nearer one. */
static bool are_parted(const Worklist *worklist, const Case *a, const Case *b)
{
    for (int i = 0; i < ARISE_MAX && a != NULL; i++, a = origin_of(worklist, a)) {
        const Case *other = b;
        for (int j = 0; j < ARISE_MAX && other != NULL && other != a; j++, other = origin_of(worklist, other)) {
            int word = word_on(a, other) + word_on(other, a);
            if (word != 0)
                return word < 0;
        }
    }
    return false;
}

static bool is_parted(const Worklist *worklist, const GPtrArray *from, const Case *it)
{
    for (guint i = 0; i < from->len; i++)
        if (are_parted(worklist, from->pdata[i], it))
            return true;
    return false;
}

/* By what is known already. Two whom a worker parted are not one over a third. */
static GPtrArray *tied_to(const Worklist *worklist, Case *it)
{
    GPtrArray *found = g_ptr_array_new();
    g_ptr_array_add(found, it);
    for (guint i = 0; i < found->len; i++) {
        g_autoptr(GPtrArray) near = caseload_near(worklist->caseload, found->pdata[i]);
        for (guint j = 0; j < near->len && found->len < CASES_MAX; j++)
            if (case_about_somebody(near->pdata[j]) && !g_ptr_array_find(found, near->pdata[j], NULL) && is_same(found->pdata[i], near->pdata[j]) && !is_parted(worklist, found, near->pdata[j]))
                g_ptr_array_add(found, near->pdata[j]);
    }
    return found;
}

GPtrArray *client_cases(const Worklist *worklist, Case *it)
{
    case_open(worklist->caseload, it);
    GPtrArray *found = tied_to(worklist, it);
    qsort(found->pdata + 1, found->len - 1, sizeof *found->pdata, case_newest_first);
    for (guint i = 0; i < found->len; i++)
        case_open(worklist->caseload, found->pdata[i]);
    return found;
}

GPtrArray *client_each(const Worklist *worklist, const GPtrArray *cases)
{
    GPtrArray *each = g_ptr_array_new();
    g_autoptr(GPtrArray) newest = g_ptr_array_sized_new(cases->len);
    g_autoptr(GHashTable) shown = g_hash_table_new(NULL, NULL); /* those whose client has one among them */
    for (guint i = 0; i < cases->len; i++)
        g_ptr_array_add(newest, cases->pdata[i]);
    g_ptr_array_sort(newest, case_newest_first);
    for (guint i = 0; i < newest->len; i++) {
        if (g_hash_table_contains(shown, newest->pdata[i]))
            continue;
        g_autoptr(GPtrArray) same = tied_to(worklist, newest->pdata[i]);
        for (guint j = 0; j < same->len; j++)
            g_hash_table_add(shown, same->pdata[j]);
        g_ptr_array_add(each, newest->pdata[i]);
    }
    return each;
}

static void add_case(void *ctx, const Case *it)
{
    if (case_about_somebody(it))
        g_ptr_array_add(ctx, (Case *)it);
}

/* Everybody's. */
static GPtrArray *all_cases(const Worklist *worklist)
{
    GPtrArray *all = g_ptr_array_new();
    caseload_each(worklist->caseload, add_case, all);
    return all;
}

/* In its lists a name stands as "surname TAB forenames". */
static json_t *person_of(const Case *it)
{
    g_auto(GStrv) names = g_strsplit(it->by_name, "\t", 2);
    return json_pack("{s:s, s:s, s:s}", "surname", names[0], "forenames", names[1] != NULL ? names[1] : "", "date_of_birth", it->born);
}

static bool is_like(const Case *it, const Case *other)
{
    if (!it->looked || !other->looked || it->born == NULL || other->born == NULL)
        return false;
    json_auto_t *one = person_of(it), *another = person_of(other);
    return tc_people_alike(one, another);
}

static const char *surname_of(const Case *it)
{
    const char *space = it->name != NULL ? strrchr(it->name, ' ') : NULL;
    return space != NULL ? space + 1 : it->name != NULL ? it->name : "";
}

static bool shares_something(const Case *it, const Case *other)
{
    return it->name != NULL && other->name != NULL && (g_ascii_strcasecmp(surname_of(it), surname_of(other)) == 0 || g_strcmp0(it->born, other->born) == 0 || share_number(it, other));
}

GPtrArray *client_alike(const Worklist *worklist, Case *it, guint limit)
{
    g_autoptr(GPtrArray) all = all_cases(worklist), same = client_cases(worklist, it);
    GPtrArray *found = g_ptr_array_new();
    g_ptr_array_sort(all, case_newest_first);
    for (int likely = 1; likely >= 0; likely--)
        for (guint i = 0; i < all->len && found->len < limit; i++) {
            Case *other = all->pdata[i];
            if (shares_something(it, other) && is_like(it, other) == (likely == 1) && !g_ptr_array_find(same, other, NULL))
                g_ptr_array_add(found, other);
        }
    return found;
}

/* ---- By name and day of birth ---- */

/* Has somebody said of any two of their conversations whether they are one client? */
static bool is_decided(const Worklist *worklist, const GPtrArray *same, Case *other)
{
    g_autoptr(GPtrArray) others = tied_to(worklist, other);
    for (guint i = 0; i < same->len; i++)
        for (guint j = 0; j < others->len; j++)
            if (word_on(same->pdata[i], others->pdata[j]) + word_on(others->pdata[j], same->pdata[i]) != 0)
                return true;
    return false;
}

/* One conversation of each client: [{ "id", "name", "born", "what", "here": on whose page that is said, "" none }]. */
static json_t *like_view(const Worklist *worklist, const GPtrArray *like, const char *here)
{
    g_autoptr(GPtrArray) each = client_each(worklist, like);
    json_t *view = json_array();
    for (guint i = 0; i < each->len; i++) {
        const Case *other = each->pdata[i];
        g_autofree char *born = say_short_day(other->born), *what = say_sentence(words_of(other->kind));
        json_array_append_new(view, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", other->conversation, "name", other->name, "born", born, "what", what, "here", here));
    }
    return view;
}

json_t *client_perhaps(const Worklist *worklist, Case *it)
{
    g_autoptr(GPtrArray) near = caseload_near(worklist->caseload, it), same = tied_to(worklist, it), like = g_ptr_array_new();
    for (guint i = 0; i < near->len; i++) {
        Case *other = near->pdata[i];
        if (is_like(it, other) && !g_ptr_array_find(same, other, NULL) && !is_decided(worklist, same, other))
            g_ptr_array_add(like, other);
    }
    return like_view(worklist, like, it->conversation);
}

json_t *client_known_as(const Worklist *worklist, const json_t *person)
{
    Case *it = case_new("", json_array(), NULL);
    case_know(it, person);
    g_autoptr(GPtrArray) near = caseload_near(worklist->caseload, it), like = g_ptr_array_new();
    for (guint i = 0; i < near->len; i++)
        if (is_like(it, near->pdata[i]))
            g_ptr_array_add(like, near->pdata[i]);
    case_free(it);
    return like_view(worklist, like, "");
}

/* ---- A possible match ---- */

static const struct { char kind; const char *words; } number_kinds[] = { { 'n', N_("NHS number") }, { 'p', N_("Prison number") }, { 'c', N_("PNC number") } };

static bool is_others(const Case *it, guint number, const GPtrArray *near)
{
    for (guint i = 0; i < near->len; i++) {
        const Case *other = near->pdata[i];
        if (other->numbers != NULL && g_strv_contains((const char *const *)other->numbers, it->numbers[number]) && !is_same(it, other))
            return true;
    }
    return false;
}

/* Their kinds in words, each once; near: those that others have too, NULL: all. */
static char *kinds_said(const Case *it, const GPtrArray *near)
{
    GString *said = g_string_new(NULL);
    for (size_t k = 0; k < G_N_ELEMENTS(number_kinds); k++)
        for (guint i = 0; it->numbers != NULL && it->numbers[i] != NULL; i++)
            if (it->number_kinds[i] == number_kinds[k].kind && (near == NULL || is_others(it, i, near))) {
                g_string_append_printf(said, "%s%s", said->len == 0 ? "" : near != NULL ? ", " : _(" or "), _(number_kinds[k].words));
                break;
            }
    return g_string_free(said, FALSE);
}

char *client_match_numbers(const Worklist *worklist, Case *it)
{
    case_open(worklist->caseload, it);
    g_autoptr(GPtrArray) near = caseload_near(worklist->caseload, it);
    g_autofree char *known = kinds_said(it, near);
    return *known != '\0' ? g_steal_pointer(&known) : kinds_said(it, NULL);
}
