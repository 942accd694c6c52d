#include "proto/hpke.h"

#include "proto/hpke_schedule.h"

#include <sodium.h>

void tc_hpke_keypair(uint8_t public_key[TC_HPKE_KEY_LEN], uint8_t secret_key[TC_HPKE_KEY_LEN])
{
    randombytes_buf(secret_key, TC_HPKE_KEY_LEN);
    tc_hpke_public_of(secret_key, public_key);
}

void tc_hpke_public_of(const uint8_t secret_key[TC_HPKE_KEY_LEN], uint8_t public_key[TC_HPKE_KEY_LEN])
{
    crypto_scalarmult_base(public_key, secret_key);
}

bool tc_hpke_seal(const uint8_t public_key[TC_HPKE_KEY_LEN], const void *info, size_t info_len, const void *aad,
                  size_t aad_len, const void *plain, size_t plain_len, uint8_t enc[TC_HPKE_ENC_LEN], uint8_t *sealed)
{
    TcHpkeContext context;
    uint8_t ephemeral[TC_HPKE_KEY_LEN];
    randombytes_buf(ephemeral, sizeof ephemeral);
    bool ok = tc_hpke_schedule_sender(TC_HPKE_AES_256_GCM, ephemeral, public_key, info, info_len, enc, &context);
    if (ok)
        tc_gcm_seal(context.key, context.key_len, context.nonce, aad, aad_len, plain, plain_len, sealed);
    sodium_memzero(ephemeral, sizeof ephemeral);
    sodium_memzero(&context, sizeof context);
    return ok;
}

bool tc_hpke_open(const uint8_t secret_key[TC_HPKE_KEY_LEN], const uint8_t enc[TC_HPKE_ENC_LEN], const void *info,
                  size_t info_len, const void *aad, size_t aad_len, const void *sealed, size_t sealed_len,
                  uint8_t *plain)
{
    TcHpkeContext context;
    bool ok = tc_hpke_schedule_recipient(TC_HPKE_AES_256_GCM, secret_key, enc, info, info_len, &context)
              && tc_gcm_open(context.key, context.key_len, context.nonce, aad, aad_len, sealed, sealed_len, plain);
    sodium_memzero(&context, sizeof context);
    return ok;
}
