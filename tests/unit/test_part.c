/* Parts: sealed as PROTOCOL.md says (one value worked out by another program), and nothing opens anywhere but in its place. */
#include "unit.h"

#include "hex.h"
#include "proto/part.h"

#include <sodium.h>

static TcPart some_part(void)
{
    TcPart part = { .number = 2 };
    memset(part.authority.b, 0xa0, sizeof part.authority.b);
    memset(part.message.b, 0xb1, sizeof part.message.b);
    return part;
}

static void test_known_value(void **state)
{
    TcPart part = some_part();
    uint8_t key[TC_PART_KEY_LEN], sealed[5 + TC_PART_TAG_LEN];
    (void)state;
    memset(key, 0x77, sizeof key);
    tc_part_seal(&part, key, "Llŷn", 5, sealed);
    g_autofree char *text = hex_text(sealed, sizeof sealed);
    assert_string_equal(text, "5061727e44b8cf7bc5319076130bf8f926950895b4");
}

static void move_message(TcPart *part) { part->message.b[15] ^= 1; }
static void move_authority(TcPart *part) { part->authority.b[0] ^= 1; }
static void move_number(TcPart *part) { part->number = 1; }
static void (*const moves[])(TcPart *) = { move_message, move_authority, move_number };

static void test_opens_only_in_its_place(void **state)
{
    TcPart part = some_part();
    uint8_t *key = tc_part_key_new(), *other = tc_part_key_new();
    uint8_t sealed[5 + TC_PART_TAG_LEN], plain[5];
    (void)state;
    tc_part_seal(&part, key, "Llŷn", 5, sealed);
    assert_true(tc_part_open(&part, key, sealed, sizeof sealed, plain));
    assert_memory_equal(plain, "Llŷn", 5);
    assert_false(tc_part_open(&part, other, sealed, sizeof sealed, plain));
    assert_false(tc_part_open(&part, key, sealed, sizeof sealed - 1, plain));
    assert_false(tc_part_open(&part, key, sealed, 3, plain));
    for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
        TcPart moved = part;
        moves[i](&moved);
        assert_false(tc_part_open(&moved, key, sealed, sizeof sealed, plain));
        assert_true(sodium_is_zero(plain, sizeof plain));
    }
    tc_part_key_free(key);
    tc_part_key_free(other);
}

static void test_commitment(void **state)
{
    TcPart part = some_part(), moved = part;
    TcDigest commitment;
    uint8_t *key = tc_part_key_new(), *other = tc_part_key_new();
    (void)state;
    tc_part_commit(&part, key, &commitment);
    assert_true(tc_part_commitment_holds(&part, key, &commitment));
    assert_false(tc_part_commitment_holds(&part, other, &commitment));
    move_number(&moved);
    assert_false(tc_part_commitment_holds(&moved, key, &commitment));
    tc_part_key_free(key);
    tc_part_key_free(other);
}

static void test_wrap(void **state)
{
    TcPart part = some_part();
    TcDigest content = { { 1 } }, reader, other = { { 2 } };
    uint8_t secret[32], enc[TC_HPKE_ENC_LEN], wrapped[TC_PART_WRAPPED_LEN], got[TC_PART_KEY_LEN];
    uint8_t *key = tc_part_key_new();
    (void)state;
    tc_hpke_keypair(reader.b, secret);
    assert_true(tc_part_wrap(&part, key, &content, &reader, enc, wrapped));
    assert_true(tc_part_unwrap(&part, &content, &reader, secret, enc, wrapped, got));
    assert_memory_equal(got, key, sizeof got);
    assert_false(tc_part_unwrap(&part, &other, &reader, secret, enc, wrapped, got));
    assert_false(tc_part_unwrap(&part, &content, &other, secret, enc, wrapped, got));
    for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
        TcPart moved = part;
        moves[i](&moved);
        assert_false(tc_part_unwrap(&moved, &content, &reader, secret, enc, wrapped, got));
    }
    wrapped[0] ^= 1;
    assert_false(tc_part_unwrap(&part, &content, &reader, secret, enc, wrapped, got));
    memset(reader.b, 0, sizeof reader.b);
    assert_false(tc_part_wrap(&part, key, &content, &reader, enc, wrapped));
    tc_part_key_free(key);
}

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_value),
        cmocka_unit_test(test_opens_only_in_its_place),
        cmocka_unit_test(test_commitment),
        cmocka_unit_test(test_wrap),
    };
    return cmocka_run_group_tests_name("part", tests, start, NULL);
}
