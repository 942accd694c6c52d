#include "adapters/cli/authority.h"

#include "adapters/cli/command.h"
#include "proto/digests.h"
#include "proto/directory.h"
#include "proto/json.h"
#include "proto/date.h"
#include "proto/linkage.h"
#include "proto/sign.h"
#include "throughcare.pb-c.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DAY_US (24 * G_TIME_SPAN_HOUR)
#define MADE_UP_SINCE (400 * DAY_US)

char *authority_hex(const uint8_t *bytes, size_t len)
{
    char *hex = g_malloc(2 * len + 1);
    return sodium_bin2hex(hex, 2 * len + 1, bytes, len);
}

static bool from_hex(const char *hex, uint8_t *out, size_t len)
{
    size_t got = 0;
    return hex != NULL && sodium_hex2bin(out, len, hex, strlen(hex), NULL, &got, NULL) == 0 && got == len;
}

static bool key_of(GKeyFile *file, const char *group, const char *name, uint8_t out[32])
{
    g_autofree char *hex = g_key_file_get_string(file, group, name, NULL);
    return from_hex(hex, out, 32);
}

bool authority_load(const char *folder, Authority *authority)
{
    struct stat info;
    uint8_t seed[32];
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *path = g_build_filename(folder, "authority.keys", NULL);
    if (stat(path, &info) != 0 || !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL) || !key_of(file, "authority", "seed", seed) ||
        !key_of(file, "linkage", "key", authority->linkage)) {
        command_fail(_("%s is no authority's key file. Make one: throughcare authority new DIR"), path);
        return false;
    }
    if (info.st_mode & 077) {
        command_fail(_("%s can be read by others: chmod 600 it."), path);
        return false;
    }
    tc_sign_keypair_from_seed(seed, authority->public_key, authority->secret);
    sodium_memzero(seed, sizeof seed);
    return true;
}

json_t *authority_list(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "directory.json", NULL);
    json_error_t error;
    json_t *list = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (list == NULL)
        command_fail("%s:%d: %s", path, error.line, error.text);
    return list;
}

bool authority_save_list(const char *folder, const json_t *list)
{
    g_autofree char *path = g_build_filename(folder, "directory.json", NULL);
    g_autofree char *text = json_dumps(list, JSON_INDENT(2));
    return command_write(path, text, strlen(text), 0644);
}

/* ---- new ---- */

static bool write_keys(const char *folder)
{
    uint8_t seed[32], linkage[32];
    randombytes_buf(seed, sizeof seed);
    randombytes_buf(linkage, sizeof linkage);
    g_autofree char *path = g_build_filename(folder, "authority.keys", NULL);
    g_autofree char *one = authority_hex(seed, 32), *two = authority_hex(linkage, 32);
    g_autofree char *text = g_strdup_printf("[authority]\nseed=%s\n\n[linkage]\nkey=%s\n", one, two);
    bool good = !g_file_test(path, G_FILE_TEST_EXISTS) ? command_write(path, text, strlen(text), 0600)
                                                       : (command_fail(_("%s is there already; an authority's key is never replaced."), path), false);
    sodium_memzero(text, strlen(text));
    sodium_memzero(one, 64);
    sodium_memzero(two, 64);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(linkage, sizeof linkage);
    return good;
}

static json_t *broker_entry(const char *card_path, char **hosts)
{
    json_t *card = json_load_file(card_path, 0, NULL), *names = json_array();
    for (size_t i = 0; hosts != NULL && hosts[i] != NULL; i++)
        json_array_append_new(names, json_string(hosts[i]));
    json_t *entry = card == NULL ? NULL : json_pack("{s:s, s:o, s:s, s:[{s:s, s:s}]}", "id", command_text(card, "broker"), "hosts", names,
                                                    "curve_key", command_text(card, "curve_key"), "signing_keys", "key",
                                                    command_text(card, "signing_key"), "from_at", command_text(card, "made_at"));
    json_decref(card);
    return entry;
}

