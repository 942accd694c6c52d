/* The settings of throughcare-service: one key file; anything unknown or missing is an error that names it.
 *
 *   [service]  passport, socket      paths, relative to the file
 *   [notify]   command               run for each new item and each escalation: its words, then a kind and a sentence
 *              smtp, from, to        or a message by mail: smtp://host:port */
#ifndef SERVICE_SETTINGS_H
#define SERVICE_SETTINGS_H

#include <glib.h>

typedef struct Settings { char *passport, *socket; char **command; char *smtp, *from, *to; } Settings;

/* NULL and *why (a sentence; caller frees). */
Settings *settings_read(const char *path, char **why);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

#endif
