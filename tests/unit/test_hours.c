/* Opening hours and closures as people write them, and what is not taken for one. */
#include "unit.h"

#include "adapters/station/hours.h"

#include <string.h>

static void reads(json_t *list, const char *wanted)
{
    char *text = list == NULL ? NULL : json_dumps(list, JSON_COMPACT | JSON_SORT_KEYS);
    if (g_strcmp0(text, wanted) != 0)
        fail_msg("\n%s\ninstead of\n%s", text, wanted);
    free(text);
    json_decref(list);
}

static void test_hours(void **state)
{
    static const char *const bad[] = { "", "mon", "mon 09:00", "mon 9-5", "mon 17:00-09:00", "mon 09:00-25:00", "mon 09:61-10:00", "someday 09:00-17:00",
                                       "fri-mon 09:00-17:00", "mon 09:00-17:00,", "mon 09:00-17:00 x", "mon-fri-sat 09:00-17:00", "m 09:00-10:00" };
    (void)state;
    reads(hours_of("mon-tue 09:00-17:00, SAT 10:00-24:00"), "[{\"closes\":1020,\"day\":\"monday\",\"opens\":540},{\"closes\":1020,\"day\":\"tuesday\",\"opens\":540},"
                                                            "{\"closes\":1440,\"day\":\"saturday\",\"opens\":600}]");
    reads(hours_of("bank_holiday 10:00-12:00"), "[{\"closes\":720,\"day\":\"bank_holiday\",\"opens\":600}]");
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        json_t *list = hours_of(bad[i]);
        if (list != NULL)
            fail_msg("%s is taken for hours", bad[i]);
    }
}

static void test_closures(void **state)
{
    (void)state;
    reads(hours_closures_of("2026-12-24..2026-12-28, 2027-01-04"), "[{\"from_day\":\"2026-12-24\",\"to_day\":\"2026-12-28\"},"
                                                                   "{\"from_day\":\"2027-01-04\",\"to_day\":\"2027-01-04\"}]");
    assert_null(hours_closures_of(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_hours), cmocka_unit_test(test_closures) };
    return cmocka_run_group_tests_name("hours", tests, NULL, NULL);
}