static int new_authority(int argc, char **argv)
{
    g_autofree char *name = NULL, *area = NULL, *area_name = NULL, *card = NULL;
    g_auto(GStrv) hosts = NULL;
    gboolean made_up = FALSE;
    const GOptionEntry entries[] = {
        { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("What the directory is called"), "TEXT" },
        { "area", 0, 0, G_OPTION_ARG_STRING, &area, N_("The area's code"), "CODE" },
        { "area-name", 0, 0, G_OPTION_ARG_STRING, &area_name, N_("The area's name"), "TEXT" },
        { "broker-card", 0, 0, G_OPTION_ARG_FILENAME, &card, N_("The broker's card, from throughcare key new --broker"), "FILE" },
        { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &hosts, N_("Where a broker's doors are (again for each standby)"), "HOST" },
        { "made-up", 0, 0, G_OPTION_ARG_NONE, &made_up, N_("A place for tests and demonstrations"), NULL },
        { 0 },
    };
    command_parse(&argc, &argv, "DIR", _("Makes an area's authority: the key that says who takes part. Keep it offline."), entries, 1, 1);
    json_t *broker = card != NULL && hosts != NULL ? broker_entry(card, hosts) : NULL;
    if (name == NULL || area == NULL || broker == NULL)
        return command_fail(_("--name, --area, --broker-card and --host are needed, and the card must be readable."));
    g_mkdir_with_parents(argv[1], 0700);
    json_t *list = json_pack("{s:s, s:i, s:b, s:o, s:[{s:s, s:s, s:s}], s:[], s:[]}", "name", name, "serial", 0, "made_up", made_up, "broker", broker,
                             "areas", "code", area, "name", area_name != NULL ? area_name : area, "spoc", "", "organisations", "services");
    bool good = write_keys(argv[1]) && authority_save_list(argv[1], list);
    json_decref(list);
    if (good && !command_json)
        printf(_("The authority is in %s. Add services, then: throughcare authority sign %s\n"), argv[1], argv[1]);
    return good ? CODE_OK : CODE_PROBLEM;
}

/* ---- sign ---- */

static void set_time(json_t *list, const char *name, int64_t at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    g_autofree char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
    json_object_set_new(list, name, json_string(text));
}

/* Each service gets the linkage key wrapped to its newest sealing key. */
static bool wrap_linkage(json_t *list, const Authority *authority)
{
    size_t i;
    json_t *service;
    TcDigest issuer, reader;
    memcpy(issuer.b, authority->public_key, 32);
    json_array_foreach (json_object_get(list, "services"), i, service) {
        const json_t *keys = json_object_get(service, "sealing_keys");
        const char *newest = command_text(json_array_get(keys, json_array_size(keys) - 1), "key");
        uint8_t enc[TC_HPKE_ENC_LEN], wrapped[TC_LINKAGE_WRAPPED_LEN];
        if (!from_hex(newest, reader.b, 32) || !tc_linkage_wrap(&issuer, command_text(service, "id"), &reader, authority->linkage, enc, wrapped)) {
            command_fail(_("%s has no good sealing key in directory.json."), command_text(service, "id"));
            return false;
        }
        g_autofree char *enc_hex = authority_hex(enc, sizeof enc), *wrapped_hex = authority_hex(wrapped, sizeof wrapped);
        json_object_set_new(service, "linkage_enc", json_string(enc_hex));
        json_object_set_new(service, "linkage_sealed", json_string(wrapped_hex));
    }
    return true;
}

static GByteArray *signed_bytes(const json_t *list, const Authority *authority)
{
    TcProblem problem;
    TcDigest over;
    uint8_t signature[TC_SIGN_LEN];
    g_autoptr(GByteArray) snapshot = tc_json_pack(&tc__snapshot__descriptor, list, &problem);
    if (snapshot == NULL) {
        g_autofree char *words = tc_problem_sentence(&problem);
        command_fail(_("directory.json: %s"), words);
        return NULL;
    }
    tc_digest_directory(snapshot->data, snapshot->len, &over);
    tc_sign_digest(authority->secret, over.b, signature);
    Tc__SignedSnapshot whole = TC__SIGNED_SNAPSHOT__INIT;
    whole.snapshot = (ProtobufCBinaryData){ snapshot->len, snapshot->data };
    whole.signature = (ProtobufCBinaryData){ sizeof signature, signature };
    GByteArray *out = g_byte_array_sized_new((guint)tc__signed_snapshot__get_packed_size(&whole));
    g_byte_array_set_size(out, (guint)tc__signed_snapshot__get_packed_size(&whole));
    tc__signed_snapshot__pack(&whole, out->data);
    return out;
}

