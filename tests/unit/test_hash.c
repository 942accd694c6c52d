/* The hash builder against digests worked out by another SHA-256 over the bytes PROTOCOL.md prescribes. */
#include "unit.h"

#include "hex.h"
#include "proto/hash.h"

static void assert_digest(const uint8_t *digest, const char *expected)
{
    g_autofree char *text = hex_text(digest, TC_HASH_LEN);
    assert_string_equal(text, expected);
}

static void test_once(void **state)
{
    static const struct { const char *context, *field, *digest; } table[] = {
        { "throughcare content 1", "abc", "fcf6a45274704ee6e6f7abe8ab69b5b1c1695b0cf113f294ddf054b85a83357a" },
        { "throughcare content 1", "", "40a8d2eb998fe558ee94b10340f9ca2328aff2fda6cb5c7b249839753c4f5197" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        uint8_t digest[TC_HASH_LEN];
        tc_hash_once(table[i].context, table[i].field, strlen(table[i].field), digest);
        assert_digest(digest, table[i].digest);
    }
}

static void test_every_kind_of_field(void **state)
{
    TcHash hash;
    uint8_t digest[TC_HASH_LEN];
    (void)state;
    tc_hash_begin(&hash, "test 1");
    tc_hash_u8(&hash, 7);
    tc_hash_u32(&hash, 0x01020304);
    tc_hash_u64(&hash, 0x0102030405060708);
    tc_hash_i64(&hash, -2);
    tc_hash_lp(&hash, "\x00\xff", 2);
    tc_hash_text(&hash, "Llŷn");
    tc_hash_text(&hash, NULL);
    tc_hash_end(&hash, digest);
    assert_digest(digest, "034d085e09ce8ee8b9f394b18255f04fd3d3327994d478422d22f86cbc53fa91");
}

static void test_bare(void **state)
{
    TcHash hash;
    uint8_t digest[TC_HASH_LEN];
    (void)state;
    tc_hash_begin_bare(&hash);
    tc_hash_bare(&hash, "ab", 2);
    tc_hash_bare(&hash, NULL, 0);
    tc_hash_bare(&hash, "c", 1);
    tc_hash_end(&hash, digest);
    assert_digest(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* "ab" + "c" and "a" + "bc" are different fields, so different digests. */
static void test_fields_do_not_run_together(void **state)
{
    const char *splits[2][2] = { { "ab", "c" }, { "a", "bc" } };
    uint8_t digests[2][TC_HASH_LEN];
    (void)state;
    for (int i = 0; i < 2; i++) {
        TcHash hash;
        tc_hash_begin(&hash, "test 1");
        tc_hash_text(&hash, splits[i][0]);
        tc_hash_text(&hash, splits[i][1]);
        tc_hash_end(&hash, digests[i]);
    }
    assert_memory_not_equal(digests[0], digests[1], TC_HASH_LEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_every_kind_of_field),
        cmocka_unit_test(test_bare),
        cmocka_unit_test(test_fields_do_not_run_together),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
