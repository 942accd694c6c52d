/* Who is signed in: sessions in memory only, gone with the process. A session ends a quarter of an hour after its last page and ten
 * hours after it began; signing in always makes a new one, so that none can be fixed beforehand. What was typed into a form when its session
 * had ended is kept with it for a day, for the same person to go on with. One thread. */
#ifndef WORKLIST_SESSION_H
#define WORKLIST_SESSION_H

#include "adapters/worklist/account.h"

#define SESSION_IDLE (15 * 60 * (gint64)G_USEC_PER_SEC)
#define SESSION_WHOLE (10 * 60 * 60 * (gint64)G_USEC_PER_SEC)

typedef struct Session {
    const Account *account; /* borrowed */
    char token[65];         /* the cookie's value */
    char csrf[65];          /* in every form */
    gint64 begun, used;     /* microseconds since 1970 */
    char *path;             /* of a form that was sent too late, or that is to be gone on with; NULL: none */
    GHashTable *form;       /* what was typed there */
} Session;

typedef struct Sessions Sessions;

Sessions *sessions_new(void);
void sessions_free(Sessions *sessions);
/* A new one; the oldest goes when there are too many. Borrowed. */
Session *session_begin(Sessions *sessions, const Account *account, gint64 now);
/* The one of a cookie, used now; NULL: none, or it has ended. */
Session *session_find(Sessions *sessions, const char *token, gint64 now);
/* One that has ended by itself, not by signing out; NULL: none. It is good for nothing but to find what was typed. */
Session *session_ended(Sessions *sessions, const char *token, gint64 now);
/* Keeps what was typed at a path; form: another reference is taken. NULL, NULL: forgets it. */
void session_keep(Session *session, const char *path, GHashTable *form);
void session_end(Sessions *sessions, Session *session);
/* Compares in constant time. */
bool session_csrf_right(const Session *session, const char *given);

#endif
