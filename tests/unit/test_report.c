/* Reports: into which period and column each case falls, the middle of waits, and the bars of the picture. */
#include "unit.h"

#include "adapters/worklist/chart.h"
#include "adapters/worklist/report.h"

#include <string.h>

#define DAY G_TIME_SPAN_DAY
#define HOUR G_TIME_SPAN_HOUR
static const int64_t now = 1795600000 * (int64_t)G_USEC_PER_SEC; /* Wednesday 25 November 2026, 09:46 */

/* A case by what a report looks at, days before now; and where it is counted: weeks before this one, and the columns that grow, as "0,1". */
static const struct { ReportKind report; const char *kind, *state, *day, *worker, *named, *meeting, *outcome; int begun, answered, due, offered, appointment; bool ours; int week; const char *columns; } cases[] = {
    { REPORT_RELEASES, "release_notification", "met", "2026-11-24", "w-1", "", "met", "", 9, 8, 0, 0, 0, false, 0, "0,1,2" },
    { REPORT_RELEASES, "release_notification", "open", "2026-11-22", "", "", "", "", 9, 0, 0, 0, 0, false, 1, "0,4" },
    { REPORT_RELEASES, "release_notification", "named", "2026-11-27", "c-1", "w-1", "", "", 9, 8, 0, 0, 0, true, 0, "0,1" },
    { REPORT_RELEASES, "release_notification", "cannot", "2026-11-27", "w-1", "", "", "", 9, 8, 0, 0, 0, false, 0, "0" },
    { REPORT_RELEASES, "release_notification", "not_met", "2026-11-16", "w-1", "", "no_show", "", 9, 8, 0, 0, 0, false, 1, "0,1,3" },
    { REPORT_RELEASES, "release_notification", "withdrawn", "2026-11-24", "", "", "", "", 9, 0, 0, 0, 0, false, -1, "" },
    { REPORT_RELEASES, "release_notification", "open", "2026-08-01", "", "", "", "", 9, 0, 0, 0, 0, false, -1, "" },
    { REPORT_RELEASES, "referral", "asked", "", "", "", "", "", 9, 0, 0, 0, 0, false, -1, "" },
    { REPORT_REFERRALS, "referral", "accepted", "", "", "", "", "", 3, 2, 1, 0, 0, false, 1, "0,1" },
    { REPORT_REFERRALS, "referral", "accepted", "", "", "", "", "", 3, 1, 2, 0, 0, false, 1, "0,2" },
    { REPORT_REFERRALS, "referral", "asked", "", "", "", "", "", 3, 0, 1, 0, 0, false, 1, "0,3" },
    { REPORT_REFERRALS, "referral", "asked", "", "", "", "", "", 1, 0, -1, 0, 0, true, 0, "0,4" },
    { REPORT_REFERRALS, "dose_request", "requested", "", "", "", "", "", 1, 0, -1, 0, 0, true, -1, "" },
    { REPORT_ATTENDANCE, "referral", "seen", "", "", "", "", "attended", 20, 19, 0, 18, 10, false, 2, "0,1" },
    { REPORT_ATTENDANCE, "referral", "missed", "", "", "", "", "did_not_attend", 20, 19, 0, 18, 10, false, 2, "0,2" },
    { REPORT_ATTENDANCE, "referral", "away", "", "", "", "", "in_custody", 20, 19, 0, 18, 10, false, 2, "0,3" },
    { REPORT_ATTENDANCE, "referral", "booked", "", "", "", "", "", 20, 19, 0, 18, 10, false, 2, "0,4" },
    { REPORT_ATTENDANCE, "referral", "booked", "", "", "", "", "", 20, 19, 0, 18, -1, false, -1, "" },
    { REPORT_DROP_OUTS, "drop_out", "re_engaged", "", "", "", "", "", 3, 2, 2, 0, 0, false, 1, "0,1" },
    { REPORT_DROP_OUTS, "drop_out", "lost", "", "", "", "", "", 3, 2, 2, 0, 0, false, 1, "0,2" },
    { REPORT_DROP_OUTS, "drop_out", "woken", "", "", "", "", "", 3, 0, 2, 0, 0, false, 1, "0,4" },
    { REPORT_CLOCKS, "dose_request", "answered", "", "", "", "", "", 9, 2, 1, 0, 0, false, 0, "0,1" },
    { REPORT_CLOCKS, "dose_request", "answered", "", "", "", "", "", 9, 1, 2, 0, 0, false, 0, "0,2" },
    { REPORT_CLOCKS, "dose_request", "answered", "", "", "", "", "", 9, 2, 1, 0, 0, true, 0, "0,3" },
    { REPORT_CLOCKS, "dose_request", "requested", "", "", "", "", "", 9, 0, 2, 0, 0, true, 0, "0,4" },
    { REPORT_CLOCKS, "dose_request", "requested", "", "", "", "", "", 9, 0, -1, 0, 0, true, 0, "0,5" },
};

static int64_t before(int days) { return days == 0 ? 0 : now - days * DAY; }

