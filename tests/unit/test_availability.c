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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unsaid_is_nine_to_five),
        cmocka_unit_test(test_hours_of_its_own),
        cmocka_unit_test(test_closures_and_out_of_hours),
        cmocka_unit_test(test_summer_time),
    };
    return cmocka_run_group_tests_name("availability", tests, NULL, NULL);
}
