/* What could not be taken from one list, for the person who dropped it: line, whose row, column, what stands there, and the reason in plain words.
 *
 * Kept in memory until the list is done, then written as a whole (rejects_write); a list without rejects takes the older
 * file of the same name away, so that a reject file always speaks of the newest list. What a broker refuses later is added to the end.
 * The file stays beside the list, and like the list it holds personal data: what it repeats goes nowhere else, and reasons never repeat what the list said. */
#ifndef FILES_REJECTS_H
#define FILES_REJECTS_H

#include <glib.h>
#include <stdbool.h>

typedef struct Rejects Rejects;

Rejects *rejects_new(void);
void rejects_free(Rejects *rejects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rejects, rejects_free)

/* Where something is wrong; borrowed. line 0: the whole file. column: its name, or "" for the whole row. whose: what finds the row in the prison's or service's own
 * system; value: what stands there; both are cut to a hundred characters, and NULL where nothing is known. */
typedef struct RejectPlace {
    guint line;
    const char *column, *whose, *value;
} RejectPlace;

void rejects_add(Rejects *rejects, RejectPlace place, const char *format, ...) G_GNUC_PRINTF(3, 4);
guint rejects_count(const Rejects *rejects);
/* One of them; borrowed. */
const char *rejects_column(const Rejects *rejects, guint index);
const char *rejects_reason(const Rejects *rejects, guint index);

/* "releases.csv" -> "releases.rejects.csv". Caller frees. */
char *rejects_name(const char *list);

/* Writes folder/rejects_name(list), or removes it where there is none. False with *why. */
bool rejects_write(const Rejects *rejects, const char *folder, const char *list, char **why);

/* Adds one line to the file as it stands; makes it when it is missing. A line that is there already is not added again. */
bool rejects_append(const char *folder, const char *list, RejectPlace place, const char *reason, char **why);

#endif
