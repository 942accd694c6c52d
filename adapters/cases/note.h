/* What is kept between lists, as notes in the SDK's spool beside the messages themselves: ids, digests and file names, never a name.
 *
 *   case.KEY    the conversation that a case's message lies in: of what was sent for it, or of what it came in with
 *   done.DIGEST the message that a row became, so that the same row again changes nothing
 *   row.ID      the row that a message came from, for what a broker refuses later
 *
 * All functions: the client's thread; texts are the caller's; false with *error when a note cannot be written. */
#ifndef CASES_NOTE_H
#define CASES_NOTE_H

#include "throughcare/throughcare.h"

#include <glib.h>
#include <stdbool.h>

typedef struct CaseNote {
    char *conversation; /* NULL: none */
    char *newest;       /* newest request sent from here; NULL for what came in */
    char *digest;       /* of the row that it was made from; NULL: to be sent again */
    char *pending;      /* of a row begun, not known to be sent */
    guint version;      /* how many were ever begun */
} CaseNote;

typedef struct RowNote { char *list, *digest, *key; guint line; } RowNote; /* key: of the case's note; NULL: none */

/* The key of what a case is about: 32 hexadecimal digits. */
char *note_key(const char *reference, const char *kind);
CaseNote *note_case(TcClient *client, const char *key); /* never NULL */
bool note_case_save(TcClient *client, const char *key, const CaseNote *note, TcError *error);
void note_case_free(CaseNote *note);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseNote, note_case_free)

char *note_done(TcClient *client, const char *digest);  /* NULL: not yet */
bool note_done_set(TcClient *client, const char *digest, const char *message, TcError *error); /* message NULL: not any more */

bool note_row_set(TcClient *client, const char *message, const RowNote *row, TcError *error);
RowNote *note_row(TcClient *client, const char *message); /* NULL: not of a list */
void note_row_free(RowNote *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowNote, note_row_free)

#endif
