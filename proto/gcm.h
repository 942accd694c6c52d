/* AES-GCM in one call, on OpenSSL: the only symmetric cipher of this protocol.
 *
 * Keys are 16 or 32 bytes (16 only for the published HPKE vectors), the nonce 12, the tag 16 bytes after the
 * ciphertext. Buffers belong to the caller: a sealed text is TC_GCM_TAG_LEN longer than the plain one, and may
 * not overlap it. tc_gcm_open writes nothing that survives a failure: on false the output is wiped.
 * GCM does not commit to its key; whoever needs that keeps a commitment beside it (part.h). */
#ifndef PROTO_GCM_H
#define PROTO_GCM_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TC_GCM_NONCE_LEN 12
#define TC_GCM_TAG_LEN 16

/* out: plain_len + TC_GCM_TAG_LEN bytes. Aborts only on lack of memory. */
void tc_gcm_seal(const uint8_t *key, size_t key_len, const uint8_t nonce[TC_GCM_NONCE_LEN], const void *aad,
                 size_t aad_len, const void *plain, size_t plain_len, uint8_t *out);

/* out: sealed_len - TC_GCM_TAG_LEN bytes. False when sealed is too short or does not belong to key, nonce and aad. */
bool tc_gcm_open(const uint8_t *key, size_t key_len, const uint8_t nonce[TC_GCM_NONCE_LEN], const void *aad,
                 size_t aad_len, const void *sealed, size_t sealed_len, uint8_t *out) G_GNUC_WARN_UNUSED_RESULT;

#endif
