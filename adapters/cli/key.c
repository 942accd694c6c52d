/* Keys: made where they are used. What goes to the authority is a card, which holds only public keys. */
#include "adapters/cli/authority.h"
#include "adapters/cli/command.h"
#include "proto/hpke.h"
#include "proto/sign.h"
#include "proto/uuid.h"
#include "throughcare/keys.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

static char *rfc3339(int64_t at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

static bool write_card(const char *path, json_t *card)
{
    g_autofree char *text = json_dumps(card, JSON_INDENT(2));
    json_decref(card);
    return path == NULL || command_write(path, text, strlen(text), 0644);
}

static json_t *card_of(const TcKeys *keys)
{
    g_autofree char *curve = authority_hex(tc_keys_curve_public(keys), 32), *signing = authority_hex(tc_keys_signing_public(keys), 32);
    json_t *sealing = json_array();
    for (size_t i = 0; i < tc_keys_sealing_count(keys); i++) {
        g_autofree char *key = authority_hex(tc_keys_sealing_public(keys, i), 32), *at = rfc3339(tc_keys_sealing_made_at(keys, i) - 60 * G_USEC_PER_SEC);
        json_array_append_new(sealing, json_pack("{s:s, s:s}", "key", key, "from_at", at));
    }
    g_autofree char *made = rfc3339(tc_keys_sealing_made_at(keys, 0) - 60 * G_USEC_PER_SEC);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "service", tc_keys_service(keys), "station", tc_keys_station(keys), "curve_key", curve,
                     "signing_key", signing, "made_at", made, "sealing_keys", sealing);
}

static int new_broker(const char *out, const char *card_path)
{
    char z85_public[41], z85_secret[41];
    uint8_t curve_public[32], curve_secret[32], seed[32], signing[32], secret[64], tokens[32], id[16];
    char id_text[TC_UUID_TEXT_LEN + 1];
    zmq_curve_keypair(z85_public, z85_secret);
    zmq_z85_decode(curve_public, z85_public);
    zmq_z85_decode(curve_secret, z85_secret);
    randombytes_buf(seed, sizeof seed);
    randombytes_buf(tokens, sizeof tokens);
    randombytes_buf(id, sizeof id);
    id[6] = (uint8_t)(0x40 | (id[6] & 0x0f));
    id[8] = (uint8_t)(0x80 | (id[8] & 0x3f));
    tc_uuid_format(id, id_text);
    tc_sign_keypair_from_seed(seed, signing, secret);
    g_autofree char *a = authority_hex(curve_public, 32), *b = authority_hex(curve_secret, 32), *c = authority_hex(signing, 32);
    g_autofree char *d = authority_hex(seed, 32), *e = authority_hex(tokens, 32), *at = rfc3339(g_get_real_time() - 60 * G_USEC_PER_SEC);
    g_autofree char *text = g_strdup_printf("[curve]\npublic=%s\nsecret=%s\n\n[signing]\npublic=%s\nseed=%s\n\n[tokens]\nkey=%s\n", a, b, c, d, e);
    bool good = command_write(out, text, strlen(text), 0600) &&
                write_card(card_path, json_pack("{s:s, s:s, s:s, s:s}", "broker", id_text, "curve_key", a, "signing_key", c, "made_at", at));
    char *secrets[] = { b, d, e, text };
    for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
        sodium_memzero(secrets[i], strlen(secrets[i]));
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(seed, sizeof seed);
    return good ? CODE_OK : CODE_PROBLEM;
}

static TcKeys *make(const char *service, const char *station, const char *from, TcError *error)
{
    TcKeys *first = from != NULL ? tc_keys_load(from, error) : NULL, *keys;
    if (from == NULL)
        return tc_keys_new(service, station, error);
    keys = first != NULL ? tc_keys_new_station(first, station, error) : NULL;
    tc_keys_free(first);
    return keys;
}

