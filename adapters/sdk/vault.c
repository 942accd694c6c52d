#include "adapters/sdk/vault.h"

#include <sodium.h>

enum { NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, SEALED_LEN = 32 + crypto_aead_xchacha20poly1305_ietf_ABYTES };

typedef struct Binding { uint8_t context[24], message[16], part; } Binding;

static Binding vault_binding(const TcId *message, int part)
{
    Binding binding = { .context = "throughcare vault 1", .part = (uint8_t)part };
    memcpy(binding.message, message->b, sizeof binding.message);
    return binding;
}

void vault_put(TcClient *client, const TcId *message, int part, const uint8_t key[32])
{
    uint8_t nonce[NONCE_LEN], sealed[SEALED_LEN];
    Binding binding = vault_binding(message, part);
    randombytes_buf(nonce, sizeof nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, key, 32, (const uint8_t *)&binding, sizeof binding, NULL, nonce,
                                               tc_keys_storage(client->keys));
    spool_do(client->spool, SQL_PART_KEY_SET, "uibb", message, (int64_t)part, nonce, sizeof nonce, sealed, sizeof sealed);
}

bool vault_get(TcClient *client, const TcId *message, int part, uint8_t key[32])
{
    Binding binding = vault_binding(message, part);
    sqlite3_stmt *row = spool_ask(client->spool, SQL_PART_KEY_GET, "ui", message, (int64_t)part);
    if (!spool_next(client->spool, row))
        return false;
    bool ok = sqlite3_column_bytes(row, 0) == NONCE_LEN && sqlite3_column_bytes(row, 1) == SEALED_LEN
              && crypto_aead_xchacha20poly1305_ietf_decrypt(key, NULL, NULL, sqlite3_column_blob(row, 1), SEALED_LEN,
                                                            (const uint8_t *)&binding, sizeof binding,
                                                            sqlite3_column_blob(row, 0), tc_keys_storage(client->keys)) == 0;
    spool_done(row);
    return ok;
}
