/* Working time in England and Wales. Bank holidays are held against the published lists of 2018 to 2027 and a few odd years; closes against
 * cases worked out by hand. */
#include "unit.h"

#include "broker/working.h"

#include <string.h>

static const char *const published[] = {
    "1981-01-01 1981-04-17 1981-04-20 1981-05-04 1981-05-25 1981-07-29 1981-08-31 1981-12-25 1981-12-28",
    "1995-01-02 1995-04-14 1995-04-17 1995-05-08 1995-05-29 1995-08-28 1995-12-25 1995-12-26",
    "1999-01-01 1999-04-02 1999-04-05 1999-05-03 1999-05-31 1999-08-30 1999-12-27 1999-12-28 1999-12-31",
    "2002-01-01 2002-03-29 2002-04-01 2002-05-06 2002-06-03 2002-06-04 2002-08-26 2002-12-25 2002-12-26",
    "2011-01-03 2011-04-22 2011-04-25 2011-04-29 2011-05-02 2011-05-30 2011-08-29 2011-12-26 2011-12-27",
    "2012-01-02 2012-04-06 2012-04-09 2012-05-07 2012-06-04 2012-06-05 2012-08-27 2012-12-25 2012-12-26",
    "2018-01-01 2018-03-30 2018-04-02 2018-05-07 2018-05-28 2018-08-27 2018-12-25 2018-12-26",
    "2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26",
    "2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28",
    "2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28",
    "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27",
    "2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26",
    "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26",
    "2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26",
    "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28",
    "2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28",
    "2038-01-01 2038-04-23 2038-04-26 2038-05-03 2038-05-31 2038-08-30 2038-12-27 2038-12-28", /* the latest Easter */
};

/* Every day of the year: it is a holiday when the list has it, and only then. */
static void test_holidays(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        int year = atoi(published[i]);
        GDate day;
        g_date_clear(&day, 1);
        for (g_date_set_dmy(&day, 1, G_DATE_JANUARY, (GDateYear)year); g_date_get_year(&day) == year; g_date_add_days(&day, 1)) {
            char text[16];
            g_date_strftime(text, sizeof text, "%Y-%m-%d", &day);
            bool listed = strstr(published[i], text) != NULL;
            if (working_is_holiday(year, (int)g_date_get_month(&day), g_date_get_day(&day)) != listed)
                fail_msg("%s: %s", text, listed ? "is a bank holiday" : "is none");
        }
    }
}

static int64_t at(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);
    g_assert(time != NULL);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static char *text_of(int64_t time)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
    return g_date_time_format(utc, "%Y-%m-%dT%H:%MZ");
}