static int new_key(int argc, char **argv)
{
    g_autofree char *service = NULL, *station = NULL, *from = NULL, *out = NULL, *card = NULL;
    gboolean broker = FALSE;
    const GOptionEntry entries[] = {
        { "service", 0, 0, G_OPTION_ARG_STRING, &service, N_("The service's id"), "ID" },
        { "station", 0, 0, G_OPTION_ARG_STRING, &station, N_("This adapter's name in the service (desk)"), "NAME" },
        { "from", 0, 0, G_OPTION_ARG_FILENAME, &from, N_("One more station of the service whose key file this is"), "FILE" },
        { "broker", 0, 0, G_OPTION_ARG_NONE, &broker, N_("A broker's keys instead"), NULL },
        { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("The key file to write (0600)"), "FILE" },
        { "card", 0, 0, G_OPTION_ARG_FILENAME, &card, N_("The card for the authority: public keys only"), "FILE" },
        { 0 },
    };
    TcError error = { .text = "" };
    command_parse(&argc, &argv, "", _("Makes the keys of a station, on the machine that will use them."), entries, 0, 0);
    if (out == NULL || (!broker && from == NULL && service == NULL))
        return command_fail(_("--out is needed, and --service, --from or --broker."));
    if (broker)
        return new_broker(out, card);
    TcKeys *keys = make(service, station != NULL ? station : "desk", from, &error);
    bool good = keys != NULL && tc_keys_save(keys, out, false, &error);
    if (!good)
        command_fail("%s", error.text);
    good = good && write_card(card, card_of(keys));
    tc_keys_free(keys);
    return good ? CODE_OK : CODE_PROBLEM;
}

/* From a file's first line, or the terminal without echo. Free with free(). */
static char *passphrase(const char *path)
{
    g_autofree char *text = NULL;
    if (path != NULL && !g_file_get_contents(path, &text, NULL, NULL))
        return NULL;
    if (path == NULL) {
        char *typed = getpass(_("Passphrase: "));
        return typed != NULL ? strdup(typed) : NULL;
    }
    return strdup(g_strchomp(text));
}

static int export_key(int argc, char **argv)
{
    g_autofree char *path = NULL;
    const GOptionEntry entries[] = { { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &path, N_("Its first line, else it is asked for"), "FILE" }, { 0 } };
    TcError error = { .text = "The passphrase could not be read." };
    command_parse(&argc, &argv, "KEYFILE", _("Prints a key file sealed under a passphrase, for a safe place or another machine."), entries, 1, 1);
    TcKeys *keys = tc_keys_load(argv[1], &error);
    char *phrase = keys != NULL ? passphrase(path) : NULL, *text = phrase != NULL ? tc_keys_export(keys, phrase, &error) : NULL;
    if (text != NULL)
        puts(text);
    int code = text != NULL ? CODE_OK : command_fail("%s", error.text);
    if (phrase != NULL)
        sodium_memzero(phrase, strlen(phrase));
    free(phrase);
    free(text);
    tc_keys_free(keys);
    return code;
}

static int import_key(int argc, char **argv)
{
    g_autofree char *path = NULL, *text = NULL;
    const GOptionEntry entries[] = { { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &path, N_("Its first line, else it is asked for"), "FILE" }, { 0 } };
    TcError error = { .text = "The export or the passphrase could not be read." };
    gsize len = 0;
    command_parse(&argc, &argv, "EXPORT KEYFILE", _("Writes a key file from an export."), entries, 2, 2);
    char *phrase = g_file_get_contents(argv[1], &text, &len, NULL) ? passphrase(path) : NULL;
    TcKeys *keys = phrase != NULL ? tc_keys_import(text, len, phrase, &error) : NULL;
    int code = keys != NULL && tc_keys_save(keys, argv[2], false, &error) ? CODE_OK : command_fail("%s", error.text);
    if (phrase != NULL)
        sodium_memzero(phrase, strlen(phrase));
    free(phrase);
    tc_keys_free(keys);
    return code;
}

static int rotate_key(int argc, char **argv)
{
    g_autofree char *card = NULL;
    const GOptionEntry entries[] = { { "card", 0, 0, G_OPTION_ARG_FILENAME, &card, N_("The new card for the authority"), "FILE" }, { 0 } };
    TcError error;
    command_parse(&argc, &argv, "KEYFILE", _("Adds a new sealing key. Give the new card to the authority; the old key still opens what is sealed to it."), entries, 1, 1);
    TcKeys *keys = tc_keys_load(argv[1], &error);
    bool good = keys != NULL && tc_keys_rotate(keys, &error) && tc_keys_save(keys, argv[1], true, &error);
    if (!good)
        command_fail("%s", error.text);
    good = good && write_card(card, card_of(keys));
    tc_keys_free(keys);
    return good ? CODE_OK : CODE_PROBLEM;
}

int key_command(int argc, char **argv)
{
    static const Command acts[] = {
        { "new", "", N_("makes a station's keys, or with --broker the broker's, and a card for the authority"), new_key },
        { "export", "", N_("prints them sealed under a passphrase"), export_key },
        { "import", "", N_("takes in what was exported"), import_key },
        { "rotate", "", N_("adds a new sealing key; the old ones still open what is sealed to them"), rotate_key },
    };
    return command_among("key", acts, G_N_ELEMENTS(acts), argc, argv);
}
