/* Who stands in for whom: each worker's duty cover, and who is away from when to when. Kept as one note in the spool, by references of workers.
 * What a cover does is theirs: nothing of a case changes while somebody is away, and all is as before when they are back. One thread. */
#ifndef WORKLIST_COVER_H
#define WORKLIST_COVER_H

#include "throughcare/throughcare.h"

#include <glib.h>

typedef struct Cover Cover;

/* client: borrowed. */
Cover *cover_new(TcClient *client);
void cover_free(Cover *cover);

/* The duty cover of a worker; cover "": none. False and *error. */
bool cover_set_duty(Cover *cover, const char *worker, const char *by, TcError *error);
/* "": nobody. Borrowed until the next change. */
const char *cover_duty(const Cover *cover, const char *worker);
/* worker is away on the days from .. to (both included), and by stands in; by "": the duty cover. What ended before today is forgotten.
 * False and *error: days or workers that do not fit. */
bool cover_add(Cover *cover, const char *worker, const char *from, const char *to, const char *by, const char *today, TcError *error);
/* Back earlier, or never away: the absence that began on this day. False and *error: there is none. */
bool cover_remove(Cover *cover, const char *worker, const char *from, TcError *error);
/* [{ "worker", "from", "to", "cover" }] in order of the first day; those that ended before day are left out. New reference. */
json_t *cover_list(const Cover *cover, const char *day);

/* Whose work a worker's is on a day: their own, or while they are away their cover's, whose own absence counts too; "": away, and nobody stands in.
 * Borrowed until the next change. */
const char *cover_of(const Cover *cover, const char *worker, const char *day);
/* Until when a worker is away, "2026-12-04"; NULL: they are here. Borrowed until the next change. */
const char *cover_away_until(const Cover *cover, const char *worker, const char *day);
/* The references whose work is this worker's on a day, their own first: of char *, borrowed until the next change. */
GPtrArray *cover_mine(const Cover *cover, const char *worker, const char *day);

#endif
