/* Signatures: RFC 8032's key, and everything that must not verify. */
#include "unit.h"

#include "hex.h"
#include "proto/sign.h"

#include <sodium.h>

/* The key pair of RFC 8032 section 7.1, test 1. */
static void test_rfc_key(void **state)
{
    uint8_t public_key[TC_SIGN_PUBLIC_LEN], secret_key[TC_SIGN_SECRET_LEN];
    g_autoptr(GByteArray) seed = hex_bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    (void)state;
    tc_sign_keypair_from_seed(seed->data, public_key, secret_key);
    g_autofree char *text = hex_text(public_key, sizeof public_key);
    assert_string_equal(text, "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

static void test_what_verifies(void **state)
{
    uint8_t public_key[2][TC_SIGN_PUBLIC_LEN], secret_key[2][TC_SIGN_SECRET_LEN];
    uint8_t digest[TC_HASH_LEN], signature[TC_SIGN_LEN];
    (void)state;
    tc_sign_keypair(public_key[0], secret_key[0]);
    tc_sign_keypair(public_key[1], secret_key[1]);
    tc_hash_once("test 1", "abc", 3, digest);
    tc_sign_digest(secret_key[0], digest, signature);
    assert_true(tc_sign_verify(public_key[0], digest, signature));
    assert_false(tc_sign_verify(public_key[1], digest, signature));
    for (size_t i = 0; i < sizeof signature; i++) {
        signature[i] ^= 1;
        assert_false(tc_sign_verify(public_key[0], digest, signature));
        signature[i] ^= 1;
    }
    tc_hash_once("test 2", "abc", 3, digest);
    assert_false(tc_sign_verify(public_key[0], digest, signature));
}

/* A key of small order would verify anything for anyone who chose it so. */
static void test_small_order_key(void **state)
{
    uint8_t key[TC_SIGN_PUBLIC_LEN] = { 1 }, signature[TC_SIGN_LEN] = { 1 }, digest[TC_HASH_LEN] = { 0 };
    (void)state;
    assert_false(tc_sign_verify(key, digest, signature));
}

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc_key),
        cmocka_unit_test(test_what_verifies),
        cmocka_unit_test(test_small_order_key),
    };
    return cmocka_run_group_tests_name("sign", tests, start, NULL);
}
