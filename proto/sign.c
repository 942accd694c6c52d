#include "proto/sign.h"

#include <sodium.h>

G_STATIC_ASSERT(TC_SIGN_PUBLIC_LEN == crypto_sign_PUBLICKEYBYTES);
G_STATIC_ASSERT(TC_SIGN_SECRET_LEN == crypto_sign_SECRETKEYBYTES);
G_STATIC_ASSERT(TC_SIGN_SEED_LEN == crypto_sign_SEEDBYTES);
G_STATIC_ASSERT(TC_SIGN_LEN == crypto_sign_BYTES);

void tc_sign_keypair(uint8_t public_key[TC_SIGN_PUBLIC_LEN], uint8_t secret_key[TC_SIGN_SECRET_LEN])
{
    crypto_sign_keypair(public_key, secret_key);
}

void tc_sign_keypair_from_seed(const uint8_t seed[TC_SIGN_SEED_LEN], uint8_t public_key[TC_SIGN_PUBLIC_LEN],
                               uint8_t secret_key[TC_SIGN_SECRET_LEN])
{
    crypto_sign_seed_keypair(public_key, secret_key, seed);
}

void tc_sign_digest(const uint8_t secret_key[TC_SIGN_SECRET_LEN], const uint8_t digest[TC_HASH_LEN],
                    uint8_t signature[TC_SIGN_LEN])
{
    crypto_sign_detached(signature, NULL, digest, TC_HASH_LEN, secret_key);
}

bool tc_sign_verify(const uint8_t public_key[TC_SIGN_PUBLIC_LEN], const uint8_t digest[TC_HASH_LEN],
                    const uint8_t signature[TC_SIGN_LEN])
{
    return crypto_sign_verify_detached(signature, digest, TC_HASH_LEN, public_key) == 0;
}
