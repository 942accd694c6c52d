/* Times as a person reads them, in London. */
#include "unit.h"

#include "adapters/worklist/say.h"

static void test_time(void **state)
{
    static const struct { const char *time, *said; } rows[] = {
        { "2026-11-25T16:39:00Z", "25 November 2026 at 4:39pm" }, { "2026-11-25T09:05:59Z", "25 November 2026 at 9:05am" }, { "2026-11-25T12:00:00Z", "25 November 2026 at midday" },
        { "2026-07-01T11:00:00Z", "1 July 2026 at midday" }, { "2026-07-01T12:00:00Z", "1 July 2026 at 1:00pm" }, { "2026-11-25T12:01:00Z", "25 November 2026 at 12:01pm" },
        { "2026-11-25T00:00:00Z", "25 November 2026 at 12:00am" }, /* midnight of which day? */ { "x", "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *said = say_time_text(rows[i].time);
        assert_string_equal(said, rows[i].said);
    }
    g_autofree char *library = say_library_time("25 Nov 2026, 12:00");
    assert_string_equal(library, "25 November 2026 at midday");
}

static void test_age(void **state)
{
    static const struct { const char *born, *said; } rows[] = {
        { "1997-11-25", "29 years old" }, { "1997-11-26", "28 years old" }, { "1997-12-01", "28 years old" }, { "1997-02-03", "29 years old" }, { "2025-11-25", "1 year old" }, { "2026-11-25", "0 years old" },
        { "2026-11-26", "" }, { "1996-02-29", "30 years old" }, { "", "" }, { "x", "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *said = say_age(rows[i].born, "2026-11-25");
        assert_string_equal(said, rows[i].said);
    }
}

/* An example of a day is never long past, whenever it is read: in London, over the end of a month and of a year. */
static void test_example(void **state)
{
    static const struct { const char *now, *words, *said; } rows[] = {
        { "2026-12-31T12:00:00Z", "{yesterday}, {tomorrow} - {next_week}", "30 12 2026, 1 1 2027 - 8 1 2027" }, { "2028-02-28T12:00:00Z", "Er enghraifft, {tomorrow}, am 14:30", "Er enghraifft, 29 2 2028, am 14:30" },
        { "2027-06-30T23:30:00Z", "{tomorrow}", "2 7 2027" }, { "2026-11-25T12:00:00Z", "For example, 3 2 1997", "For example, 3 2 1997" }, { "2026-11-25T12:00:00Z", "", "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GDateTime) now = g_date_time_new_from_iso8601(rows[i].now, NULL);
        g_autofree char *said = say_example(rows[i].words, g_date_time_to_unix(now) * G_USEC_PER_SEC);
        assert_string_equal(said, rows[i].said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_time), cmocka_unit_test(test_age), cmocka_unit_test(test_example) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
