#include "proto/gcm.h"

#include <limits.h>
#include <openssl/evp.h>
#include <sodium.h>

static const EVP_CIPHER *gcm_cipher(size_t key_len)
{
    static EVP_CIPHER *aes128, *aes256;
    static gsize once;
    if (g_once_init_enter(&once)) {
        aes128 = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
        aes256 = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
        if (aes128 == NULL || aes256 == NULL)
            g_error("OpenSSL offers no AES-GCM");
        g_once_init_leave(&once, 1);
    }
    g_assert(key_len == 16 || key_len == 32);
    return key_len == 16 ? aes128 : aes256;
}

static EVP_CIPHER_CTX *gcm_start(const uint8_t *key, size_t key_len, const uint8_t *nonce, const void *aad,
                                 size_t aad_len, size_t text_len, int sealing)
{
    int done;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    g_assert(aad_len <= INT_MAX && text_len <= INT_MAX);
    if (ctx == NULL || EVP_CipherInit_ex2(ctx, gcm_cipher(key_len), key, nonce, sealing, NULL) != 1
        || (aad_len > 0 && EVP_CipherUpdate(ctx, NULL, &done, aad, (int)aad_len) != 1))
        g_error("AES-GCM cannot start: out of memory");
    return ctx;
}

void tc_gcm_seal(const uint8_t *key, size_t key_len, const uint8_t nonce[TC_GCM_NONCE_LEN], const void *aad,
                 size_t aad_len, const void *plain, size_t plain_len, uint8_t *out)
{
    int done = 0, last = 0;
    EVP_CIPHER_CTX *ctx = gcm_start(key, key_len, nonce, aad, aad_len, plain_len, 1);
    if ((plain_len > 0 && EVP_CipherUpdate(ctx, out, &done, plain, (int)plain_len) != 1)
        || EVP_CipherFinal_ex(ctx, out + done, &last) != 1
        || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TC_GCM_TAG_LEN, out + plain_len) != 1)
        g_error("AES-GCM cannot seal");
    EVP_CIPHER_CTX_free(ctx);
}

bool tc_gcm_open(const uint8_t *key, size_t key_len, const uint8_t nonce[TC_GCM_NONCE_LEN], const void *aad,
                 size_t aad_len, const void *sealed, size_t sealed_len, uint8_t *out)
{
    int done = 0, last = 0;
    uint8_t none[1];
    if (sealed_len < TC_GCM_TAG_LEN)
        return false;
    size_t len = sealed_len - TC_GCM_TAG_LEN;
    const uint8_t *tag = (const uint8_t *)sealed + len;
    EVP_CIPHER_CTX *ctx = gcm_start(key, key_len, nonce, aad, aad_len, sealed_len, 0);
    bool ok = (len == 0 || EVP_CipherUpdate(ctx, out, &done, sealed, (int)len) == 1)
              && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TC_GCM_TAG_LEN, (void *)tag) == 1
              && EVP_CipherFinal_ex(ctx, len == 0 ? none : out + done, &last) == 1;
    EVP_CIPHER_CTX_free(ctx);
    if (!ok && len > 0)
        sodium_memzero(out, len);
    return ok;
}
