/* Fields of a form: what kind they are by the protocol, and where their values stand in a message. */
#include "unit.h"

#include "adapters/worklist/field.h"

#include <string.h>

static void test_type(void **state)
{
    static const struct { const char *path; FieldType type; } rows[] = {
        { "recipient", FIELD_CHOICE }, { "release.certainty", FIELD_CHOICE }, { "release.expected_date", FIELD_DAY }, { "event_at", FIELD_TIME }, { "progress.offered", FIELD_NUMBER },
        { "parts.clinical.doses[1].mg", FIELD_TEXT }, { "parts.clinical.doses[0].last_taken_at", FIELD_TIME }, { "parts.clinical.bridging_script_until", FIELD_DAY },
        { "request.capabilities", FIELD_MANY }, { "consent.services", FIELD_MANY }, { "carry", FIELD_MANY }, { "lost.custody_checked", FIELD_TICK }, { "merge.other", FIELD_CHOICE },
        { "parts.minimum.person.prison_numbers[0]", FIELD_TEXT }, { "+appointment/event_at", FIELD_TIME }, { "+appointment/parts.minimum.appointment.place", FIELD_TEXT },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Field field = { .form = "x", .path = rows[i].path };
        if (field_type(&field) != rows[i].type)
            fail_msg("%s is of type %d", rows[i].path, field_type(&field));
    }
}

static void test_tail(void **state)
{
    (void)state;
    assert_string_equal(field_tail("urgency"), "urgency");
    assert_string_equal(field_tail("dose_answer.reply"), "dose_answer.reply");
    assert_string_equal(field_tail("parts.clinical.doses[0].product"), "doses[0].product");
}

/* A second medicine alone is the only one; what nothing is said of leaves no trace. */
static void test_put(void **state)
{
    (void)state;
    json_auto_t *message = json_object();
    field_put(message, "parts.clinical.doses[1].mg", json_string("40"));
    field_put(message, "parts.clinical.doses[1].product", json_string("other"));
    field_put(message, "parts.risk.note", json_string("x"));
    assert_string_equal(json_string_value(field_get(message, "parts.clinical.doses[1].mg")), "40");
    assert_null(field_get(message, "parts.clinical.doses[0].mg"));
    assert_null(field_get(message, "parts.clinical.doses[7].mg"));
    field_put(message, "parts.risk.note", NULL);
    field_put(message, "parts.safeguarding.note", NULL); /* never was there */
    field_prune(message);
    json_auto_t *wanted = json_pack("{s:{s:{s:[{s:s, s:s}]}}}", "parts", "clinical", "doses", "mg", "40", "product", "other");
    assert_true(json_equal(message, wanted));
}

/* A path from a browser is none: but a place in a list is bounded all the same. */
static void test_bounded(void **state)
{
    (void)state;
    json_auto_t *message = json_object();
    field_put(message, "parts.clinical.doses[99999999].mg", json_string("1"));
    assert_true(json_array_size(json_object_get(json_object_get(json_object_get(message, "parts"), "clinical"), "doses")) <= 8);
}

static void test_retype(void **state)
{
    (void)state;
    g_autoptr(GHashTable) typed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Field day = { .form = "x", .path = "release.expected_date" }, time = { .form = "x", .path = "event_at" }, many = { .form = "x", .path = "consent.parts" };
    json_auto_t *date = json_string("2026-07-03"), *at = json_string("2026-07-03T08:05:00Z"), *parts = json_pack("[s, s]", "minimum", "risk");
    field_retype(&day, date, typed);
    field_retype(&time, at, typed);
    field_retype(&many, parts, typed);
    assert_string_equal(g_hash_table_lookup(typed, "release.expected_date-day"), "3");
    assert_string_equal(g_hash_table_lookup(typed, "release.expected_date-month"), "7");
    assert_string_equal(g_hash_table_lookup(typed, "release.expected_date-year"), "2026");
    assert_string_equal(g_hash_table_lookup(typed, "event_at-time"), "09:05"); /* London's summer */
    assert_string_equal(g_hash_table_lookup(typed, "consent.parts:risk"), "yes");
    assert_null(g_hash_table_lookup(typed, "consent.parts:clinical"));
}

/* A time as people write it; in November London's clock is the world's. */
static void test_time(void **state)
{
    static const struct { const char *typed, *value; } rows[] = {
        { "14:30", "14:30" }, { "9:05", "09:05" }, { "14.30", "14:30" }, { "2pm", "14:00" }, { "2.30pm", "14:30" }, { "2:30 PM", "14:30" }, { "2 p.m.", "14:00" }, { "9am", "09:00" },
        { "12am", "00:00" }, { "12pm", "12:00" }, { "12.15 pm", "12:15" }, { "2yh", "14:00" }, { "9.30yb", "09:30" }, { " 8:30 ", "08:30" }, { "00:00", "00:00" }, { "2", NULL }, { "14", NULL },
        { "14pm", NULL }, { "0am", NULL }, { "24:00x", NULL }, { "25:00", NULL }, { "14:60", NULL }, { "2.3pm", NULL }, { "noon", NULL }, { "1430", NULL }, { "", NULL },
    };
    Field field = { .form = "x", .path = "event_at", .label = "When?" };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        g_autoptr(GHashTable) typed = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(typed, "event_at-day", "25");
        g_hash_table_insert(typed, "event_at-month", "11");
        g_hash_table_insert(typed, "event_at-year", "2026");
        g_hash_table_insert(typed, "event_at-time", (char *)rows[i].typed);
        const char *problem = NULL;
        json_auto_t *value = field_value(NULL, &field, typed, &problem);
        g_autofree char *wanted = g_strdup_printf("2026-11-25T%s:00", rows[i].value != NULL ? rows[i].value : "");
        if (rows[i].value == NULL ? value != NULL || problem == NULL : value == NULL || problem != NULL || !g_str_has_prefix(json_string_value(value), wanted))
            fail_msg("\"%s\" is %s", rows[i].typed, value != NULL ? json_string_value(value) : problem);
    }
}

/* Nobody was born on a day to come: the example of a date of birth lies in the past. */
static void test_born(void **state)
{
    Field field = { .form = "x", .path = "parts.minimum.person.date_of_birth", .label = "Date of birth" };
    g_autoptr(GHashTable) typed = g_hash_table_new(g_str_hash, g_str_equal);
    const char *problem = NULL;
    (void)state;
    g_hash_table_insert(typed, "parts.minimum.person.date_of_birth-day", "31");
    assert_null(field_value(NULL, &field, typed, &problem));
    assert_non_null(strstr(problem, "1997"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_type), cmocka_unit_test(test_tail), cmocka_unit_test(test_put), cmocka_unit_test(test_bounded), cmocka_unit_test(test_retype), cmocka_unit_test(test_time), cmocka_unit_test(test_born) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
