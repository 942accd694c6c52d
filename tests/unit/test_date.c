/* Times as text, both ways, and what is not a time. */
#include "unit.h"

#include "proto/date.h"

static void test_there_and_back(void **state)
{
    static const struct { int64_t time; const char *text; } table[] = {
        { 0, "1970-01-01T00:00:00Z" },
        { 1, "1970-01-01T00:00:00.000001Z" },
        { 500000, "1970-01-01T00:00:00.5Z" },
        { G_GINT64_CONSTANT(1645557742000000), "2022-02-22T19:22:22Z" },
        { G_GINT64_CONSTANT(1794000000123450), "2026-11-06T21:20:00.12345Z" },
        { G_GINT64_CONSTANT(951782400000000), "2000-02-29T00:00:00Z" },
        { TC_DATE_MAX_TIME, "9999-12-31T23:59:59.999999Z" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        int64_t time = -1;
        g_autofree char *text = tc_date_format_time(table[i].time);
        assert_string_equal(text, table[i].text);
        assert_true(tc_date_parse_time(text, &time));
        assert_int_equal(time, table[i].time);
    }
}

static void test_offsets(void **state)
{
    int64_t time;
    (void)state;
    assert_true(tc_date_parse_time("2022-02-22T20:22:22+01:00", &time));
    assert_int_equal(time, G_GINT64_CONSTANT(1645557742000000));
    assert_true(tc_date_parse_time("2022-02-22T13:52:22.25-05:30", &time));
    assert_int_equal(time, G_GINT64_CONSTANT(1645557742250000));
}

static void test_not_times(void **state)
{
    static const char *const table[] = {
        "", "2022-02-22", "2022-02-22 19:22:22Z", "2022-02-22T19:22:22", "2022-02-22T19:22Z",
        "2022-02-30T19:22:22Z", "2022-02-22T24:00:00Z", "2022-02-22T19:60:22Z", "2022-02-22T19:22:60Z",
        "2022-02-22T19:22:22.Z", "2022-02-22T19:22:22.1234567Z", "2022-02-22T19:22:22+0100",
        "2022-02-22T19:22:22+24:00", "2022-02-22T19:22:22ZZ", "2022-02-22T19:22:22z", "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01", "0000-01-01T00:00:00Z", "+022-02-22T19:22:22Z", "9999-12-31T23:59:59-23:59",
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        int64_t time = 77;
        if (tc_date_parse_time(table[i], &time))
            fail_msg("\"%s\" was taken for a time", table[i]);
        assert_int_equal(time, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_offsets),
        cmocka_unit_test(test_not_times),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
