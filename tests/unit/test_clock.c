/* Due times, across both changes of summer time, and the ladders. Expected values are UTC, worked out by hand. */
#include "unit.h"

#include "broker/clock.h"
#include "broker/codes.h"
#include "proto/date.h"

static int64_t at(const char *text)
{
    int64_t time;
    if (!tc_date_parse_time(text, &time))
        fail_msg("%s", text);
    return time;
}

static void assert_at(int64_t time, const char *expected)
{
    g_autofree char *text = tc_date_format_time(time);
    assert_string_equal(text, expected);
}

static void test_days(void **state)
{
    static const struct { const char *day, *at; } table[] = {
        { "2026-01-15", "2026-01-15T10:00:00Z" }, { "2026-07-01", "2026-07-01T09:00:00Z" },
        { "2026-03-28", "2026-03-28T10:00:00Z" }, { "2026-03-29", "2026-03-29T09:00:00Z" }, /* clocks go forward at 01:00 */
        { "2026-10-24", "2026-10-24T09:00:00Z" }, { "2026-10-25", "2026-10-25T10:00:00Z" }, /* and back at 02:00 */
        { "2028-02-29", "2028-02-29T10:00:00Z" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        assert_at(clock_day(table[i].day), table[i].at);
    assert_int_equal(clock_day("2026-02-30"), 0);
    assert_int_equal(clock_day("soon"), 0);
}

static void test_release_at(void **state)
{
    Message message = { 0 };
    ReleaseFields *release = &message.group.release;
    (void)state;
    assert_int_equal(clock_release_at(&message), 0);
    release->statutory_date = "2026-11-20";
    assert_at(clock_release_at(&message), "2026-11-20T10:00:00Z");
    release->court_date = "2026-11-18";
    assert_at(clock_release_at(&message), "2026-11-18T10:00:00Z");
    release->expected_date = "2026-11-19";
    assert_at(clock_release_at(&message), "2026-11-19T10:00:00Z");
    message.event_at = at("2026-11-19T08:12:00Z");
    assert_at(clock_release_at(&message), "2026-11-19T08:12:00Z");
}

static void test_same_day(void **state)
{
    (void)state;
    assert_true(clock_same_day(0, 0));
    assert_false(clock_same_day(0, at("2026-07-01T10:00:00Z")));
    assert_true(clock_same_day(at("2026-06-30T23:00:00Z"), at("2026-07-01T22:59:59Z"))); /* one day in London, in summer */
    assert_false(clock_same_day(at("2026-06-30T22:59:59Z"), at("2026-06-30T23:00:00Z")));
    assert_false(clock_same_day(at("2025-07-01T10:00:00Z"), at("2026-07-01T10:00:00Z")));
}

static void test_named(void **state)
{
    static const struct { const char *release, *now, *due; } table[] = {
        { NULL, "2026-11-06T12:00:00Z", "2026-11-06T14:00:00Z" },                     /* unknown: two hours */
        { "2027-01-29T10:00:00Z", "2026-11-06T12:00:00Z", "2027-01-01T10:00:00Z" },   /* 28 days before */
        { "2026-11-20T10:00:00Z", "2026-11-06T12:00:00Z", "2026-11-06T14:00:00Z" },   /* less than 28 days: two hours */
        { "2026-11-06T13:00:00Z", "2026-11-06T12:00:00Z", "2026-11-06T13:00:00Z" },   /* never after the release */
        { "2026-11-06T12:00:00Z", "2026-11-06T12:00:00Z", "2026-11-06T12:15:00Z" },   /* past: a quarter of an hour */
        { "2026-11-01T10:00:00Z", "2026-11-06T12:00:00Z", "2026-11-06T12:15:00Z" },
        /* ten o'clock stays ten o'clock 28 days earlier, on the other side of the change */
        { "2026-04-10T09:00:00Z", "2026-02-01T12:00:00Z", "2026-03-13T10:00:00Z" },
        { "2026-11-13T10:00:00Z", "2026-09-01T12:00:00Z", "2026-10-16T09:00:00Z" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        assert_at(clock_named_due(table[i].release == NULL ? 0 : at(table[i].release), at(table[i].now), 0), table[i].due);
}

/* A new version never puts off a clock that runs, unless the release itself has moved away. */
static void test_running(void **state)
{
    int64_t now = at("2026-11-06T12:00:00Z"), soon = now + 5 * CLOCK_MINUTE;
    (void)state;
    assert_int_equal(clock_named_due(at("2026-11-20T10:00:00Z"), now, soon), soon);
    assert_int_equal(clock_named_due(0, now, soon), soon);
    assert_at(clock_named_due(at("2027-01-29T10:00:00Z"), now, soon), "2027-01-01T10:00:00Z");
    assert_at(clock_named_due(at("2026-11-06T13:00:00Z"), now, at("2027-01-01T10:00:00Z")), "2026-11-06T13:00:00Z");
    assert_int_equal(clock_contact_due(at("2026-11-06T08:00:00Z"), now, soon), soon);
    assert_at(clock_contact_due(at("2026-11-07T10:00:00Z"), now, soon), "2026-11-07T12:00:00Z");
}

static void test_others(void **state)
{
    int64_t now = at("2026-11-06T12:00:00Z");
    (void)state;
    assert_at(clock_held_due(KIND_RELEASE_NOTIFICATION, now), "2026-11-06T13:00:00Z");
    assert_at(clock_held_due(KIND_RECALL, now), "2026-11-06T13:00:00Z");
    assert_at(clock_held_due(KIND_DOSE_REQUEST, now), "2026-11-06T12:15:00Z");
    assert_at(clock_held_due(KIND_DOSE_ANSWER, now), "2026-11-06T12:15:00Z");
    assert_at(clock_contact_due(at("2026-11-06T11:00:00Z"), now, 0), "2026-11-06T13:00:00Z");
    assert_at(clock_contact_due(at("2026-11-05T11:00:00Z"), now, 0), "2026-11-06T12:15:00Z");
    assert_at(clock_dose_due(at("2026-11-06T16:00:00Z"), now), "2026-11-06T16:00:00Z");
    assert_at(clock_dose_due(at("2026-11-06T11:00:00Z"), now), "2026-11-06T12:15:00Z");
}

/* Row numbers are kept in databases: they never change. */
/* The first fortnight out of custody: two hours, or the close of the day where that is sooner; at weekends too. */
static void test_first_attempt(void **state)
{
    const int64_t out = at("2026-11-20T10:00:00Z");
    const struct { int64_t released, now, due; } table[] = {
        { 0, at("2026-11-24T10:00:00Z"), at("2026-11-24T17:00:00Z") },
        { out, at("2026-11-24T10:00:00Z"), at("2026-11-24T12:00:00Z") },
        { out, at("2026-11-24T16:30:00Z"), at("2026-11-24T17:00:00Z") },
        { out, at("2026-11-28T12:00:00Z"), at("2026-11-28T14:00:00Z") }, /* Saturday */
        { out, at("2026-12-04T09:59:59Z"), at("2026-12-04T11:59:59Z") },
        { out, at("2026-12-04T10:00:00Z"), at("2026-12-04T17:00:00Z") },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        assert_int_equal(clock_attempt_due(table[i].released, table[i].now, NULL), table[i].due);
}

static void test_ladders(void **state)
{
    static const char *const names[] = { "held/spoc", "held/nobody", "named/spoc", "named/nobody", "contact/spoc",
                                         "contact/nobody", "dose_answered/manager", "dose_answered/spoc",
                                         "dose_answered/nobody", "cell_answered/fallback", "cell_answered/spoc",
                                         "cell_answered/nobody", "same_day_answered/fallback", "same_day_answered/spoc",
                                         "same_day_answered/area_manager", "same_day_answered/nobody", "referral_answered/spoc",
                                         "referral_answered/nobody", "booked/team_leader", "booked/spoc", "booked/nobody",
                                         "seen/team_leader", "seen/spoc", "seen/nobody", "first_attempt/team_leader",
                                         "first_attempt/spoc", "first_attempt/nobody", "acknowledged/manager", "acknowledged/spoc",
                                         "acknowledged/nobody", "brief_intervention/spoc", "brief_intervention/nobody",
                                         "rapid_prescribing/spoc", "rapid_prescribing/nobody" };
    (void)state;
    for (uint32_t row = 0; row < G_N_ELEMENTS(names); row++) {
        const ClockRung *rung = clock_rung(row);
        assert_string_equal(rung->name, names[row]);
        assert_true(g_str_has_prefix(rung->name, clock_policy_name(rung->policy)));
        assert_int_equal(clock_rung_time(row), (rung->role == ROLE_NONE ? 30 : 5) * CLOCK_MINUTE);
    }
    assert_null(clock_rung(G_N_ELEMENTS(names)));
    ClockLadder ladder;
    clock_ladder(POLICY_DOSE_ANSWERED, NULL, 0, &ladder);
    assert_int_equal(ladder.count, 3);
    assert_int_equal(ladder.rows[0], 6);
    assert_int_equal(clock_ladder_find(&ladder, 7), 1);
    clock_ladder(POLICY_DOSE_ANSWERED, (const int[]){ ROLE_AREA_MANAGER, ROLE_SPOC }, 2, &ladder);
    assert_int_equal(ladder.count, 3);
    assert_string_equal(clock_rung(ladder.rows[0])->name, "dose_answered/area_manager");
    assert_string_equal(clock_rung(ladder.rows[2])->name, "dose_answered/nobody");
    assert_int_equal(clock_ladder_find(&ladder, 7), 1); /* the same role by the other ladder's row */
    assert_int_equal(clock_ladder_find(&ladder, 6), 2); /* a role that this ladder lacks */
    assert_null(clock_rung(999));
    assert_null(clock_rung(1000 + POLICY_HELD * 6));
    assert_null(clock_rung(5000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_release_at),
        cmocka_unit_test(test_same_day),
        cmocka_unit_test(test_named),
        cmocka_unit_test(test_running),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_first_attempt),
        cmocka_unit_test(test_ladders),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
