/* The settings of the adapter: one key file, unknown groups and keys are mistakes.
 *
 *   [carat]       passport, folder (required); notify, whole_list, look_every, keep_days
 *   [team]        name, phone, email, available: who to ask at the prison; goes with every notification, sealed
 *   [recipients]  AREA=SERVICE: another team than the directory's CJIP team of that area
 *
 * Paths are relative to the file's folder. Everything is read at the start; the texts live as long as the settings. */
#ifndef CARAT_CONFIG_H
#define CARAT_CONFIG_H

#include "adapters/carat/row.h"

typedef struct Config {
    char *passport, *folder;
    char **notify;     /* argument vector; NULL for none */
    bool whole_list;   /* every list names everybody: who is missing is asked about */
    guint look_every;  /* seconds */
    guint keep_days;   /* how long a person stays in the answers after the release */
    RowTeam team;      /* its texts are owned here */
    GHashTable *teams; /* area -> service */
} Config;

/* NULL with *why, owned by the caller: file, group, key, and what it takes. */
Config *config_read(const char *path, char **why) G_GNUC_WARN_UNUSED_RESULT;
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

#endif
