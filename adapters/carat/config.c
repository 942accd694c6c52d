#include "adapters/carat/config.h"

#include "adapters/lists/settings.h"

static const SettingKey config_keys[] = {
    { "carat", "passport", SETTING_PATH, offsetof(Config, passport), true, 0, 0 },
    { "carat", "folder", SETTING_PATH, offsetof(Config, folder), true, 0, 0 },
    { "carat", "notify", SETTING_COMMAND, offsetof(Config, notify), false, 0, 0 },
    { "carat", "whole_list", SETTING_YES_NO, offsetof(Config, whole_list), false, 0, 0 },
    { "carat", "look_every", SETTING_NUMBER, offsetof(Config, look_every), false, 1, 3600 },
    { "carat", "keep_days", SETTING_NUMBER, offsetof(Config, keep_days), false, 1, 3650 },
    { "team", "name", SETTING_TEXT, offsetof(Config, team.name), false, 0, 0 },
    { "team", "phone", SETTING_TEXT, offsetof(Config, team.phone), false, 0, 0 },
    { "team", "email", SETTING_TEXT, offsetof(Config, team.email), false, 0, 0 },
    { "team", "available", SETTING_TEXT, offsetof(Config, team.available), false, 0, 0 },
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
    g_autoptr(Config) config = config_new();
    const SettingFile file = { config_keys, G_N_ELEMENTS(config_keys), config, "recipients", config->teams };
    return settings_file_read(path, &file, why) ? g_steal_pointer(&config) : NULL;
}
