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

/* Each once; borrowed from the case. */
static void add_tie(GPtrArray *ties, const char *tie)
{
    if (*tie != '\0' && !g_ptr_array_find_with_equal_func(ties, tie, g_str_equal, NULL))
        g_ptr_array_add(ties, (char *)tie);
}

static GPtrArray *ties_of(const Case *it)
{
    GPtrArray *ties = g_ptr_array_new();
    size_t i;
    json_t *row;
    add_tie(ties, it->conversation);
    add_tie(ties, it->about);
    json_array_foreach (it->rows, i, row)
        add_tie(ties, case_text(row, "merge.other"));
    for (i = 0; it->numbers != NULL && it->numbers[i] != NULL; i++)
        add_tie(ties, it->numbers[i]);
    if (it->born_tie != NULL) {
        add_tie(ties, it->born_tie);
        add_tie(ties, it->name_tie);
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
        if (tied == NULL || ((ties->pdata[i] == it->born_tie || ties->pdata[i] == it->name_tie) && tied->len > CROWD))
            continue;
        for (guint j = 0; j < tied->len; j++)
            if (tied->pdata[j] != it && !g_ptr_array_find(into, tied->pdata[j], NULL))
                g_ptr_array_add(into, tied->pdata[j]);
    }
}