/* In London: GMT in winter, an hour ahead in summer. */
static const struct { const char *at; int days; const char *close; } closes[] = {
    { "2026-11-24T09:00:00Z", 0, "2026-11-24T17:00Z" },  /* a Tuesday */
    { "2026-11-24T16:59:59Z", 0, "2026-11-24T17:00Z" },
    { "2026-11-24T17:00:00Z", 0, "2026-11-25T17:00Z" },  /* closed: tomorrow */
    { "2026-11-24T03:00:00Z", 0, "2026-11-24T17:00Z" },  /* before it opens: today */
    { "2026-11-24T09:00:00Z", 1, "2026-11-25T17:00Z" },
    { "2026-11-24T17:30:00Z", 1, "2026-11-26T17:00Z" },
    { "2026-11-27T12:00:00Z", 0, "2026-11-27T17:00Z" },  /* a Friday */
    { "2026-11-27T12:00:00Z", 1, "2026-11-30T17:00Z" },
    { "2026-11-27T18:00:00Z", 0, "2026-11-30T17:00Z" },
    { "2026-11-28T12:00:00Z", 0, "2026-11-30T17:00Z" },  /* a Saturday */
    { "2026-11-28T12:00:00Z", 1, "2026-12-01T17:00Z" },
    { "2026-11-29T12:00:00Z", 2, "2026-12-02T17:00Z" },  /* a Sunday */
    { "2026-11-24T09:00:00Z", 5, "2026-12-01T17:00Z" },
    { "2026-12-24T12:00:00Z", 0, "2026-12-24T17:00Z" },  /* Christmas Eve, a Thursday */
    { "2026-12-24T12:00:00Z", 1, "2026-12-29T17:00Z" },  /* Friday, Saturday, Sunday, and Monday for Boxing Day */
    { "2026-12-24T18:00:00Z", 0, "2026-12-29T17:00Z" },
    { "2026-12-25T12:00:00Z", 0, "2026-12-29T17:00Z" },
    { "2026-12-31T12:00:00Z", 1, "2027-01-04T17:00Z" },  /* New Year's Day is a Friday */
    { "2026-12-31T12:00:00Z", 2, "2027-01-05T17:00Z" },
    { "2027-12-24T12:00:00Z", 1, "2027-12-29T17:00Z" },  /* Christmas on a Saturday: Monday and Tuesday stand in */
    { "2022-12-23T12:00:00Z", 1, "2022-12-28T17:00Z" },  /* Christmas on a Sunday */
    { "2026-04-02T12:00:00Z", 1, "2026-04-07T16:00Z" },  /* Maundy Thursday, summer time since 29 March */
    { "2026-04-02T16:30:00Z", 0, "2026-04-07T16:00Z" },  /* half past five in London */
    { "2026-03-27T12:00:00Z", 0, "2026-03-27T17:00Z" },  /* the Friday before the clocks go forward */
    { "2026-03-27T12:00:00Z", 1, "2026-03-30T16:00Z" },  /* the Monday after */
    { "2026-10-23T12:00:00Z", 0, "2026-10-23T16:00Z" },  /* the Friday before they go back */
    { "2026-10-23T12:00:00Z", 1, "2026-10-26T17:00Z" },
    { "2026-03-29T00:30:00Z", 0, "2026-03-30T16:00Z" },  /* the Sunday itself */
    { "2026-10-25T00:30:00Z", 0, "2026-10-26T17:00Z" },  /* the hour that comes twice */
    { "2026-06-30T22:30:00Z", 0, "2026-07-01T16:00Z" },  /* half past eleven at night in London */
    { "2026-06-30T23:30:00Z", 0, "2026-07-01T16:00Z" },  /* half past midnight there: the next day */
    { "2026-06-30T23:30:00Z", 1, "2026-07-02T16:00Z" },
    { "2026-05-01T12:00:00Z", 1, "2026-05-05T16:00Z" },  /* early May bank holiday */
    { "2026-05-22T12:00:00Z", 1, "2026-05-26T16:00Z" },  /* spring */
    { "2026-08-28T12:00:00Z", 1, "2026-09-01T16:00Z" },  /* summer */
    { "2022-06-01T12:00:00Z", 1, "2022-06-06T16:00Z" },  /* two jubilee days and a weekend */
    { "2022-09-16T12:00:00Z", 1, "2022-09-20T16:00Z" },  /* the state funeral */
    { "2023-05-05T12:00:00Z", 1, "2023-05-09T16:00Z" },  /* the coronation */
    { "2026-11-30T12:00:00Z", -2, "2026-11-26T17:00Z" }, /* two working days before a Monday */
    { "2026-12-29T12:00:00Z", -1, "2026-12-24T17:00Z" },
    { "2026-12-29T12:00:00Z", -2, "2026-12-23T17:00Z" },
    { "2026-04-07T12:00:00Z", -2, "2026-04-01T16:00Z" },
    { "2028-02-28T12:00:00Z", 1, "2028-02-29T17:00Z" },  /* a leap day */
#define CLOSES(at, days, close) { at, days, close },
#include "working_closes.def"
#undef CLOSES
};

static void test_closes(void **state)
{
    (void)state;
    assert_true(G_N_ELEMENTS(closes) >= 200);
    for (size_t i = 0; i < G_N_ELEMENTS(closes); i++) {
        g_autofree char *found = text_of(working_close(at(closes[i].at), closes[i].days));
        if (strcmp(found, closes[i].close) != 0)
            fail_msg("%s and %d days: %s, not %s", closes[i].at, closes[i].days, found, closes[i].close);
    }
}

static void test_midnight(void **state)
{
    (void)state;
    g_autofree char *winter = text_of(working_midnight(at("2026-11-24T12:00:00Z")));
    g_autofree char *summer = text_of(working_midnight(at("2026-06-30T23:30:00Z")));
    assert_string_equal(winter, "2026-11-24T23:59Z");
    assert_string_equal(summer, "2026-07-01T22:59Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_holidays), cmocka_unit_test(test_closes), cmocka_unit_test(test_midnight) };
    return cmocka_run_group_tests_name("working", tests, NULL, NULL);
}
