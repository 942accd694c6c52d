/* The settings of an adapter: one key file, in which unknown groups and keys are mistakes. Paths are relative to the file's folder. */
#ifndef LISTS_SETTINGS_H
#define LISTS_SETTINGS_H

#include <glib.h>
#include <stdbool.h>

typedef enum SettingForm { SETTING_PATH, SETTING_TEXT, SETTING_COMMAND, SETTING_YES_NO, SETTING_NUMBER } SettingForm;

typedef struct SettingKey {
    const char *group, *key;
    SettingForm form;
    size_t place;      /* in the adapter's struct: char *, char * (owned), char ** (owned), bool, guint */
    bool required;
    guint least, most; /* NUMBER */
} SettingKey;

typedef struct SettingFile {
    const SettingKey *keys; size_t count;
    void *into;
    const char *table;   /* a group of which any key is taken, or NULL … */
    GHashTable *entries; /* … into this: key -> value */
} SettingFile;

/* False with *why, owned by the caller: file, group, key, and what it takes. */
bool settings_file_read(const char *path, const SettingFile *file, char **why);

#endif
