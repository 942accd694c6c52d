#include "proto/hpke_schedule.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <sodium.h>
#include <string.h>

enum { HPKE_HASH_LEN = 32, HPKE_LABEL_MAX = 64, HPKE_CONTEXT_LEN = 1 + 2 * HPKE_HASH_LEN };

typedef struct Suite {
    uint8_t id[10];
    size_t len;
} Suite;

/* DHKEM(X25519, HKDF-SHA256) is 0x0020, HKDF-SHA256 is 0x0001. */
static const Suite hpke_kem = { { 'K', 'E', 'M', 0x00, 0x20 }, 5 };

static Suite hpke_suite(TcHpkeAead aead)
{
    return (Suite){ { 'H', 'P', 'K', 'E', 0x00, 0x20, 0x00, 0x01, 0x00, (uint8_t)aead }, 10 };
}

static EVP_KDF_CTX *hpke_hkdf(void)
{
    static EVP_KDF *kdf;
    static gsize once;
    if (g_once_init_enter(&once)) {
        kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
        if (kdf == NULL)
            g_error("OpenSSL offers no HKDF");
        g_once_init_leave(&once, 1);
    }
    return EVP_KDF_CTX_new(kdf);
}

static void hpke_derive(int mode, const void *key, size_t key_len, const char *param, const void *extra,
                        size_t extra_len, uint8_t *out, size_t out_len)
{
    char digest[] = "SHA256";
    EVP_KDF_CTX *ctx = hpke_hkdf();
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)key, key_len),
        OSSL_PARAM_construct_octet_string(param, (void *)extra, extra_len),
        OSSL_PARAM_construct_end(),
    };
    if (ctx == NULL || EVP_KDF_derive(ctx, out, out_len, params) != 1)
        g_error("HKDF cannot derive");
    EVP_KDF_CTX_free(ctx);
}

/* What RFC 5869 puts for an absent salt; OpenSSL 3.0 refuses an empty one. */
static const uint8_t hpke_no_salt[HPKE_HASH_LEN];

/* LabeledExtract(salt, label, ikm) */
static void hpke_extract(const Suite *suite, const uint8_t salt[HPKE_HASH_LEN], const char *label, const void *ikm,
                         size_t ikm_len, uint8_t out[HPKE_HASH_LEN])
{
    g_autoptr(GByteArray) input = g_byte_array_sized_new((guint)(HPKE_LABEL_MAX + ikm_len));
    g_byte_array_append(input, (const guint8 *)"HPKE-v1", 7);
    g_byte_array_append(input, suite->id, (guint)suite->len);
    g_byte_array_append(input, (const guint8 *)label, (guint)strlen(label));
    if (ikm_len > 0)
        g_byte_array_append(input, ikm, (guint)ikm_len);
    hpke_derive(EVP_KDF_HKDF_MODE_EXTRACT_ONLY, input->data, input->len, OSSL_KDF_PARAM_SALT, salt, HPKE_HASH_LEN,
                out, HPKE_HASH_LEN);
    sodium_memzero(input->data, input->len);
}

/* LabeledExpand(prk, label, info, out_len) */
static void hpke_expand(const Suite *suite, const uint8_t prk[HPKE_HASH_LEN], const char *label, const uint8_t *info,
                        size_t info_len, uint8_t *out, size_t out_len)
{
    uint8_t input[HPKE_LABEL_MAX + HPKE_CONTEXT_LEN];
    size_t at = 0, label_len = strlen(label);
    g_assert(2 + 7 + suite->len + label_len + info_len <= sizeof input);
    input[at++] = (uint8_t)(out_len >> 8);
    input[at++] = (uint8_t)out_len;
    memcpy(input + at, "HPKE-v1", 7), at += 7;
    memcpy(input + at, suite->id, suite->len), at += suite->len;
    memcpy(input + at, label, label_len), at += label_len;
    memcpy(input + at, info, info_len), at += info_len;
    hpke_derive(EVP_KDF_HKDF_MODE_EXPAND_ONLY, prk, HPKE_HASH_LEN, OSSL_KDF_PARAM_INFO, input, at, out, out_len);
}

/* The KEM: Diffie-Hellman, then ExtractAndExpand over enc | recipient's public key. */
static bool hpke_agree(const uint8_t *secret, const uint8_t *peer, const uint8_t *enc, const uint8_t *recipient,
                       uint8_t shared[HPKE_HASH_LEN])
{
    uint8_t dh[32], prk[HPKE_HASH_LEN], parties[64];
    if (crypto_scalarmult(dh, secret, peer) != 0)
        return false;
    memcpy(parties, enc, 32);
    memcpy(parties + 32, recipient, 32);
    hpke_extract(&hpke_kem, hpke_no_salt, "eae_prk", dh, sizeof dh, prk);
    hpke_expand(&hpke_kem, prk, "shared_secret", parties, sizeof parties, shared, HPKE_HASH_LEN);
    sodium_memzero(dh, sizeof dh);
    sodium_memzero(prk, sizeof prk);
    return true;
}

/* The key schedule of base mode: no pre-shared key. */
static void hpke_schedule(TcHpkeAead aead, const void *info, size_t info_len, TcHpkeContext *context)
{
    Suite suite = hpke_suite(aead);
    uint8_t inputs[HPKE_CONTEXT_LEN] = { 0x00 }, secret[HPKE_HASH_LEN];
    context->key_len = aead == TC_HPKE_AES_128_GCM ? 16 : 32;
    hpke_extract(&suite, hpke_no_salt, "psk_id_hash", NULL, 0, inputs + 1);
    hpke_extract(&suite, hpke_no_salt, "info_hash", info, info_len, inputs + 1 + HPKE_HASH_LEN);
    hpke_extract(&suite, context->shared_secret, "secret", NULL, 0, secret);
    hpke_expand(&suite, secret, "key", inputs, sizeof inputs, context->key, context->key_len);
    hpke_expand(&suite, secret, "base_nonce", inputs, sizeof inputs, context->nonce, sizeof context->nonce);
    sodium_memzero(secret, sizeof secret);
}

bool tc_hpke_schedule_sender(TcHpkeAead aead, const uint8_t ephemeral[TC_HPKE_KEY_LEN],
                             const uint8_t public_key[TC_HPKE_KEY_LEN], const void *info, size_t info_len,
                             uint8_t enc[TC_HPKE_ENC_LEN], TcHpkeContext *context)
{
    crypto_scalarmult_base(enc, ephemeral);
    if (!hpke_agree(ephemeral, public_key, enc, public_key, context->shared_secret))
        return false;
    hpke_schedule(aead, info, info_len, context);
    return true;
}

bool tc_hpke_schedule_recipient(TcHpkeAead aead, const uint8_t secret_key[TC_HPKE_KEY_LEN],
                                const uint8_t enc[TC_HPKE_ENC_LEN], const void *info, size_t info_len,
                                TcHpkeContext *context)
{
    uint8_t public_key[TC_HPKE_KEY_LEN];
    crypto_scalarmult_base(public_key, secret_key);
    if (!hpke_agree(secret_key, enc, enc, public_key, context->shared_secret))
        return false;
    hpke_schedule(aead, info, info_len, context);
    return true;
}
