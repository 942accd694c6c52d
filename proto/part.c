#include "proto/part.h"

#include "proto/digests.h"
#include "proto/field.h"

#include <sodium.h>

static const uint8_t part_nonce[TC_GCM_NONCE_LEN];

uint8_t *tc_part_key_new(void)
{
    uint8_t *key = sodium_malloc(TC_PART_KEY_LEN);
    if (key == NULL)
        g_error("no locked memory left for a part key");
    randombytes_buf(key, TC_PART_KEY_LEN);
    return key;
}

void tc_part_key_free(uint8_t *key)
{
    sodium_free(key);
}

/* lp(context) | lp(authority) | lp(message id) | u8 part */
static GByteArray *part_name(const char *context, const TcPart *part)
{
    GByteArray *name = g_byte_array_new();
    tc_field_text(name, context);
    tc_field_lp(name, part->authority.b, sizeof part->authority.b);
    tc_field_lp(name, part->message.b, sizeof part->message.b);
    g_byte_array_append(name, &part->number, 1);
    return name;
}

static GByteArray *part_wrap_info(const TcPart *part, const TcDigest *content, const TcDigest *reader)
{
    GByteArray *info = part_name("throughcare wrap 1", part);
    tc_field_lp(info, content->b, sizeof content->b);
    tc_field_lp(info, reader->b, sizeof reader->b);
    return info;
}

void tc_part_seal(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const void *plain, size_t len,
                  uint8_t *sealed)
{
    g_autoptr(GByteArray) aad = part_name("throughcare part 1", part);
    tc_gcm_seal(key, TC_PART_KEY_LEN, part_nonce, aad->data, aad->len, plain, len, sealed);
}

bool tc_part_open(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const void *sealed, size_t len,
                  uint8_t *plain)
{
    g_autoptr(GByteArray) aad = part_name("throughcare part 1", part);
    return tc_gcm_open(key, TC_PART_KEY_LEN, part_nonce, aad->data, aad->len, sealed, len, plain);
}

void tc_part_commit(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], TcDigest *commitment)
{
    tc_digest_commitment(key, &part->message, part->number, commitment);
}

bool tc_part_commitment_holds(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const TcDigest *commitment)
{
    TcDigest expected;
    tc_part_commit(part, key, &expected);
    return sodium_memcmp(&expected, commitment, sizeof expected) == 0;
}

bool tc_part_wrap(const TcPart *part, const uint8_t key[TC_PART_KEY_LEN], const TcDigest *content,
                  const TcDigest *reader, uint8_t enc[TC_HPKE_ENC_LEN], uint8_t wrapped[TC_PART_WRAPPED_LEN])
{
    g_autoptr(GByteArray) info = part_wrap_info(part, content, reader);
    return tc_hpke_seal(reader->b, info->data, info->len, NULL, 0, key, TC_PART_KEY_LEN, enc, wrapped);
}

bool tc_part_unwrap(const TcPart *part, const TcDigest *content, const TcDigest *reader,
                    const uint8_t secret[TC_HPKE_KEY_LEN], const uint8_t enc[TC_HPKE_ENC_LEN],
                    const uint8_t wrapped[TC_PART_WRAPPED_LEN], uint8_t key[TC_PART_KEY_LEN])
{
    g_autoptr(GByteArray) info = part_wrap_info(part, content, reader);
    return tc_hpke_open(secret, enc, info->data, info->len, NULL, 0, wrapped, TC_PART_WRAPPED_LEN, key);
}
