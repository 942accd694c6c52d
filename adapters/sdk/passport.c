#include "adapters/sdk/passport.h"

#include "adapters/sdk/error.h"
#include "proto/limits.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define PASSPORT_TEXT_MAX 16384

typedef enum FieldForm { FIELD_NAME, FIELD_KEY, FIELD_BROKERS, FIELD_PATH } FieldForm;

static const struct {
    const char *name;
    FieldForm form;
    size_t offset;
} passport_fields[] = {
    { "service", FIELD_NAME, offsetof(Passport, service) },
    { "station", FIELD_NAME, offsetof(Passport, station) },
    { "organisation", FIELD_NAME, offsetof(Passport, organisation) },
    { "authority", FIELD_KEY, offsetof(Passport, authority) },
    { "broker_curve", FIELD_KEY, offsetof(Passport, broker_curve) },
    { "brokers", FIELD_BROKERS, offsetof(Passport, brokers) },
    { "keys", FIELD_PATH, offsetof(Passport, keys) },
    { "directory", FIELD_PATH, offsetof(Passport, directory) },
    { "spool", FIELD_PATH, offsetof(Passport, spool) },
};

static const char *const passport_forms[] = {
    [FIELD_NAME] = "1 to 64 of A-Z a-z 0-9 . _ -",
    [FIELD_KEY] = "64 hexadecimal digits",
    [FIELD_BROKERS] = "1 to 8 of host:port, with ; between them",
    [FIELD_PATH] = "a path",
};

static bool passport_name(const char *value, char **to)
{
    size_t len = strlen(value);
    if (len == 0 || len > 64 || !tc_limits_form_holds(TC_FORM_NAME, value, len))
        return false;
    *to = g_strdup(value);
    return true;
}

static bool passport_key(const char *value, TcDigest *to)
{
    size_t len;
    return strlen(value) == 64 && sodium_hex2bin(to->b, 32, value, 64, NULL, &len, NULL) == 0 && len == 32;
}

/* host is a name, an IPv4 address, or an IPv6 address in brackets: nothing that libzmq would read as anything else. */
static bool passport_broker_good(const char *broker)
{
    const char *colon = strrchr(broker, ':');
    size_t host = colon == NULL ? 0 : (size_t)(colon - broker);
    if (host == 0 || host > 253 || colon[1] == '\0' || strlen(colon + 1) > 5 || strspn(colon + 1, "0123456789") != strlen(colon + 1))
        return false;
    long port = strtol(colon + 1, NULL, 10);
    const char *allowed = broker[0] == '[' ? "[]:.0123456789abcdefABCDEF"
                                           : ".-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return strspn(broker, allowed) >= host && (broker[0] != '[' || broker[host - 1] == ']') && port >= 1 && port <= 65535;
}

static bool passport_brokers(const char *value, char ***to)
{
    g_auto(GStrv) list = g_strsplit(value, ";", PASSPORT_BROKERS_MAX + 2);
    g_autoptr(GStrvBuilder) kept = g_strv_builder_new();
    guint count = 0;
    for (char **broker = list; *broker != NULL; broker++) {
        g_strstrip(*broker);
        if ((*broker)[0] == '\0')
            continue;
        if (!passport_broker_good(*broker) || ++count > PASSPORT_BROKERS_MAX)
            return false;
        g_strv_builder_add(kept, *broker);
    }
    if (count > 0)
        *to = g_strv_builder_end(kept);
    return count > 0;
}

static bool passport_path(const char *value, const char *folder, char **to)
{
    if (value[0] == '\0')
        return false;
    *to = g_path_is_absolute(value) ? g_strdup(value) : g_build_filename(folder, value, NULL);
    return true;
}

static bool passport_take(Passport *passport, size_t i, const char *value, const char *folder)
{
    void *to = (char *)passport + passport_fields[i].offset;
    switch (passport_fields[i].form) {
    case FIELD_NAME: return passport_name(value, to);
    case FIELD_KEY: return passport_key(value, to);
    case FIELD_BROKERS: return passport_brokers(value, to);
    default: return passport_path(value, folder, to);
    }
}

/* What the file has beyond the table: a mistyped name must not be taken for a default. */
static bool passport_nothing_else(GKeyFile *file, TcError *error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    g_auto(GStrv) names = g_key_file_get_keys(file, "passport", NULL, NULL);
    for (char **group = groups; *group != NULL; group++)
        if (strcmp(*group, "passport") != 0)
            return error_set(error, "passport", NULL, "The passport has a section besides [passport]. Take it out.");
    for (char **name = names; name != NULL && *name != NULL; name++) {
        size_t i = 0;
        while (i < G_N_ELEMENTS(passport_fields) && strcmp(passport_fields[i].name, *name) != 0)
            i++;
        if (i == G_N_ELEMENTS(passport_fields))
            return error_set(error, "passport", *name, "The passport has a key that is not known. Correct or remove it.");
    }
    return true;
}

static bool passport_read(Passport *passport, GKeyFile *file, const char *folder, TcError *error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(passport_fields); i++) {
        const char *name = passport_fields[i].name;
        g_autofree char *value = g_key_file_get_string(file, "passport", name, NULL);
        if (value == NULL)
            return error_set(error, "passport", name, "The passport lacks this key. Get a new passport from the authority.");
        if (!passport_take(passport, i, g_strstrip(value), folder))
            return error_set(error, "passport", name, "The value must be %s.", passport_forms[passport_fields[i].form]);
    }
    return passport_nothing_else(file, error);
}

Passport *passport_parse(const char *text, size_t len, const char *folder, TcError *error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(Passport) passport = g_new0(Passport, 1);
    if (len > PASSPORT_TEXT_MAX || !g_key_file_load_from_data(file, text, len, G_KEY_FILE_NONE, NULL)) {
        error_set(error, "passport", NULL, "This is not a passport file. Get a new passport from the authority.");
        return NULL;
    }
    return passport_read(passport, file, folder, error) ? g_steal_pointer(&passport) : NULL;
}

Passport *passport_load(const char *path, TcError *error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *text = NULL, *folder = g_path_get_dirname(path);
    gsize len;
    if (!g_file_get_contents(path, &text, &len, &why)) {
        error_set(error, "passport", NULL, "Cannot read the passport: %s.", why->message);
        return NULL;
    }
    return passport_parse(text, len, folder, error);
}

void passport_free(Passport *passport)
{
    if (passport == NULL)
        return;
    g_free(passport->service);
    g_free(passport->station);
    g_free(passport->organisation);
    g_strfreev(passport->brokers);
    g_free(passport->keys);
    g_free(passport->directory);
    g_free(passport->spool);
    g_free(passport);
}
