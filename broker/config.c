#include "broker/config.h"

#include "proto/sign.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <sys/stat.h>

typedef struct Known { const char *group, *key; } Known;
static const Known known_keys[] = {
    { "database", "conninfo" }, { "database", "retention_weeks" },
    { "broker", "bind" }, { "broker", "keys" }, { "broker", "directory" }, { "broker", "authority" },
    { "admin", "socket" }, { "admin", "uids" },
    { "metrics", "listen" },
    { "test", "time_shift_file" },
};

static bool is_known(const char *group, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known_keys); i++)
        if (strcmp(group, known_keys[i].group) == 0 && (!key || strcmp(key, known_keys[i].key) == 0))
            return true;
    return false;
}

/* The first group or key that nobody knows, as a sentence; NULL: all are known. */
static char *unknown_in(GKeyFile *file)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (size_t i = 0; groups[i]; i++) {
        if (!is_known(groups[i], NULL))
            return g_strdup_printf("group [%s] is unknown", groups[i]);
        g_auto(GStrv) keys = g_key_file_get_keys(file, groups[i], NULL, NULL);
        for (size_t j = 0; keys && keys[j]; j++)
            if (!is_known(groups[i], keys[j]))
                return g_strdup_printf("key \"%s\" in [%s] is unknown", keys[j], groups[i]);
    }
    return NULL;
}

static bool hex(GKeyFile *file, const char *group, const char *key, uint8_t *out, size_t len)
{
    g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
    size_t got = 0;
    bool good = text && sodium_hex2bin(out, len, text, strlen(text), NULL, &got, NULL) == 0 && got == len;
    if (text)
        sodium_memzero(text, strlen(text));
    return good;
}

static char *path_of(GKeyFile *file, const char *folder, const char *group, const char *key)
{
    g_autofree char *text = g_key_file_get_string(file, group, key, NULL);
    if (!text || !*text)
        return NULL;
    return g_path_is_absolute(text) ? g_strdup(text) : g_build_filename(folder, text, NULL);
}

static void read_uids(GKeyFile *file, Config *config)
{
    gsize count = 0;
    g_autofree gint *uids = g_key_file_get_integer_list(file, "admin", "uids", &count, NULL);
    for (gsize i = 0; i < count; i++)
        g_array_append_val(config->admin_uids, uids[i]);
}

/* Loopback alone: what is told there is no secret, but nobody elsewhere needs it. */
static bool read_metrics(GKeyFile *file, Config *config)
{
    g_autofree char *text = g_key_file_get_string(file, "metrics", "listen", NULL);
    char *colon = text ? strrchr(text, ':') : NULL;
    struct in_addr address;
    guint64 port = 0;
    if (!text)
        return true;
    if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL))
        return false;
    *colon = '\0';
    if (inet_pton(AF_INET, text, &address) != 1 || ntohl(address.s_addr) >> 24 != 127)
        return false;
    config->metrics_host = g_steal_pointer(&text);
    config->metrics_port = (uint16_t)port;
    return true;
}

static char *fill(GKeyFile *file, const char *folder, Config *config)
{
    g_autoptr(GError) error = NULL;
    config->conninfo = g_key_file_get_string(file, "database", "conninfo", NULL);
    config->bind = g_key_file_get_string(file, "broker", "bind", NULL);
    config->keys_path = path_of(file, folder, "broker", "keys");
    config->directory_path = path_of(file, folder, "broker", "directory");
    config->admin_path = path_of(file, folder, "admin", "socket");
    config->time_shift_path = path_of(file, folder, "test", "time_shift_file");
    config->admin_uids = g_array_new(FALSE, FALSE, sizeof(gint));
    read_uids(file, config);
    int weeks = g_key_file_has_key(file, "database", "retention_weeks", NULL) ? g_key_file_get_integer(file, "database", "retention_weeks", &error) : 520;
    if (error || weeks < 4 || weeks > 5200)
        return g_strdup("[database] retention_weeks must be a whole number of weeks from 4 to 5200");
    config->retention_weeks = (unsigned)weeks;
    if (!read_metrics(file, config))
        return g_strdup("[metrics] listen must be an address of this machine's loopback and a port: 127.0.0.1:9464");
    if (!config->conninfo)
        return g_strdup("[database] conninfo is missing");
    if (!config->bind)
        return g_strdup("[broker] bind is missing: the address that the doors listen on");
    if (!config->keys_path || !config->directory_path)
        return g_strdup("[broker] keys and directory must both name a file");
    if (!hex(file, "broker", "authority", config->authority.b, 32))
        return g_strdup("[broker] authority must be the authority's public key, 64 hexadecimal digits");
    return NULL;
}

Config *config_read(const char *path, char **problem)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Config) config = g_new0(Config, 1);
    g_autofree char *folder = g_path_get_dirname(path), *words = NULL;
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
        *problem = g_strdup_printf("%s: %s", path, error->message);
        return NULL;
    }
    words = unknown_in(file);
    if (!words)
        words = fill(file, folder, config);
    if (words) {
        *problem = g_strdup_printf("%s: %s", path, words);
        return NULL;
    }
    return g_steal_pointer(&config);
}

void config_free(Config *config)
{
    if (!config)
        return;
    g_free(config->conninfo);
    g_free(config->bind);
    g_free(config->keys_path);
    g_free(config->directory_path);
    g_free(config->admin_path);
    g_free(config->metrics_host);
    g_free(config->time_shift_path);
    if (config->admin_uids)
        g_array_unref(config->admin_uids);
    g_free(config);
}

static bool read_keys(GKeyFile *file, BrokerKeys *keys)
{
    uint8_t seed[32], public_key[32];
    bool good = hex(file, "curve", "public", keys->curve_public, 32) && hex(file, "curve", "secret", keys->curve_secret, 32) &&
                hex(file, "signing", "public", keys->signing_public, 32) && hex(file, "signing", "seed", seed, 32) &&
                hex(file, "tokens", "key", keys->token_key, 32);
    if (good)
        tc_sign_keypair_from_seed(seed, public_key, keys->signing_secret);
    good = good && memcmp(public_key, keys->signing_public, 32) == 0;
    sodium_memzero(seed, sizeof seed);
    return good;
}

BrokerKeys *config_keys(const char *path, char **problem)
{
    struct stat info;
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    if (stat(path, &info) != 0 || !g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
        *problem = g_strdup_printf("%s: cannot be read as a key file", path);
        return NULL;
    }
    if (info.st_mode & 077) {
        *problem = g_strdup_printf("%s: others may read it; make it 0600", path);
        return NULL;
    }
    BrokerKeys *keys = sodium_malloc(sizeof *keys);
    if (!keys || !read_keys(file, keys)) {
        *problem = g_strdup_printf("%s: [curve] public secret, [signing] public seed and [tokens] key must all be there, 64 hexadecimal digits each", path);
        config_keys_free(keys);
        return NULL;
    }
    return keys;
}

void config_keys_free(BrokerKeys *keys) { sodium_free(keys); }
