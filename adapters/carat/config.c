#include "adapters/carat/config.h"

#include <string.h>

typedef enum ConfigForm { CONFIG_PATH, CONFIG_TEXT, CONFIG_COMMAND, CONFIG_YES_NO, CONFIG_NUMBER } ConfigForm;

static const struct ConfigKey {
    const char *group, *key;
    ConfigForm form;
    size_t place; /* in Config */
    bool required;
    guint least, most; /* NUMBER */
} config_keys[] = {
    { "carat", "passport", CONFIG_PATH, offsetof(Config, passport), true, 0, 0 },
    { "carat", "folder", CONFIG_PATH, offsetof(Config, folder), true, 0, 0 },
    { "carat", "notify", CONFIG_COMMAND, offsetof(Config, notify), false, 0, 0 },
    { "carat", "whole_list", CONFIG_YES_NO, offsetof(Config, whole_list), false, 0, 0 },
    { "carat", "look_every", CONFIG_NUMBER, offsetof(Config, look_every), false, 1, 3600 },
    { "carat", "keep_days", CONFIG_NUMBER, offsetof(Config, keep_days), false, 1, 3650 },
    { "team", "name", CONFIG_TEXT, offsetof(Config, team.name), false, 0, 0 },
    { "team", "phone", CONFIG_TEXT, offsetof(Config, team.phone), false, 0, 0 },
    { "team", "email", CONFIG_TEXT, offsetof(Config, team.email), false, 0, 0 },
    { "team", "available", CONFIG_TEXT, offsetof(Config, team.available), false, 0, 0 },
};

void config_free(Config *config)
{
    if (config == NULL)
        return;
    g_free(config->passport);
    g_free(config->folder);
    g_strfreev(config->notify);
    g_free((char *)config->team.name);
    g_free((char *)config->team.phone);
    g_free((char *)config->team.email);
    g_free((char *)config->team.available);
    g_hash_table_unref(config->teams);
    g_free(config);
}

static bool config_yes_no(const char *text, bool *value)
{
    *value = strcmp(text, "yes") == 0;
    return *value || strcmp(text, "no") == 0;
}

/* Takes the text of one key into its place; NULL, or what the key takes. */
static const char *config_set(void *place, const struct ConfigKey *key, const char *text, const char *folder)
{
    guint64 number;
    switch (key->form) {
    case CONFIG_PATH:
        *(char **)place = g_canonicalize_filename(text, folder);
        return text[0] != '\0' ? NULL : "takes a path";
    case CONFIG_TEXT:
        g_free(*(char **)place);
        *(char **)place = g_strdup(text);
        return NULL;
    case CONFIG_COMMAND:
        return g_shell_parse_argv(text, NULL, place, NULL) ? NULL : "takes a command with its arguments, quoted as in a shell";
    case CONFIG_YES_NO:
        return config_yes_no(text, place) ? NULL : "takes yes or no";
    case CONFIG_NUMBER:
        if (!g_ascii_string_to_unsigned(text, 10, key->least, key->most, &number, NULL))
            return "takes a whole number within its range: see the manual page";
        *(guint *)place = (guint)number;
        return NULL;
    }
    g_assert_not_reached();
}

static const struct ConfigKey *config_key(const char *group, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(config_keys); i++)
        if (strcmp(config_keys[i].group, group) == 0 && strcmp(config_keys[i].key, name) == 0)
            return &config_keys[i];
    return NULL;
}

static bool config_one(Config *config, const char *group, const char *name, const char *text, const char *folder, char **why)
{
    if (strcmp(group, "recipients") == 0) {
        g_hash_table_insert(config->teams, g_strdup(name), g_strdup(text));
        return true;
    }
    const struct ConfigKey *key = config_key(group, name);
    const char *wrong = key == NULL ? "is not a setting" : config_set((char *)config + key->place, key, text, folder);
    if (wrong != NULL)
        *why = g_strdup_printf("[%s] %s: %s", group, name, wrong);
    return wrong == NULL;
}

static bool config_group(Config *config, GKeyFile *file, const char *group, const char *folder, char **why)
{
    g_auto(GStrv) names = g_key_file_get_keys(file, group, NULL, NULL);
    if (strcmp(group, "carat") != 0 && strcmp(group, "team") != 0 && strcmp(group, "recipients") != 0) {
        *why = g_strdup_printf("[%s]: is not a group of settings", group);
        return false;
    }
    for (size_t i = 0; names[i] != NULL; i++) {
        g_autofree char *text = g_key_file_get_string(file, group, names[i], NULL);
        if (text == NULL) {
            *why = g_strdup_printf("[%s] %s: is not text", group, names[i]);
            return false;
        }
        if (!config_one(config, group, names[i], text, folder, why))
            return false;
    }
    return true;
}

static bool config_groups(Config *config, GKeyFile *file, const char *folder, char **why)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (size_t i = 0; groups[i] != NULL; i++)
        if (!config_group(config, file, groups[i], folder, why))
            return false;
    for (size_t i = 0; i < G_N_ELEMENTS(config_keys); i++) {
        const struct ConfigKey *key = &config_keys[i];
        if (key->required && !g_key_file_has_key(file, key->group, key->key, NULL)) {
            *why = g_strdup_printf("[%s] %s: is missing", key->group, key->key);
            return false;
        }
    }
    return true;
}

static Config *config_new(void)
{
    Config *config = g_new0(Config, 1);
    config->whole_list = true;
    config->look_every = 30;
    config->keep_days = 90;
    config->team = (RowTeam){ g_strdup(""), g_strdup(""), g_strdup(""), g_strdup("") };
    config->teams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return config;
}

Config *config_read(const char *path, char **why)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *full = g_canonicalize_filename(path, NULL), *folder = g_path_get_dirname(full), *wrong = NULL;
    g_autoptr(Config) config = config_new();
    *why = NULL;
    if (!g_key_file_load_from_file(file, full, G_KEY_FILE_NONE, &error)) {
        *why = g_strdup_printf("%s: %s", path, error->message);
        return NULL;
    }
    if (config_groups(config, file, folder, &wrong))
        return g_steal_pointer(&config);
    *why = g_strdup_printf("%s: %s", path, wrong);
    return NULL;
}
