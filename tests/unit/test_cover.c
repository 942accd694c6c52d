/* Who stands in for whom on a day: duty cover, absences, covers that are away themselves, and what is refused. */
#include "unit.h"

#include "adapters/worklist/cover.h"

#include <string.h>

static const struct { const char *worker, *from, *to, *by; } away[] = {
    { "w-1", "2026-11-23", "2026-11-27", "" },      /* by the duty cover: w-2 */
    { "w-2", "2026-11-25", "2026-11-25", "w-3" },
    { "w-4", "2026-11-25", "2026-12-01", "w-5" },
    { "w-5", "2026-11-25", "2026-11-30", "w-4" },   /* in a circle */
    { "w-1", "2026-12-24", "2026-12-24", "w-6" },
};

static const struct { const char *worker, *day, *does; } asked[] = {
    { "w-1", "2026-11-22", "w-1" }, { "w-1", "2026-11-23", "w-2" }, { "w-1", "2026-11-25", "w-3" }, { "w-1", "2026-11-27", "w-2" }, { "w-1", "2026-11-28", "w-1" },
    { "w-1", "2026-12-24", "w-6" }, { "w-2", "2026-11-24", "w-2" }, { "w-4", "2026-11-25", "" }, { "w-4", "2026-12-01", "w-5" }, { "w-9", "2026-11-25", "w-9" },
};

static const struct { const char *worker, *from, *to, *by, *field; } refused[] = {
    { "", "2026-11-25", "2026-11-25", "w-2", "worker" }, { "w-1", "2026-02-30", "2026-11-25", "w-2", "from" }, { "w-1", "2026-11-29", "2026-11-28", "w-2", "to" },
    { "w-7", "2026-11-25", "2026-11-25", "", "cover" }, { "w-7", "2026-11-25", "2026-11-25", "w-7", "cover" }, { "w-1", "2026-11-27", "2026-12-02", "w-2", "from" },
};

static Cover *filled(void)
{
    TcError error;
    Cover *cover = cover_new(NULL);
    assert_true(cover_set_duty(cover, "w-1", "w-2", &error));
    for (size_t i = 0; i < G_N_ELEMENTS(away); i++)
        assert_true(cover_add(cover, away[i].worker, away[i].from, away[i].to, away[i].by, "2026-11-20", &error));
    return cover;
}

static void test_who(void **state)
{
    (void)state;
    Cover *cover = filled();
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++)
        if (strcmp(cover_of(cover, asked[i].worker, asked[i].day), asked[i].does) != 0)
            fail_msg("%s on %s: %s, not %s", asked[i].worker, asked[i].day, cover_of(cover, asked[i].worker, asked[i].day), asked[i].does);
    g_autoptr(GPtrArray) mine = cover_mine(cover, "w-3", "2026-11-25"), before = cover_mine(cover, "w-3", "2026-11-24");
    assert_int_equal(mine->len, 3); /* their own, w-1's and w-2's */
    assert_int_equal(before->len, 1);
    assert_string_equal(cover_away_until(cover, "w-4", "2026-11-26"), "2026-12-01");
    assert_null(cover_away_until(cover, "w-1", "2026-12-01"));
    cover_free(cover);
}

static void test_changes(void **state)
{
    TcError error;
    (void)state;
    Cover *cover = filled();
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++)
        if (cover_add(cover, refused[i].worker, refused[i].from, refused[i].to, refused[i].by, "2026-11-20", &error) || strcmp(error.field, refused[i].field) != 0)
            fail_msg("refused %zu: %s", i, error.field);
    json_auto_t *all = cover_list(cover, "2026-11-20"), *late = cover_list(cover, "2026-12-02");
    assert_int_equal(json_array_size(all), G_N_ELEMENTS(away));
    assert_int_equal(json_array_size(late), 1);
    assert_true(cover_remove(cover, "w-1", "2026-11-23", &error));
    assert_false(cover_remove(cover, "w-1", "2026-11-23", &error));
    assert_string_equal(cover_of(cover, "w-1", "2026-11-24"), "w-1");
    assert_true(cover_add(cover, "w-8", "2026-12-30", "2026-12-31", "w-1", "2026-12-25", &error));
    json_auto_t *left = cover_list(cover, "2020-01-01");
    assert_int_equal(json_array_size(left), 1); /* what ended before that day is forgotten */
    assert_false(cover_set_duty(cover, "w-1", "w-1", &error));
    assert_true(cover_set_duty(cover, "w-1", "", &error));
    assert_string_equal(cover_duty(cover, "w-1"), "");
    cover_free(cover);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_who), cmocka_unit_test(test_changes) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
