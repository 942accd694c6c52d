/* Which counts are hidden: those below five, and those that would give one away. */
#include "unit.h"

#include "adapters/station/suppress.h"

#include <glib.h>

enum { ROWS = 4, COLUMNS = 4 };

/* counts and, in the same places, what is hidden: # hidden, . shown. */
static const struct { const char *what; size_t rows, columns; long long counts[ROWS * COLUMNS]; const char *hidden; } cases[] = {
    { "nothing is small", 2, 2, { 10, 5, 20, 9 }, "...." },
    { "nought is nobody", 1, 2, { 10, 0 }, ".." },
    { "a whole that is small hides its parts", 1, 3, { 4, 3, 1 }, "###" },
    { "one part alone could be worked out", 1, 3, { 20, 3, 9 }, ".##" },
    { "two small parts hide each other", 1, 3, { 20, 3, 4 }, ".##" },
    { "one row alone could be worked out from the column's total", 3, 1, { 3, 9, 30 }, "##." },
    { "of several rows the smallest goes with it", 3, 1, { 30, 3, 9 }, ".##" },
    { "a row that is hidden whole brings a second, whole", 2, 2, { 3, 2, 40, 30 }, "####" },
    { "all that is there is small", 1, 1, { 2 }, "#" },
    { "no rows", 0, 2, { 0 }, "" },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool hidden[ROWS * COLUMNS] = { false };
        suppress(cases[i].counts, cases[i].rows, cases[i].columns, hidden);
        for (size_t cell = 0; cell < cases[i].rows * cases[i].columns; cell++)
            if (hidden[cell] != (cases[i].hidden[cell] == '#'))
                fail_msg("%s: cell %zu is %s", cases[i].what, cell, hidden[cell] ? "hidden" : "shown");
    }
}

/* Whatever the table: no small count is shown, and no line of parts hides exactly one while it could hide another. */
static void test_random(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    (void)state;
    for (int round = 0; round < 20000; round++) {
        long long counts[ROWS * COLUMNS];
        bool hidden[ROWS * COLUMNS] = { false };
        size_t rows = (size_t)g_rand_int_range(random, 1, ROWS + 1), columns = (size_t)g_rand_int_range(random, 1, COLUMNS + 1);
        for (size_t i = 0; i < rows * columns; i++)
            counts[i] = g_rand_int_range(random, 0, 12);
        suppress(counts, rows, columns, hidden);
        for (size_t i = 0; i < rows * columns; i++)
            assert_false(!hidden[i] && counts[i] > 0 && counts[i] < SUPPRESS_BELOW);
        for (size_t column = 0; rows > 1 && column < columns; column++) {
            size_t hiding = 0, shown = 0;
            for (size_t row = 0; row < rows; row++) {
                hiding += hidden[row * columns + column];
                shown += !hidden[row * columns + column] && counts[row * columns + column] > 0;
            }
            assert_false(hiding == 1 && shown > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_random) };
    return cmocka_run_group_tests_name("suppress", tests, NULL, NULL);
}
