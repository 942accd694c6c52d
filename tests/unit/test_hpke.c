/* HPKE against RFC 9180 appendix A.1.1 (which fixes the ephemeral key and uses AES-128-GCM), and what must not open. */
#include "unit.h"

#include "hex.h"
#include "proto/hpke.h"
#include "proto/hpke_schedule.h"

#include <sodium.h>

static const char a1_info[] = "4f6465206f6e2061204772656369616e2055726e";
static const char a1_ephemeral[] = "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736";
static const char a1_enc[] = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431";
static const char a1_recipient_public[] = "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d";
static const char a1_recipient_secret[] = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8";
static const char a1_shared[] = "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc";
static const char a1_key[] = "4531685d41d65f03dc48f6b8302c05b0";
static const char a1_nonce[] = "56d890e5accaaf011cff4b7d";
static const char a1_aad[] = "436f756e742d30";
static const char a1_plain[] = "4265617574792069732074727574682c20747275746820626561757479";
static const char a1_sealed[] =
    "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a";

static void assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
    g_autofree char *text = hex_text(bytes, len);
    assert_string_equal(text, expected);
}

static void assert_a1_context(const TcHpkeContext *context)
{
    assert_int_equal(context->key_len, 16);
    assert_hex(context->shared_secret, sizeof context->shared_secret, a1_shared);
    assert_hex(context->key, context->key_len, a1_key);
    assert_hex(context->nonce, sizeof context->nonce, a1_nonce);
}

static void test_a1_sender(void **state)
{
    TcHpkeContext context;
    uint8_t enc[TC_HPKE_ENC_LEN], sealed[64];
    g_autoptr(GByteArray) info = hex_bytes(a1_info), ephemeral = hex_bytes(a1_ephemeral);
    g_autoptr(GByteArray) recipient = hex_bytes(a1_recipient_public);
    g_autoptr(GByteArray) aad = hex_bytes(a1_aad), plain = hex_bytes(a1_plain);
    (void)state;
    assert_true(tc_hpke_schedule_sender(TC_HPKE_AES_128_GCM, ephemeral->data, recipient->data, info->data, info->len,
                                        enc, &context));
    assert_hex(enc, sizeof enc, a1_enc);
    assert_a1_context(&context);
    tc_gcm_seal(context.key, context.key_len, context.nonce, aad->data, aad->len, plain->data, plain->len, sealed);
    assert_hex(sealed, plain->len + TC_HPKE_TAG_LEN, a1_sealed);
}

static void test_a1_recipient(void **state)
{
    TcHpkeContext context;
    uint8_t plain[64];
    g_autoptr(GByteArray) info = hex_bytes(a1_info), enc = hex_bytes(a1_enc);
    g_autoptr(GByteArray) secret = hex_bytes(a1_recipient_secret);
    g_autoptr(GByteArray) aad = hex_bytes(a1_aad), sealed = hex_bytes(a1_sealed);
    (void)state;
    assert_true(tc_hpke_schedule_recipient(TC_HPKE_AES_128_GCM, secret->data, enc->data, info->data, info->len,
                                           &context));
    assert_a1_context(&context);
    assert_true(tc_gcm_open(context.key, context.key_len, context.nonce, aad->data, aad->len, sealed->data,
                            sealed->len, plain));
    assert_hex(plain, sealed->len - TC_HPKE_TAG_LEN, a1_plain);
}

typedef struct Sealed {
    uint8_t public_key[32], secret_key[32], enc[TC_HPKE_ENC_LEN], text[32 + TC_HPKE_TAG_LEN], plain[32];
} Sealed;

static void seal_some(Sealed *sealed)
{
    tc_hpke_keypair(sealed->public_key, sealed->secret_key);
    memset(sealed->plain, 0x5a, sizeof sealed->plain);
    assert_true(tc_hpke_seal(sealed->public_key, "info", 4, "aad", 3, sealed->plain, sizeof sealed->plain,
                             sealed->enc, sealed->text));
}

static bool open_some(const Sealed *sealed, const char *info, const char *aad, uint8_t plain[32])
{
    return tc_hpke_open(sealed->secret_key, sealed->enc, info, strlen(info), aad, strlen(aad), sealed->text,
                        sizeof sealed->text, plain);
}

static void test_round(void **state)
{
    Sealed sealed;
    uint8_t plain[32], again[32];
    (void)state;
    seal_some(&sealed);
    assert_true(open_some(&sealed, "info", "aad", plain));
    assert_memory_equal(plain, sealed.plain, sizeof plain);
    memcpy(again, sealed.enc, sizeof again);
    assert_true(tc_hpke_seal(sealed.public_key, "info", 4, NULL, 0, NULL, 0, sealed.enc, sealed.text));
    assert_memory_not_equal(again, sealed.enc, sizeof again);
    assert_true(tc_hpke_open(sealed.secret_key, sealed.enc, "info", 4, NULL, 0, sealed.text, TC_HPKE_TAG_LEN, NULL));
}

static void test_what_does_not_open(void **state)
{
    Sealed sealed;
    uint8_t plain[32];
    (void)state;
    seal_some(&sealed);
    assert_false(open_some(&sealed, "other", "aad", plain));
    assert_false(open_some(&sealed, "info", "", plain));
    assert_false(tc_hpke_open(sealed.secret_key, sealed.enc, "info", 4, "aad", 3, sealed.text, 15, plain));
    sealed.text[0] ^= 1;
    memset(plain, 0xff, sizeof plain);
    assert_false(open_some(&sealed, "info", "aad", plain));
    assert_true(sodium_is_zero(plain, sizeof plain));
    sealed.text[0] ^= 1;
    sealed.enc[0] ^= 1;
    assert_false(open_some(&sealed, "info", "aad", plain));
    sealed.enc[0] ^= 1;
    tc_hpke_keypair(sealed.public_key, sealed.secret_key);
    assert_false(open_some(&sealed, "info", "aad", plain));
}

/* Points of small order give an all-zero shared secret that everybody knows. */
static void test_small_order_points(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    Sealed sealed;
    uint8_t plain[32];
    (void)state;
    seal_some(&sealed);
    for (size_t i = 0; i < G_N_ELEMENTS(points); i++) {
        g_autoptr(GByteArray) point = hex_bytes(points[i]);
        assert_false(tc_hpke_seal(point->data, "info", 4, "aad", 3, sealed.plain, 32, sealed.enc, sealed.text));
        memcpy(sealed.enc, point->data, sizeof sealed.enc);
        assert_false(open_some(&sealed, "info", "aad", plain));
    }
}

static int start(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a1_sender),
        cmocka_unit_test(test_a1_recipient),
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_what_does_not_open),
        cmocka_unit_test(test_small_order_points),
    };
    return cmocka_run_group_tests_name("hpke", tests, start, NULL);
}
