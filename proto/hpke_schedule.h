/* The inside of hpke.c, shown to its test only: the published vectors fix the ephemeral key and use
 * AES-128-GCM, neither of which the public functions allow. Same rules as hpke.h. */
#ifndef PROTO_HPKE_SCHEDULE_H
#define PROTO_HPKE_SCHEDULE_H

#include "proto/hpke.h"

typedef enum TcHpkeAead {
    TC_HPKE_AES_128_GCM = 0x0001,
    TC_HPKE_AES_256_GCM = 0x0002,
} TcHpkeAead;

/* What the key schedule gives; wipe it after use. */
typedef struct TcHpkeContext {
    uint8_t shared_secret[32];
    uint8_t key[32];
    size_t key_len;
    uint8_t nonce[TC_GCM_NONCE_LEN];
} TcHpkeContext;

/* The sender's side for a given ephemeral secret key; writes enc. */
bool tc_hpke_schedule_sender(TcHpkeAead aead, const uint8_t ephemeral[TC_HPKE_KEY_LEN],
                             const uint8_t public_key[TC_HPKE_KEY_LEN], const void *info, size_t info_len,
                             uint8_t enc[TC_HPKE_ENC_LEN], TcHpkeContext *context) G_GNUC_WARN_UNUSED_RESULT;

/* The recipient's side. */
bool tc_hpke_schedule_recipient(TcHpkeAead aead, const uint8_t secret_key[TC_HPKE_KEY_LEN],
                                const uint8_t enc[TC_HPKE_ENC_LEN], const void *info, size_t info_len,
                                TcHpkeContext *context) G_GNUC_WARN_UNUSED_RESULT;

#endif