static bool verifies(const GByteArray *bytes, const Authority *authority)
{
    TcDigest key;
    g_autofree char *problem = NULL;
    memcpy(key.b, authority->public_key, 32);
    g_autoptr(GBytes) copy = g_bytes_new(bytes->data, bytes->len);
    TcDirectory *directory = tc_directory_open(copy, &key, &problem);
    if (directory == NULL)
        command_fail(_("the list cannot be signed: %s"), problem);
    else
        tc_directory_unref(directory);
    return directory != NULL;
}

/* In a made-up area stories may begin in the past: its keys have always been good. */
static void backdate(json_t *keys)
{
    size_t i;
    json_t *key;
    int64_t from;
    json_array_foreach (keys, i, key)
        if (tc_date_parse_time(command_text(key, "from_at"), &from))
            set_time(key, "from_at", from - MADE_UP_SINCE);
}

static void backdate_all(json_t *list)
{
    size_t i;
    json_t *service;
    backdate(json_object_get(json_object_get(list, "broker"), "signing_keys"));
    json_array_foreach (json_object_get(list, "services"), i, service) {
        backdate(json_object_get(service, "signing_keys"));
        backdate(json_object_get(service, "sealing_keys"));
    }
}

static int sign(int argc, char **argv)
{
    g_autofree char *out = NULL;
    Authority authority;
    const GOptionEntry entries[] = { { "out", 0, 0, G_OPTION_ARG_FILENAME, &out, N_("Also write it here"), "FILE" }, { 0 } };
    command_parse(&argc, &argv, "DIR", _("Signs the list as it stands, for 14 days, with the next serial number: directory.bin."), entries, 1, 1);
    json_t *list = authority_load(argv[1], &authority) ? authority_list(argv[1]) : NULL;
    if (list == NULL)
        return CODE_PROBLEM;
    int64_t now = g_get_real_time();
    g_autofree char *key = authority_hex(authority.public_key, 32), *path = g_build_filename(argv[1], "directory.bin", NULL);
    json_object_set_new(list, "serial", json_integer(json_integer_value(json_object_get(list, "serial")) + 1));
    bool saved = authority_save_list(argv[1], list);
    json_object_set_new(list, "authority", json_string(key));
    if (json_is_true(json_object_get(list, "made_up")))
        backdate_all(list);
    set_time(list, "issued_at", now);
    set_time(list, "expires_at", now + 14 * DAY_US - G_TIME_SPAN_SECOND);
    g_autoptr(GByteArray) bytes = saved && wrap_linkage(list, &authority) ? signed_bytes(list, &authority) : NULL;
    sodium_memzero(authority.secret, sizeof authority.secret);
    bool good = bytes != NULL && verifies(bytes, &authority) && command_write(path, bytes->data, bytes->len, 0644) &&
                (out == NULL || command_write(out, bytes->data, bytes->len, 0644));
    if (good && !command_print_json(json_pack("{s:I, s:s, s:s}", "serial", json_integer_value(json_object_get(list, "serial")), "expires_at",
                                              command_text(list, "expires_at"), "file", path)))
        printf(_("Signed: serial %lld, good until %s.\n"), (long long)json_integer_value(json_object_get(list, "serial")), command_text(list, "expires_at"));
    json_decref(list);
    return good ? CODE_OK : CODE_PROBLEM;
}

static int show(int argc, char **argv)
{
    Authority authority;
    command_parse(&argc, &argv, "DIR", _("Shows the authority's public key, which every passport and the broker pin."), NULL, 1, 1);
    if (!authority_load(argv[1], &authority))
        return CODE_PROBLEM;
    sodium_memzero(authority.secret, sizeof authority.secret);
    g_autofree char *key = authority_hex(authority.public_key, 32);
    if (!command_print_json(json_pack("{s:s}", "authority", key)))
        puts(key);
    return CODE_OK;
}

int authority_command(int argc, char **argv)
{
    static const Command acts[] = {
        { "new", "", N_("makes an area's authority: a folder with its key, and an empty list of services"), new_authority },
        { "sign", "", N_("signs the list of services for 14 days: the directory"), sign },
        { "show", "", N_("prints the public key, for the broker's settings"), show },
    };
    return command_among("authority", acts, G_N_ELEMENTS(acts), argc, argv);
}
