/* Telling the people of a service that something needs them: runs the `notify` command of the settings.
 *
 * The command gets two more arguments: what it is (one word) and one sentence without personal data. One runs at a time, each for
 * at most a minute, then it is ended with everything it started; the same word waiting twice is told once. done (may be NULL) hears
 * whether the command ended with 0; it is always called, later, in the default main context, unless the Tell is freed before. */
#ifndef STATION_TELL_H
#define STATION_TELL_H

#include <glib.h>
#include <stdbool.h>

typedef struct Tell Tell;
typedef void (*TellDone)(void *ctx, guint64 number, bool told);

/* argv: borrowed; NULL when the settings have no command: then nothing is run and nobody was told. */
Tell *tell_new(char **argv, TellDone done, void *ctx);
/* Waits for nothing: a command that still runs is ended. */
void tell_free(Tell *tell);

/* number: given back to done, which is called only for numbers above 0. */
void tell_person(Tell *tell, const char *what, const char *sentence, guint64 number);
/* The same, with facts in the command's environment: "NAME=value" each, NULL at the end; borrowed. */
void tell_person_with(Tell *tell, const char *what, const char *sentence, const char *const *facts, guint64 number);
/* True when nothing runs or waits. */
bool tell_idle(const Tell *tell);

#endif
