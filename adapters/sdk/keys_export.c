/* Keys under a passphrase: [export] version, service, station, salt, nonce, box. The cost of guessing is fixed by the version
 * and not read from the file, so that a doctored file can neither exhaust memory nor make guessing cheap. */
#include "adapters/sdk/keys.h"

#include "adapters/sdk/error.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static bool keys_export_passphrase_good(const char *passphrase, TcError *error)
{
    if (passphrase != NULL && g_utf8_validate(passphrase, -1, NULL) && g_utf8_strlen(passphrase, -1) >= TC_KEYS_PASSPHRASE_MIN)
        return true;
    return error_set(error, "keys", "passphrase", "The passphrase needs at least %d characters. Several words are easiest to keep.",
                     TC_KEYS_PASSPHRASE_MIN);
}

/* NULL when there is no memory for it. From sodium_malloc. */
static uint8_t *keys_export_derive(const char *passphrase, const uint8_t *salt, TcError *error)
{
    uint8_t *key = sodium_malloc(crypto_secretbox_KEYBYTES);
    if (key != NULL && crypto_pwhash(key, crypto_secretbox_KEYBYTES, passphrase, strlen(passphrase), salt,
                                     crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE,
                                     crypto_pwhash_ALG_ARGON2ID13) == 0)
        return key;
    sodium_free(key);
    error_set(error, "keys", NULL, "There is not enough memory: 256 MB must be free for a moment.");
    return NULL;
}

static void keys_export_hex(GString *out, const char *name, const uint8_t *bytes, size_t len)
{
    g_string_append_printf(out, "%s=", name);
    for (size_t i = 0; i < len; i++)
        g_string_append_printf(out, "%02x", bytes[i]);
    g_string_append_c(out, '\n');
}

char *tc_keys_export(const TcKeys *keys, const char *passphrase, TcError *error)
{
    uint8_t salt[crypto_pwhash_SALTBYTES], nonce[crypto_secretbox_NONCEBYTES];
    if (!keys_export_passphrase_good(passphrase, error))
        return NULL;
    randombytes_buf(salt, sizeof salt);
    randombytes_buf(nonce, sizeof nonce);
    uint8_t *key = keys_export_derive(passphrase, salt, error);
    if (key == NULL)
        return NULL;
    char *text = keys_format(keys);
    size_t len = strlen(text);
    g_autofree uint8_t *box = g_malloc(len + crypto_secretbox_MACBYTES);
    crypto_secretbox_easy(box, (const uint8_t *)text, len, nonce, key);
    sodium_free(key);
    sodium_free(text);
    g_autoptr(GString) out = g_string_new("[export]\nversion=1\n");
    g_string_append_printf(out, "service=%s\nstation=%s\n", keys->service, keys->station);
    keys_export_hex(out, "salt", salt, sizeof salt);
    keys_export_hex(out, "nonce", nonce, sizeof nonce);
    keys_export_hex(out, "box", box, len + crypto_secretbox_MACBYTES);
    return strdup(out->str);
}

/* The bytes of one hexadecimal field with a length in [least, most]; NULL: it has another form. */
static GBytes *keys_export_field(GKeyFile *file, const char *name, size_t least, size_t most)
{
    g_autofree char *hex = g_key_file_get_string(file, "export", name, NULL);
    size_t len = hex == NULL ? 0 : strlen(hex) / 2, got;
    if (hex == NULL || len < least || len > most)
        return NULL;
    g_autofree uint8_t *bytes = g_malloc(len);
    if (sodium_hex2bin(bytes, len, hex, 2 * len, NULL, &got, NULL) != 0 || got != len || hex[2 * len] != '\0')
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&bytes), len);
}

static TcKeys *keys_export_open(GBytes *box, const uint8_t *nonce, const uint8_t *key, TcError *error)
{
    size_t len = g_bytes_get_size(box) - crypto_secretbox_MACBYTES;
    char *text = sodium_malloc(len);
    TcKeys *keys = NULL;
    if (text == NULL)
        g_error("no locked memory left for keys");
    if (crypto_secretbox_open_easy((uint8_t *)text, g_bytes_get_data(box, NULL), g_bytes_get_size(box), nonce, key) != 0)
        error_set(error, "keys", "passphrase", "The passphrase does not open this export, or the export was changed.");
    else
        keys = tc_keys_parse(text, len, error);
    sodium_free(text);
    return keys;
}

TcKeys *tc_keys_import(const char *text, size_t len, const char *passphrase, TcError *error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!keys_export_passphrase_good(passphrase, error))
        return NULL;
    if (len > 4 * KEYS_TEXT_MAX || !g_key_file_load_from_data(file, text, len, G_KEY_FILE_NONE, NULL)
        || g_key_file_get_integer(file, "export", "version", NULL) != 1) {
        error_set(error, "keys", NULL, "This is not a key export of version 1.");
        return NULL;
    }
    g_autoptr(GBytes) salt = keys_export_field(file, "salt", crypto_pwhash_SALTBYTES, crypto_pwhash_SALTBYTES);
    g_autoptr(GBytes) nonce = keys_export_field(file, "nonce", crypto_secretbox_NONCEBYTES, crypto_secretbox_NONCEBYTES);
    g_autoptr(GBytes) box = keys_export_field(file, "box", crypto_secretbox_MACBYTES + 1, KEYS_TEXT_MAX);
    if (salt == NULL || nonce == NULL || box == NULL || sodium_init() < 0) {
        error_set(error, "keys", NULL, "The key export is damaged.");
        return NULL;
    }
    uint8_t *key = keys_export_derive(passphrase, g_bytes_get_data(salt, NULL), error);
    TcKeys *keys = key == NULL ? NULL : keys_export_open(box, g_bytes_get_data(nonce, NULL), key, error);
    sodium_free(key);
    return keys;
}
