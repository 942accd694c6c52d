#include "adapters/lists/settings.h"

#include <string.h>

static bool setting_yes_no(const char *text, bool *value)
{
    *value = strcmp(text, "yes") == 0;
    return *value || strcmp(text, "no") == 0;
}

/* Takes the text of one key into its place; NULL, or what the key takes. */
static const char *setting_set(void *place, const SettingKey *key, const char *text, const char *folder)
{
    guint64 number;
    switch (key->form) {
    case SETTING_PATH:
        *(char **)place = g_canonicalize_filename(text, folder);
        return text[0] != '\0' ? NULL : "takes a path";
    case SETTING_TEXT:
        g_free(*(char **)place);
        *(char **)place = g_strdup(text);
        return NULL;
    case SETTING_COMMAND:
        return g_shell_parse_argv(text, NULL, place, NULL) ? NULL : "takes a command with its arguments, quoted as in a shell";
    case SETTING_YES_NO:
        return setting_yes_no(text, place) ? NULL : "takes yes or no";
    case SETTING_NUMBER:
        if (!g_ascii_string_to_unsigned(text, 10, key->least, key->most, &number, NULL))
            return "takes a whole number within its range: see the manual page";
        *(guint *)place = (guint)number;
        return NULL;
    }
    g_assert_not_reached();
}

static const SettingKey *setting_key(const SettingFile *file, const char *group, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->keys[i].group, group) == 0 && strcmp(file->keys[i].key, name) == 0)
            return &file->keys[i];
    return NULL;
}

static bool setting_one(const SettingFile *file, const char *group, const char *name, const char *text, const char *folder, char **why)
{
    if (g_strcmp0(group, file->table) == 0) {
        g_hash_table_insert(file->entries, g_strdup(name), g_strdup(text));
        return true;
    }
    const SettingKey *key = setting_key(file, group, name);
    const char *wrong = key == NULL ? "is not a setting" : setting_set((char *)file->into + key->place, key, text, folder);
    if (wrong != NULL)
        *why = g_strdup_printf("[%s] %s: %s", group, name, wrong);
    return wrong == NULL;
}

static bool setting_group_known(const SettingFile *file, const char *group)
{
    bool known = g_strcmp0(group, file->table) == 0;
    for (size_t i = 0; i < file->count; i++)
        known = known || strcmp(file->keys[i].group, group) == 0;
    return known;
}

static bool setting_group(const SettingFile *file, GKeyFile *keys, const char *group, const char *folder, char **why)
{
    g_auto(GStrv) names = g_key_file_get_keys(keys, group, NULL, NULL);
    if (!setting_group_known(file, group)) {
        *why = g_strdup_printf("[%s]: is not a group of settings", group);
        return false;
    }
    for (size_t i = 0; names[i] != NULL; i++) {
        g_autofree char *text = g_key_file_get_string(keys, group, names[i], NULL);
        if (text == NULL) {
            *why = g_strdup_printf("[%s] %s: is not text", group, names[i]);
            return false;
        }
        if (!setting_one(file, group, names[i], text, folder, why))
            return false;
    }
    return true;
}

static bool setting_groups(const SettingFile *file, GKeyFile *keys, const char *folder, char **why)
{
    g_auto(GStrv) groups = g_key_file_get_groups(keys, NULL);
    for (size_t i = 0; groups[i] != NULL; i++)
        if (!setting_group(file, keys, groups[i], folder, why))
            return false;
    for (size_t i = 0; i < file->count; i++) {
        const SettingKey *key = &file->keys[i];
        if (key->required && !g_key_file_has_key(keys, key->group, key->key, NULL)) {
            *why = g_strdup_printf("[%s] %s: is missing", key->group, key->key);
            return false;
        }
    }
    return true;
}

bool settings_file_read(const char *path, const SettingFile *file, char **why)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *full = g_canonicalize_filename(path, NULL), *folder = g_path_get_dirname(full), *wrong = NULL;
    *why = NULL;
    if (!g_key_file_load_from_file(keys, full, G_KEY_FILE_NONE, &error)) {
        *why = g_strdup_printf("%s: %s", path, error->message);
        return false;
    }
    if (setting_groups(file, keys, folder, &wrong))
        return true;
    *why = g_strdup_printf("%s: %s", path, wrong);
    return false;
}
