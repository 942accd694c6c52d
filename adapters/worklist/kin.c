#include "adapters/worklist/kin.h"

#include <string.h>

enum { CROWD = 200 }; /* a birthday or a name of so many is one that is written where it is not known, and ties nobody */

struct Kin { GHashTable *by_tie; }; /* a conversation or a number, a birthday or a name -> GPtrArray of Case * */

Kin *kin_new(void)
{
    Kin *kin = g_new0(Kin, 1);
    kin->by_tie = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    return kin;
}

void kin_free(Kin *kin)
{
    if (kin == NULL)
        return;
    g_hash_table_unref(kin->by_tie);
    g_free(kin);
}

/* Each once. tie: taken. */
static void add_tie(GPtrArray *ties, char *tie)
{
    if (*tie == '\0' || g_ptr_array_find_with_equal_func(ties, tie, g_str_equal, NULL))
        g_free(tie);
    else
        g_ptr_array_add(ties, tie);
}

/* The surname and the first forename, as case_by_name has them. */
static char *first_names(const char *by_name)
{
    const char *forenames = strchr(by_name, '\t');
    return g_strndup(by_name, (size_t)(forenames - by_name) + 1 + strcspn(forenames + 1, " -"));
}

/* Whom they tie may be one, and may be many. */
static bool is_weak(const char *tie) { return g_str_has_prefix(tie, "born ") || g_str_has_prefix(tie, "name "); }

static GPtrArray *ties_of(const Case *it)
{
    GPtrArray *ties = g_ptr_array_new_with_free_func(g_free);
    size_t i;
    json_t *row;
    add_tie(ties, g_strdup(it->conversation));
    add_tie(ties, g_strdup(it->about));
    json_array_foreach (it->rows, i, row)
        add_tie(ties, g_strdup(case_text(row, "merge.other")));
    for (i = 0; it->numbers != NULL && it->numbers[i] != NULL; i++)
        add_tie(ties, g_strdup(it->numbers[i]));
    if (it->looked && it->born != NULL) {
        g_autofree char *names = first_names(it->by_name);
        add_tie(ties, g_strconcat("born ", it->born, NULL));
        add_tie(ties, g_strconcat("name ", names, NULL));
    }
    return ties;
}

void kin_add(Kin *kin, Case *it)
{
    g_autoptr(GPtrArray) ties = ties_of(it);
    for (guint i = 0; i < ties->len; i++) {
        GPtrArray *tied = g_hash_table_lookup(kin->by_tie, ties->pdata[i]);
        if (tied == NULL)
            g_hash_table_insert(kin->by_tie, g_strdup(ties->pdata[i]), tied = g_ptr_array_sized_new(1));
        g_ptr_array_add(tied, it);
    }
}

void kin_remove(Kin *kin, Case *it)
{
    g_autoptr(GPtrArray) ties = ties_of(it);
    for (guint i = 0; i < ties->len; i++) {
        GPtrArray *tied = g_hash_table_lookup(kin->by_tie, ties->pdata[i]);
        if (tied != NULL && g_ptr_array_remove_fast(tied, it) && tied->len == 0)
            g_hash_table_remove(kin->by_tie, ties->pdata[i]);
    }
}

void kin_near(const Kin *kin, const Case *it, GPtrArray *into)
{
    g_autoptr(GPtrArray) ties = ties_of(it);
    for (guint i = 0; i < ties->len; i++) {
        const GPtrArray *tied = g_hash_table_lookup(kin->by_tie, ties->pdata[i]);
        if (tied == NULL || (is_weak(ties->pdata[i]) && tied->len > CROWD))
            continue;
        for (guint j = 0; j < tied->len; j++)
            if (tied->pdata[j] != it && !g_ptr_array_find(into, tied->pdata[j], NULL))
                g_ptr_array_add(into, tied->pdata[j]);
    }
}
