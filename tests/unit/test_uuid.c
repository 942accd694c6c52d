/* UUIDv7: layout, order, clocks that stand still or go back, and its text. */
#include "unit.h"

#include "proto/uuid.h"

#define NOW G_GINT64_CONSTANT(1794000000123456)

static void test_layout(void **state)
{
    TcUuidMaker maker = { 0 };
    uint8_t id[TC_UUID_LEN];
    (void)state;
    tc_uuid_make(&maker, NOW, id);
    assert_true(tc_uuid_is_v7(id));
    assert_int_equal(tc_uuid_time(id), NOW / 1000 * 1000);
}

/* The example of RFC 9562 appendix A.6: 2022-02-22 19:22:22 UTC. */
static void test_rfc_example(void **state)
{
    uint8_t id[TC_UUID_LEN];
    (void)state;
    assert_true(tc_uuid_parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F", id));
    assert_true(tc_uuid_is_v7(id));
    assert_int_equal(tc_uuid_time(id), G_GINT64_CONSTANT(1645557742000000));
}

static void test_ids_rise(void **state)
{
    static const int64_t steps[] = { 0, 0, 1, 0, 0, 999, -500, -999000, 1000000, 0 };
    TcUuidMaker maker = { 0 };
    uint8_t last[TC_UUID_LEN] = { 0 }, id[TC_UUID_LEN];
    int64_t now = NOW;
    (void)state;
    for (size_t i = 0; i < 10000; i++) {
        now += steps[i % G_N_ELEMENTS(steps)];
        tc_uuid_make(&maker, now, id);
        assert_true(memcmp(last, id, sizeof id) < 0);
        assert_true(tc_uuid_is_v7(id));
        memcpy(last, id, sizeof id);
    }
}

static void test_a_large_step_back_is_believed(void **state)
{
    TcUuidMaker maker = { 0 };
    uint8_t id[TC_UUID_LEN];
    (void)state;
    tc_uuid_make(&maker, NOW + G_TIME_SPAN_DAY, id);
    tc_uuid_make(&maker, NOW, id);
    assert_int_equal(tc_uuid_time(id), NOW / 1000 * 1000);
}

static void test_floor(void **state)
{
    TcUuidMaker maker = { 0 };
    uint8_t floor[TC_UUID_LEN], id[TC_UUID_LEN];
    (void)state;
    tc_uuid_floor(NOW, floor);
    tc_uuid_make(&maker, NOW / 1000 * 1000, id);
    assert_true(tc_uuid_is_v7(floor));
    assert_true(memcmp(floor, id, sizeof id) < 0);
    tc_uuid_make(&maker, NOW - 1000 - G_USEC_PER_SEC, id);
    assert_true(memcmp(floor, id, sizeof id) > 0);
}

static void test_text(void **state)
{
    static const struct { const char *text; bool good; } table[] = {
        { "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true },
        { "00000000-0000-0000-0000-000000000000", true },
        { "", false },
        { "017f22e2-79b0-7cc3-98c4-dc0c0c07398", false },
        { "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", false },
        { "017f22e279b0-7cc3-98c4-dc0c0c07398f--", false },
        { "017f22e2_79b0-7cc3-98c4-dc0c0c07398f", false },
        { "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", false },
        { "{17f22e2-79b0-7cc3-98c4-dc0c0c07398f", false },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        uint8_t id[TC_UUID_LEN];
        char text[TC_UUID_TEXT_LEN + 1];
        assert_int_equal(tc_uuid_parse(table[i].text, id), table[i].good);
        if (!table[i].good)
            continue;
        tc_uuid_format(id, text);
        assert_string_equal(text, table[i].text);
    }
}

static void test_wrong_versions(void **state)
{
    static const char *const table[] = {
        "017f22e2-79b0-4cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-18c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-d8c4-dc0c0c07398f",
    };
    uint8_t id[TC_UUID_LEN];
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        assert_true(tc_uuid_parse(table[i], id));
        assert_false(tc_uuid_is_v7(id));
    }
}

static void test_hash_table(void **state)
{
    TcUuidMaker maker = { 0 };
    uint8_t a[TC_UUID_LEN], b[TC_UUID_LEN], copy[TC_UUID_LEN];
    g_autoptr(GHashTable) table = g_hash_table_new(tc_uuid_hash, tc_uuid_equal);
    (void)state;
    tc_uuid_make(&maker, NOW, a);
    tc_uuid_make(&maker, NOW, b);
    memcpy(copy, a, sizeof copy);
    g_hash_table_add(table, a);
    assert_true(g_hash_table_contains(table, copy));
    assert_false(g_hash_table_contains(table, b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_rfc_example),
        cmocka_unit_test(test_ids_rise),
        cmocka_unit_test(test_a_large_step_back_is_believed),
        cmocka_unit_test(test_floor),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_wrong_versions),
        cmocka_unit_test(test_hash_table),
    };
    return cmocka_run_group_tests_name("uuid", tests, NULL, NULL);
}
