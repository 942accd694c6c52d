/* Ed25519 signatures over digests made by hash.h.
 *
 * What is signed is always a 32-byte digest whose context names its purpose, never loose bytes, so that a
 * signature given for one purpose cannot be shown for another. libsodium refuses small-order keys and
 * non-canonical signatures. Secret keys are libsodium's 64-byte form; keep them in memory from sodium_malloc
 * or wipe them with sodium_memzero. sodium_init must have run. Nothing here allocates or keeps state. */
#ifndef PROTO_SIGN_H
#define PROTO_SIGN_H

#include "proto/hash.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define TC_SIGN_PUBLIC_LEN 32
#define TC_SIGN_SECRET_LEN 64
#define TC_SIGN_SEED_LEN 32
#define TC_SIGN_LEN 64

void tc_sign_keypair(uint8_t public_key[TC_SIGN_PUBLIC_LEN], uint8_t secret_key[TC_SIGN_SECRET_LEN]);

/* The key pair of a 32-byte seed (RFC 8032's private key). */
void tc_sign_keypair_from_seed(const uint8_t seed[TC_SIGN_SEED_LEN], uint8_t public_key[TC_SIGN_PUBLIC_LEN],
                               uint8_t secret_key[TC_SIGN_SECRET_LEN]);

void tc_sign_digest(const uint8_t secret_key[TC_SIGN_SECRET_LEN], const uint8_t digest[TC_HASH_LEN],
                    uint8_t signature[TC_SIGN_LEN]);

/* False when the signature is not this key's over this digest. */
bool tc_sign_verify(const uint8_t public_key[TC_SIGN_PUBLIC_LEN], const uint8_t digest[TC_HASH_LEN],
                    const uint8_t signature[TC_SIGN_LEN]) G_GNUC_WARN_UNUSED_RESULT;

#endif
