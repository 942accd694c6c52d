/* Content parts: sealing one under a key of its own, committing to that key, and wrapping the key for a reader.
 *
 * A TcPart says which part of which message; it is bound into the sealed text, the commitment and every wrap, so none
 * can be moved to another message or part. A part key is used for one sealing only, because the nonce is fixed.
 * Keys from tc_part_key_new lie in locked memory and are wiped by tc_part_key_free; keys in other buffers are the
 * caller's to wipe. Other buffers belong to the caller. Openers check the commitment: GCM alone lets a sealer make one
 * text that opens differently under two keys. sodium_init must have run. */
#ifndef PROTO_PART_H
#define PROTO_PART_H

#include "proto/gcm.h"
#include "proto/hpke.h"
#include "proto/types.h"

#define TC_PART_KEY_LEN 32
#define TC_PART_TAG_LEN TC_GCM_TAG_LEN
#define TC_PART_WRAPPED_LEN (TC_PART_KEY_LEN + TC_HPKE_TAG_LEN)

typedef struct TcPart {
    TcDigest authority;
    TcId message;
    uint8_t number; /* Part.Code */
} TcPart;

/* A new random key. Free with tc_part_key_free, which takes NULL too. */
uint8_t *tc_part_key_new(void);
void tc_part_key_free(uint8_t *key);

/* sealed: len + TC_PART_TAG_LEN bytes. */
void tc_part_seal(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const void *plain, size_t len,
                  uint8_t *sealed);

/* plain: len - TC_PART_TAG_LEN bytes; wiped on failure. False when sealed was not made by tc_part_seal for part and key. */
bool tc_part_open(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const void *sealed, size_t len,
                  uint8_t *plain) G_GNUC_WARN_UNUSED_RESULT;

void tc_part_commit(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], TcDigest *commitment);
bool tc_part_commitment_holds(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const TcDigest *commitment)
    G_GNUC_WARN_UNUSED_RESULT;

/* Wraps key for the holder of reader's secret key. content: the message's content digest. False only for a bad reader key. */
bool tc_part_wrap(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const TcDigest *content,
                  const TcDigest *reader, uint8_t enc[TC_HPKE_ENC_LEN], uint8_t wrapped[TC_PART_WRAPPED_LEN])
    G_GNUC_WARN_UNUSED_RESULT;

/* The reverse, with the reader's key pair; key is wiped on failure. Check the commitment before use. */
bool tc_part_unwrap(const TcPart *part, const TcDigest *content, const TcDigest *reader,
                    const uint8_t secret[TC_HPKE_KEY_LEN], const uint8_t enc[TC_HPKE_ENC_LEN],
                    const uint8_t wrapped[TC_PART_WRAPPED_LEN], uint8_t key[TC_PART_KEY_LEN])
    G_GNUC_WARN_UNUSED_RESULT;

#endif
