#include "proto/hash.h"

#include <glib.h>
#include <openssl/evp.h>
#include <string.h>

/* Fetched once: EVP looks an algorithm up by name at every use otherwise, which costs more than a short digest. */
static const EVP_MD *hash_algorithm(void)
{
    static EVP_MD *algorithm;
    static gsize once;
    if (g_once_init_enter(&once)) {
        algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
        if (algorithm == NULL)
            g_error("OpenSSL offers no SHA-256");
        g_once_init_leave(&once, 1);
    }
    return algorithm;
}

void tc_hash_begin_bare(TcHash *hash)
{
    hash->state = EVP_MD_CTX_new();
    if (hash->state == NULL || EVP_DigestInit_ex2(hash->state, hash_algorithm(), NULL) != 1)
        g_error("SHA-256 cannot start: out of memory");
}

void tc_hash_begin(TcHash *hash, const char *context)
{
    tc_hash_begin_bare(hash);
    tc_hash_text(hash, context);
}

void tc_hash_bare(TcHash *hash, const void *bytes, size_t len)
{
    if (len > 0 && EVP_DigestUpdate(hash->state, bytes, len) != 1)
        g_error("SHA-256 cannot go on");
}

void tc_hash_u8(TcHash *hash, uint8_t value)
{
    tc_hash_bare(hash, &value, sizeof value);
}

void tc_hash_u32(TcHash *hash, uint32_t value)
{
    uint32_t wire = GUINT32_TO_BE(value);
    tc_hash_bare(hash, &wire, sizeof wire);
}

void tc_hash_u64(TcHash *hash, uint64_t value)
{
    uint64_t wire = GUINT64_TO_BE(value);
    tc_hash_bare(hash, &wire, sizeof wire);
}

void tc_hash_i64(TcHash *hash, int64_t value)
{
    tc_hash_u64(hash, (uint64_t)value);
}

void tc_hash_lp(TcHash *hash, const void *bytes, size_t len)
{
    g_assert(len <= UINT32_MAX);
    tc_hash_u32(hash, (uint32_t)len);
    tc_hash_bare(hash, bytes, len);
}

void tc_hash_text(TcHash *hash, const char *text)
{
    tc_hash_lp(hash, text, text == NULL ? 0 : strlen(text));
}

void tc_hash_end(TcHash *hash, uint8_t out[TC_HASH_LEN])
{
    if (EVP_DigestFinal_ex(hash->state, out, NULL) != 1)
        g_error("SHA-256 cannot end");
    EVP_MD_CTX_free(hash->state);
    hash->state = NULL;
}

void tc_hash_once(const char *context, const void *bytes, size_t len, uint8_t out[TC_HASH_LEN])
{
    TcHash hash;
    tc_hash_begin(&hash, context);
    tc_hash_lp(&hash, bytes, len);
    tc_hash_end(&hash, out);
}
