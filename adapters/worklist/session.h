/* Who is signed in: sessions in memory only, gone with the process. A session ends a quarter of an hour after its last page and ten
 * hours after it began; signing in always makes a new one, so that none can be fixed beforehand. One that has ended by itself is remembered
 * for a day, for the same person to come back to the form that was sent too late (draft.h keeps what was typed). One thread. */
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
    bool by_header;         /* signed in by the header that nginx sets, and only as long as it names the same person */
    GHashTable *looks;      /* conversations that a reason was given to look at, or NULL */
    char *path;             /* of a form that was sent too late; NULL: none */
} Session;

typedef struct Sessions Sessions;

Sessions *sessions_new(void);
void sessions_free(Sessions *sessions);
/* A new one; the oldest goes when there are too many. Borrowed. */
Session *session_begin(Sessions *sessions, const Account *account, gint64 now);
/* The one of a cookie, used now; NULL: none, or it has ended. */
Session *session_find(Sessions *sessions, const char *token, gint64 now);
/* The same without using it: looking on does not keep a session alive. */
Session *session_look(Sessions *sessions, const char *token, gint64 now);
/* When it ends if nothing is done. */
gint64 session_until(const Session *session);
/* One that has ended by itself, not by signing out; NULL: none. It is good for nothing but to keep what was typed and to come back to it. */
Session *session_ended(Sessions *sessions, const char *token, gint64 now);
/* Whether this is the secret of one of the account's that ended so. */
bool session_before(Sessions *sessions, const Account *account, const char *csrf, gint64 now);
/* The form that was sent too late. */
void session_late(Session *session, const char *path);
/* A reason was given: whatever is about this conversation is shown as long as the session lasts. */
void session_let_look(Session *session, const char *conversation);
bool session_may_look(const Session *session, const char *conversation);
void session_end(Sessions *sessions, Session *session);
/* Ends all of an account but one (or NULL): after a new password, or when the account is closed. */
void session_end_others(Sessions *sessions, const Account *account, const Session *but);
/* Compares in constant time. */
bool session_csrf_right(const Session *session, const char *given);

#endif
