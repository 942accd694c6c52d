#include "proto/linkage.h"

#include "proto/date.h"
#include "proto/field.h"

#include <sodium.h>
#include <string.h>

static const char *const linkage_types[] = {
    [TC_LINKAGE_NHS] = "nhs",
    [TC_LINKAGE_PRISON] = "prison",
    [TC_LINKAGE_PNC] = "pnc",
};

char *tc_linkage_normalise(const char *number)
{
    GString *kept = g_string_new(NULL);
    for (; *number != '\0'; number++)
        if (g_ascii_isalnum(*number))
            g_string_append_c(kept, g_ascii_toupper(*number));
    return g_string_free(kept, FALSE);
}

/* Personal data passes through here, so the buffer is wiped. Last field: NULL for none. */
static void linkage_hmac(const uint8_t *key, const char *context, const char *type, const char *number,
                         const char *born, TcDigest *out)
{
    g_autoptr(GByteArray) input = g_byte_array_new();
    tc_field_text(input, context);
    tc_field_text(input, type);
    tc_field_text(input, number);
    if (born != NULL)
        tc_field_text(input, born);
    crypto_auth_hmacsha256(out->b, input->data, input->len, key);
    sodium_memzero(input->data, input->len);
}

bool tc_linkage_token(const uint8_t key[TC_LINKAGE_KEY_LEN], TcLinkageType type, const char *number,
                      const char *date_of_birth, TcLinkageToken *token)
{
    g_autofree char *normal = tc_linkage_normalise(number);
    if (normal[0] == '\0' || !tc_date_valid(date_of_birth, strlen(date_of_birth)))
        return false;
    linkage_hmac(key, "throughcare strong 1", linkage_types[type], normal, NULL, &token->strong);
    linkage_hmac(key, "throughcare born 1", linkage_types[type], normal, date_of_birth, &token->born);
    sodium_memzero(normal, strlen(normal));
    return true;
}

static GByteArray *linkage_info(const TcDigest *authority, const char *service, const TcDigest *reader)
{
    GByteArray *info = g_byte_array_new();
    tc_field_text(info, "throughcare linkage 1");
    tc_field_lp(info, authority->b, sizeof authority->b);
    tc_field_text(info, service);
    tc_field_lp(info, reader->b, sizeof reader->b);
    return info;
}

bool tc_linkage_wrap(const TcDigest *authority, const char *service, const TcDigest *reader,
                     const uint8_t key[TC_LINKAGE_KEY_LEN], uint8_t enc[TC_HPKE_ENC_LEN],
                     uint8_t wrapped[TC_LINKAGE_WRAPPED_LEN])
{
    g_autoptr(GByteArray) info = linkage_info(authority, service, reader);
    return tc_hpke_seal(reader->b, info->data, info->len, NULL, 0, key, TC_LINKAGE_KEY_LEN, enc, wrapped);
}

bool tc_linkage_unwrap(const TcDigest *authority, const char *service, const TcDigest *reader,
                       const uint8_t secret[TC_HPKE_KEY_LEN], const uint8_t enc[TC_HPKE_ENC_LEN],
                       const uint8_t wrapped[TC_LINKAGE_WRAPPED_LEN], uint8_t key[TC_LINKAGE_KEY_LEN])
{
    g_autoptr(GByteArray) info = linkage_info(authority, service, reader);
    return tc_hpke_open(secret, enc, info->data, info->len, NULL, 0, wrapped, TC_LINKAGE_WRAPPED_LEN, key);
}