static Case case_of(size_t i)
{
    Case it = { .kind = cases[i].kind, .state = cases[i].state, .release_day = cases[i].day, .ours = cases[i].ours,
                .facts = { .worker = cases[i].worker, .named = cases[i].named, .meeting = cases[i].meeting, .outcome = cases[i].outcome, .begun_at = before(cases[i].begun), .answered_at = before(cases[i].answered),
                           .answer_by = before(cases[i].due), .first_offered_at = before(cases[i].offered), .appointment_at = before(cases[i].appointment) } };
    return it;
}

static void test_columns(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Report report;
        Case it = case_of(i);
        report_begin(&report, cases[i].report, false, now);
        report_add(&report, &it);
        report_end(&report);
        for (int period = 0; period < REPORT_PERIODS; period++)
            for (int column = 0; column < report_columns(report.kind); column++) {
                char digit[2] = { (char)('0' + column), '\0' };
                bool should = period == REPORT_PERIODS - 1 - cases[i].week && strstr(cases[i].columns, digit) != NULL;
                if ((report.counts[period][column] == 1) != should)
                    fail_msg("case %zu: period %d, column %d has %d", i, period, column, (int)report.counts[period][column]);
            }
        report_clear(&report);
    }
}

/* Every part of a whole is counted once: what is hidden of one must not be told by the others. */
static void test_wholes(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Report report;
        Case it = case_of(i);
        gint64 parts = 0;
        report_begin(&report, cases[i].report, false, now);
        report_add(&report, &it);
        for (int column = 1; column < REPORT_COLUMNS; column++)
            parts += report.counts[REPORT_PERIODS - 1 - MAX(cases[i].week, 0)][column];
        if (cases[i].week >= 0 && cases[i].report != REPORT_RELEASES)
            assert_int_equal(parts, 1);
        report_clear(&report);
    }
}

static void test_waits(void **state)
{
    static const int waits[] = { 9, 1, 4, 2, 30 };
    Report report;
    (void)state;
    report_begin(&report, REPORT_WAITS, true, now);
    for (size_t i = 0; i < G_N_ELEMENTS(waits); i++) {
        Case it = { .kind = "referral", .facts = { .begun_at = now - 40 * DAY, .first_offered_at = now - 40 * DAY + waits[i] * DAY + HOUR } };
        report_add(&report, &it);
    }
    Case none = { .kind = "referral", .facts = { .begun_at = now - 40 * DAY } };
    report_add(&report, &none);
    report_end(&report);
    const gint64 *october = report.counts[REPORT_PERIODS - 2];
    assert_int_equal(october[0], 6);
    assert_int_equal(october[1], 5);
    assert_int_equal(october[2], 4);
    assert_int_equal(october[3], 30);
    assert_int_equal(report.counts[0][2], -1);
    report_clear(&report);
}

/* Weeks begin on a Monday and months on their first, in London, also across the end of summer time. */
static void test_periods(void **state)
{
    Report weeks, months;
    (void)state;
    report_begin(&weeks, REPORT_CLOCKS, false, now);
    report_begin(&months, REPORT_CLOCKS, true, now);
    assert_true(weeks.bounds[REPORT_PERIODS - 1] == (1795600000 - 9 * 3600 - 46 * 60 - 40 - 2 * 86400) * (int64_t)G_USEC_PER_SEC);
    assert_true(weeks.bounds[REPORT_PERIODS] - weeks.bounds[REPORT_PERIODS - 1] == 7 * DAY);
    assert_true(weeks.bounds[8] - weeks.bounds[7] == 7 * DAY + HOUR || weeks.bounds[7] - weeks.bounds[6] == 7 * DAY + HOUR); /* 25 October 2026 */
    assert_true(months.bounds[REPORT_PERIODS] - months.bounds[REPORT_PERIODS - 1] == 30 * DAY);
    report_clear(&weeks);
    report_clear(&months);
}

static void test_chart(void **state)
{
    char first[] = "1", second[] = "2", third[] = "3", *labels[] = { first, second, third };
    const gint64 whole[] = { 10, 0, -1 }, part[] = { 5, 0, -1 };
    (void)state;
    json_auto_t *chart = chart_bars(whole, part, labels, 3);
    const json_t *bars = json_object_get(chart, "bars"), *bar = json_array_get(bars, 0);
    assert_int_equal(json_array_size(bars), 3);
    assert_int_equal(json_integer_value(json_object_get(bar, "part_height")) * 2, json_integer_value(json_object_get(bar, "height")));
    assert_int_equal(json_integer_value(json_object_get(bar, "y")) + json_integer_value(json_object_get(bar, "height")), json_integer_value(json_object_get(chart, "base")));
    assert_string_equal(json_string_value(json_object_get(bar, "number")), "5 / 10");
    assert_string_equal(json_string_value(json_object_get(json_array_get(bars, 2), "number")), "");
    for (int i = 0; i < 3; i++)
        assert_true(json_integer_value(json_object_get(json_array_get(bars, (size_t)i), "x")) + json_integer_value(json_object_get(json_array_get(bars, (size_t)i), "width")) <= CHART_WIDTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_columns), cmocka_unit_test(test_wholes), cmocka_unit_test(test_waits), cmocka_unit_test(test_periods), cmocka_unit_test(test_chart) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
