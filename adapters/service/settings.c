#include "adapters/service/settings.h"

#include <stdbool.h>
#include <string.h>

static const char *const known[][2] = { { "service", "passport" }, { "service", "socket" }, { "notify", "command" },
                                        { "notify", "smtp" }, { "notify", "from" }, { "notify", "to" } };

static bool is_known(const char *group, const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(group, known[i][0]) == 0 && strcmp(key, known[i][1]) == 0)
            return true;
    return false;
}

static char *unknown_in(GKeyFile *file)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
    for (size_t i = 0; groups[i] != NULL; i++) {
        g_auto(GStrv) keys = g_key_file_get_keys(file, groups[i], NULL, NULL);
        for (size_t j = 0; keys != NULL && keys[j] != NULL; j++)
            if (!is_known(groups[i], keys[j]))
                return g_strdup_printf("\"%s\" in [%s] is not a setting; see throughcare-service(1)", keys[j], groups[i]);
    }
    return NULL;
}

static char *path_of(GKeyFile *file, const char *folder, const char *key)
{
    g_autofree char *text = g_key_file_get_string(file, "service", key, NULL);
    if (text == NULL || *text == '\0')
        return NULL;
    return g_path_is_absolute(text) ? g_strdup(text) : g_build_filename(folder, text, NULL);
}

static char *fill(GKeyFile *file, const char *folder, Settings *settings)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *command = g_key_file_get_string(file, "notify", "command", NULL);
    settings->passport = path_of(file, folder, "passport");
    settings->socket = path_of(file, folder, "socket");
    settings->smtp = g_key_file_get_string(file, "notify", "smtp", NULL);
    settings->from = g_key_file_get_string(file, "notify", "from", NULL);
    settings->to = g_key_file_get_string(file, "notify", "to", NULL);
    if (settings->passport == NULL || settings->socket == NULL)
        return g_strdup("[service] needs passport and socket, a path each");
    if (command != NULL && settings->smtp != NULL)
        return g_strdup("[notify] takes either command or smtp, not both");
    if (settings->smtp != NULL && (settings->from == NULL || settings->to == NULL))
        return g_strdup("[notify] smtp needs from and to, an address each");
    if (command != NULL && !g_shell_parse_argv(command, NULL, &settings->command, &error))
        return g_strdup_printf("[notify] command: %s", error->message);
    return NULL;
}

Settings *settings_read(const char *path, char **why)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = g_new0(Settings, 1);
    g_autofree char *folder = g_path_get_dirname(path), *words = NULL;
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
        *why = g_strdup_printf("%s: %s", path, error->message);
        return NULL;
    }
    words = unknown_in(file);
    if (words == NULL)
        words = fill(file, folder, settings);
    if (words == NULL)
        return g_steal_pointer(&settings);
    *why = g_strdup_printf("%s: %s", path, words);
    return NULL;
}

void settings_free(Settings *settings)
{
    if (settings == NULL)
        return;
    g_free(settings->passport);
    g_free(settings->socket);
    g_strfreev(settings->command);
    g_free(settings->smtp);
    g_free(settings->from);
    g_free(settings->to);
    g_free(settings);
}
