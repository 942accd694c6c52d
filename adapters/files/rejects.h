/* What could not be taken from one list, for the person who dropped it: line, column, reason, in plain words.
 *
 * Kept in memory until the list is done, then written as a whole (rejects_write); a list without rejects takes the older
 * file of the same name away, so that a reject file always speaks of the newest list. What a broker refuses later is added to the end.
 * Reasons never repeat what the list said. */
#ifndef FILES_REJECTS_H
#define FILES_REJECTS_H

#include <glib.h>
#include <stdbool.h>

typedef struct Rejects Rejects;

Rejects *rejects_new(void);
void rejects_free(Rejects *rejects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rejects, rejects_free)

/* column: its name, or "" for the whole row. line 0: the whole file. */
void rejects_add(Rejects *rejects, guint line, const char *column, const char *format, ...) G_GNUC_PRINTF(4, 5);
guint rejects_count(const Rejects *rejects);
/* One of them; borrowed. */
const char *rejects_column(const Rejects *rejects, guint index);
const char *rejects_reason(const Rejects *rejects, guint index);

/* "releases.csv" -> "releases.rejects.csv". Caller frees. */
char *rejects_name(const char *list);

/* Writes folder/rejects_name(list), or removes it where there is none. False with *why. */
bool rejects_write(const Rejects *rejects, const char *folder, const char *list, char **why);

/* Adds one line to the file as it stands; makes it when it is missing. A line that is there already is not added again. */
bool rejects_append(const char *folder, const char *list, guint line, const char *column, const char *reason, char **why);

#endif
