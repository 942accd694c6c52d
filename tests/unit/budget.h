/* Memory that runs out: every arena that the code under test makes passes through here (the linker wraps tc_arena_new), and one of them, the
 * nth since budget_begin, gets less than it asks for. Pieces of an arena are whole sixteens of bytes, so growing its budget by sixteen stops at
 * each allocation of its life once. */
#ifndef TESTS_UNIT_BUDGET_H
#define TESTS_UNIT_BUDGET_H

#include "unit.h"

#include "proto/arena.h"

#include <stdbool.h>

enum { BUDGET_STEP = 16 };

static unsigned budget_which, budget_made;
static size_t budget_most;

TcArena *__real_tc_arena_new(size_t budget);
TcArena *__wrap_tc_arena_new(size_t budget);

TcArena *__wrap_tc_arena_new(size_t budget)
{
    return __real_tc_arena_new(++budget_made == budget_which ? MIN(budget, budget_most) : budget);
}

/* which: 0 for none. */
static inline void budget_begin(unsigned which, size_t most)
{
    budget_which = which;
    budget_most = most;
    budget_made = 0;
}

/* Whether there was such an arena. */
static inline bool budget_met(void)
{
    return budget_made >= budget_which;
}

/* Every file of a folder of the fuzz targets' corpora. */
static inline unsigned budget_each(const char *corpus, void (*act)(const uint8_t *data, size_t len))
{
    unsigned files = 0;
    g_autofree char *folder = g_build_filename(TC_SOURCE_DIR, "tests/fuzz/corpus", corpus, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL; files++) {
        gsize len;
        g_autofree char *path = g_build_filename(folder, name, NULL), *data = NULL;
        assert_true(g_file_get_contents(path, &data, &len, NULL));
        act((const uint8_t *)data, len);
    }
    return files;
}

#endif
