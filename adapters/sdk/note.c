/* An adapter's own notes, in the same spool as what they speak of; plain, or sealed under the storage key as part keys are (vault.h). */
#include "adapters/sdk/client.h"
#include "adapters/sdk/error.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG_LEN = crypto_aead_xchacha20poly1305_ietf_ABYTES, BASE64 = sodium_base64_VARIANT_ORIGINAL };
static const char secret_context[] = "throughcare note 1:"; /* then the name: no note can be put in another's place */

bool tc_client_note_set(TcClient *client, const char *name, const char *value, TcError *error)
{
    if (name == NULL || name[0] == '\0')
        return error_set(error, "missing_field", "name", "A note needs a name.");
    if (value == NULL)
        spool_do(client->spool, SQL_NOTE_REMOVE, "t", name);
    else
        spool_do(client->spool, SQL_NOTE_SET, "tt", name, value);
    return spool_ok(client->spool, error);
}

char *tc_client_note_get(TcClient *client, const char *name)
{
    char *value = NULL;
    sqlite3_stmt *row = spool_ask(client->spool, SQL_NOTE_GET, "t", name);
    if (spool_next(client->spool, row)) {
        value = strdup((const char *)sqlite3_column_text(row, 0));
        spool_done(row);
    }
    return value;
}

bool tc_client_secret_set(TcClient *client, const char *name, const char *value, TcError *error)
{
    if (name == NULL || value == NULL)
        return tc_client_note_set(client, name, NULL, error);
    size_t len = strlen(value), sealed_len = NONCE_LEN + len + TAG_LEN, text_len = sodium_base64_ENCODED_LEN(sealed_len, BASE64);
    g_autofree char *binding = g_strconcat(secret_context, name, NULL), *text = g_malloc(text_len);
    g_autofree uint8_t *sealed = g_malloc(sealed_len);
    randombytes_buf(sealed, NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_LEN, NULL, (const uint8_t *)value, len, (const uint8_t *)binding, strlen(binding), NULL, sealed,
                                               tc_keys_storage(client->keys));
    sodium_bin2base64(text, text_len, sealed, sealed_len, BASE64);
    return tc_client_note_set(client, name, text, error);
}

char *tc_client_secret_get(TcClient *client, const char *name)
{
    char *text = tc_client_note_get(client, name), *value = NULL;
    size_t max = text != NULL ? strlen(text) : 0, len = 0;
    g_autofree char *binding = g_strconcat(secret_context, name, NULL);
    g_autofree uint8_t *sealed = g_malloc(max + 1);
    if (text != NULL && sodium_base642bin(sealed, max, text, max, NULL, &len, NULL, BASE64) == 0 && len >= NONCE_LEN + TAG_LEN) {
        value = malloc(len - NONCE_LEN - TAG_LEN + 1);
        if (value != NULL && crypto_aead_xchacha20poly1305_ietf_decrypt((uint8_t *)value, NULL, NULL, sealed + NONCE_LEN, len - NONCE_LEN, (const uint8_t *)binding,
                                                                        strlen(binding), sealed, tc_keys_storage(client->keys)) == 0)
            value[len - NONCE_LEN - TAG_LEN] = '\0';
        else
            free(value), value = NULL;
    }
    free(text);
    return value;
}
