/* When a service is open: days, hours, closures, bank holidays, and both changes of summer time. */
#include "unit.h"
#include "broker/availability.h"
#include "broker/codes.h"
#include "broker/working.h"

static int64_t at(int year, int month, int day, int hour, int minute)
{
    g_autoptr(GDateTime) time = g_date_time_new(working_zone(), year, month, day, hour, minute, 0);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static void opens(const Availability *availability, int64_t asked, int64_t wanted)
{
    assert_int_equal(availability_open_from(availability, asked), wanted);
}

static void test_unsaid_is_nine_to_five(void **state)
{
    (void)state;
    opens(&availability_unsaid, at(2026, 11, 24, 8, 0), at(2026, 11, 24, 9, 0));    /* Tuesday */
    opens(&availability_unsaid, at(2026, 11, 24, 12, 30), at(2026, 11, 24, 12, 30));
    opens(&availability_unsaid, at(2026, 11, 24, 17, 0), at(2026, 11, 25, 9, 0));
    opens(&availability_unsaid, at(2026, 11, 27, 18, 0), at(2026, 11, 30, 9, 0));   /* over the weekend */
    opens(&availability_unsaid, at(2026, 12, 24, 18, 0), at(2026, 12, 29, 9, 0));   /* Christmas, a weekend, Boxing Day's Monday */
}

static void test_hours_of_its_own(void **state)
{
    Availability said = { .openings = { { WEEKDAY_SATURDAY, 600, 720 }, { WEEKDAY_MONDAY, 480, 600 }, { WEEKDAY_MONDAY, 840, 1440 },
                                        { WEEKDAY_BANK_HOLIDAY, 660, 720 } },
                          .opening_count = 4, .places = AVAILABILITY_NOT_SAID };
    (void)state;
    opens(&said, at(2026, 11, 24, 12, 0), at(2026, 11, 28, 10, 0));                 /* Saturday comes first */
    opens(&said, at(2026, 11, 30, 10, 0), at(2026, 11, 30, 14, 0));                 /* between two spans of Monday */
    opens(&said, at(2026, 11, 30, 23, 59), at(2026, 11, 30, 23, 59));
    opens(&said, at(2026, 12, 28, 8, 0), at(2026, 12, 28, 11, 0));                  /* a Monday that is a bank holiday */
}

static void test_closures_and_out_of_hours(void **state)
{
    Availability said = availability_unsaid;
    (void)state;
    said.closures[0] = (Closure){ "2026-11-24", "2026-11-26" };
    said.closure_count = 1;
    opens(&said, at(2026, 11, 24, 10, 0), at(2026, 11, 27, 9, 0));
    said.capabilities = 1u << CAPABILITY_OUT_OF_HOURS;
    opens(&said, at(2026, 11, 24, 10, 0), at(2026, 11, 27, 0, 0));
    opens(&said, at(2026, 11, 29, 3, 0), at(2026, 11, 29, 3, 0));
    said.closures[0] = (Closure){ "2026-11-01", "2027-11-01" };
    opens(&said, at(2026, 11, 24, 10, 0), 0);
}

static void test_summer_time(void **state)
{
    Availability said = { .openings = { { WEEKDAY_SUNDAY, 60, 180 } }, .opening_count = 1 };
    (void)state;
    /* 29 March 2026: one o'clock becomes two. 25 October 2026: two o'clock comes twice. */
    assert_true(availability_open_from(&said, at(2026, 3, 28, 12, 0)) <= at(2026, 3, 29, 2, 0));
    opens(&said, at(2026, 3, 29, 2, 30), at(2026, 3, 29, 2, 30));
    opens(&said, at(2026, 10, 24, 12, 0), at(2026, 10, 25, 1, 0));
    opens(&availability_unsaid, at(2026, 10, 25, 12, 0), at(2026, 10, 26, 9, 0));
}

/* The close of the nth day on which the service works, and never far from the ordinary week. */
static void test_working_time_of_its_own(void **state)
{
    Availability said = { .openings = { { WEEKDAY_TUESDAY, 600, 960 }, { WEEKDAY_THURSDAY, 600, 900 }, { WEEKDAY_THURSDAY, 1080, 1200 }, { WEEKDAY_SATURDAY, 600, 720 },
                                        { WEEKDAY_BANK_HOLIDAY, 660, 720 } },
                          .opening_count = 5, .places = AVAILABILITY_NOT_SAID };
    Availability seldom = { .openings = { { WEEKDAY_TUESDAY, 600, 960 } }, .opening_count = 1 }, always = availability_unsaid, never = { 0 };
    always.capabilities = 1u << CAPABILITY_OUT_OF_HOURS;
    const struct { const Availability *who; int64_t at; int days; int64_t close; } table[] = {
        { NULL, at(2026, 11, 23, 12, 0), 1, at(2026, 11, 24, 17, 0) },
        { &availability_unsaid, at(2026, 11, 23, 12, 0), 1, at(2026, 11, 24, 17, 0) },
        { &availability_unsaid, at(2026, 11, 27, 18, 0), 0, at(2026, 11, 30, 17, 0) },
        { &said, at(2026, 11, 23, 12, 0), 0, at(2026, 11, 24, 16, 0) },  /* Monday: closed; Tuesday's close */
        { &said, at(2026, 11, 24, 15, 59), 0, at(2026, 11, 24, 16, 0) },
        { &said, at(2026, 11, 24, 16, 0), 0, at(2026, 11, 26, 20, 0) },  /* the later of two spans */
        { &said, at(2026, 11, 24, 12, 0), 1, at(2026, 11, 26, 20, 0) },
        { &said, at(2026, 11, 24, 12, 0), 2, at(2026, 11, 28, 12, 0) },  /* Saturdays count here */
        { &said, at(2026, 12, 24, 21, 0), 0, at(2026, 12, 25, 12, 0) },  /* Christmas: by the hours of bank holidays */
        { &said, at(2026, 11, 28, 9, 0), -1, at(2026, 11, 26, 20, 0) },
        { &said, at(2026, 11, 28, 9, 0), -2, at(2026, 11, 24, 16, 0) },
        { &seldom, at(2026, 11, 24, 12, 0), 1, at(2026, 12, 1, 16, 0) },
        { &seldom, at(2026, 11, 24, 12, 0), 2, at(2026, 12, 3, 17, 0) }, /* a week from Thursday, when the ordinary week has it */
        { &always, at(2026, 11, 28, 3, 0), 0, at(2026, 11, 29, 0, 0) - G_USEC_PER_SEC },
        { &never, at(2026, 11, 24, 12, 0), 1, at(2026, 11, 25, 17, 0) },
        { &said, at(2026, 3, 28, 13, 0), 0, at(2026, 3, 31, 16, 0) },    /* over the change to summer time, and back */
        { &said, at(2026, 10, 24, 13, 0), 0, at(2026, 10, 27, 16, 0) },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (availability_close(table[i].who, table[i].at, table[i].days) != table[i].close)
            fail_msg("row %zu: %" G_GINT64_FORMAT " minutes off", i,
                     (gint64)((availability_close(table[i].who, table[i].at, table[i].days) - table[i].close) / G_TIME_SPAN_MINUTE));
    seldom.closures[0] = (Closure){ "2026-11-24", "2026-12-24" };        /* a closure puts nothing off */
    seldom.closure_count = 1;
    assert_int_equal(availability_close(&seldom, at(2026, 11, 24, 12, 0), 1), at(2026, 12, 1, 16, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unsaid_is_nine_to_five),
        cmocka_unit_test(test_hours_of_its_own),
        cmocka_unit_test(test_closures_and_out_of_hours),
        cmocka_unit_test(test_summer_time),
        cmocka_unit_test(test_working_time_of_its_own),
    };
    return cmocka_run_group_tests_name("availability", tests, NULL, NULL);
}
