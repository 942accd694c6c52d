/* HPKE (RFC 9180), base mode, one message a context: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.
 *
 * Used to wrap part keys and the linkage key for one recipient. Each seal makes a fresh ephemeral key, so a
 * context is never used twice. Buffers belong to the caller and may not overlap. Intermediate secrets are
 * wiped. A public key or an enc that leads to an all-zero shared secret is refused. sodium_init must have run.
 * Base mode does not say who sealed: the wrap's signature does that. */
#ifndef PROTO_HPKE_H
#define PROTO_HPKE_H

#include "proto/gcm.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TC_HPKE_KEY_LEN 32
#define TC_HPKE_ENC_LEN 32
/* A sealed text is this much longer than the plain one. */
#define TC_HPKE_TAG_LEN TC_GCM_TAG_LEN

void tc_hpke_keypair(uint8_t public_key[TC_HPKE_KEY_LEN], uint8_t secret_key[TC_HPKE_KEY_LEN]);
void tc_hpke_public_of(const uint8_t secret_key[TC_HPKE_KEY_LEN], uint8_t public_key[TC_HPKE_KEY_LEN]);

/* sealed: plain_len + TC_HPKE_TAG_LEN bytes. False only for a public key that is no point to seal to. */
bool tc_hpke_seal(const uint8_t public_key[TC_HPKE_KEY_LEN], const void *info, size_t info_len, const void *aad,
                  size_t aad_len, const void *plain, size_t plain_len, uint8_t enc[TC_HPKE_ENC_LEN],
                  uint8_t *sealed) G_GNUC_WARN_UNUSED_RESULT;

/* plain: sealed_len - TC_HPKE_TAG_LEN bytes. False when it was not sealed to this key with this info and aad. */
bool tc_hpke_open(const uint8_t secret_key[TC_HPKE_KEY_LEN], const uint8_t enc[TC_HPKE_ENC_LEN], const void *info,
                  size_t info_len, const void *aad, size_t aad_len, const void *sealed, size_t sealed_len,
                  uint8_t *plain) G_GNUC_WARN_UNUSED_RESULT;

#endif
