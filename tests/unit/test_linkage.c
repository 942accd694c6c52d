/* Linkage tokens: values worked out by another program, and the same person written differently. */
#include "unit.h"

#include "hex.h"
#include "proto/linkage.h"

#include <sodium.h>

static uint8_t key[TC_LINKAGE_KEY_LEN];

static void test_known_values(void **state)
{
    TcLinkageToken token;
    (void)state;
    assert_true(tc_linkage_token(key, TC_LINKAGE_PRISON, "a1234bc", "1979-02-28", &token));
    g_autofree char *strong = hex_text(token.strong.b, 32), *born = hex_text(token.born.b, 32);
    assert_string_equal(strong, "a2c34d28b26e153672ba9df553502dadba4b24ca5afbd129a90f9c717691a704");
    assert_string_equal(born, "d1c4f64fdfdf55f8333c9b65ffe8d767a9372f41df37ccf5f0356b152c9b5b7c");
}

static void test_normalise(void **state)
{
    static const struct { const char *from, *to; } table[] = {
        { "943 476 5919", "9434765919" }, { "a1234bc", "A1234BC" }, { "98/123456X", "98123456X" },
        { " A-1é2 ", "A12" }, { "--", "" }, { "", "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *got = tc_linkage_normalise(table[i].from);
        assert_string_equal(got, table[i].to);
    }
}

static void test_what_differs(void **state)
{
    TcLinkageToken one, two;
    (void)state;
    assert_true(tc_linkage_token(key, TC_LINKAGE_NHS, "943 476 5919", "1979-02-28", &one));
    assert_true(tc_linkage_token(key, TC_LINKAGE_NHS, "9434765919", "1979-02-28", &two));
    assert_memory_equal(&one, &two, sizeof one);
    assert_true(tc_linkage_token(key, TC_LINKAGE_NHS, "9434765919", "1979-02-27", &two));
    assert_memory_equal(&one.strong, &two.strong, sizeof one.strong);
    assert_memory_not_equal(&one.born, &two.born, sizeof one.born);
    assert_true(tc_linkage_token(key, TC_LINKAGE_PNC, "9434765919", "1979-02-28", &two));
    assert_memory_not_equal(&one.strong, &two.strong, sizeof one.strong);
}

static void test_what_gives_no_token(void **state)
{
    TcLinkageToken token;
    (void)state;
    assert_false(tc_linkage_token(key, TC_LINKAGE_NHS, "- -", "1979-02-28", &token));
    assert_false(tc_linkage_token(key, TC_LINKAGE_NHS, "9434765919", "1979-02-29", &token));
    assert_false(tc_linkage_token(key, TC_LINKAGE_NHS, "9434765919", "", &token));
}

static void test_wrap(void **state)
{
    TcDigest authority = { { 1 } }, reader, other = { { 2 } };
    uint8_t secret[32], enc[TC_HPKE_ENC_LEN], wrapped[TC_LINKAGE_WRAPPED_LEN], got[TC_LINKAGE_KEY_LEN];
    (void)state;
    tc_hpke_keypair(reader.b, secret);
    assert_true(tc_linkage_wrap(&authority, "carat-lei", &reader, key, enc, wrapped));
    assert_true(tc_linkage_unwrap(&authority, "carat-lei", &reader, secret, enc, wrapped, got));
    assert_memory_equal(got, key, sizeof got);
    assert_false(tc_linkage_unwrap(&authority, "carat-led", &reader, secret, enc, wrapped, got));
    assert_false(tc_linkage_unwrap(&other, "carat-lei", &reader, secret, enc, wrapped, got));
    assert_false(tc_linkage_unwrap(&authority, "carat-lei", &other, secret, enc, wrapped, got));
}

static int start(void **state)
{
    (void)state;
    memset(key, 0x77, sizeof key);
    return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_normalise),
        cmocka_unit_test(test_what_differs),
        cmocka_unit_test(test_what_gives_no_token),
        cmocka_unit_test(test_wrap),
    };
    return cmocka_run_group_tests_name("linkage", tests, start, NULL);
}
