#include "adapters/worklist/session.h"

#include <openssl/crypto.h>
#include <sodium.h>
#include <string.h>

enum { SESSIONS_MAX = 2000 };
#define SESSION_KEPT (24 * 60 * 60 * (gint64)G_USEC_PER_SEC)

struct Sessions { GHashTable *by_token; };

void session_late(Session *session, const char *path)
{
    g_free(session->path);
    session->path = g_strdup(path);
}

void session_let_look(Session *session, const char *conversation)
{
    if (session->looks == NULL)
        session->looks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(session->looks, g_strdup(conversation));
}

bool session_may_look(const Session *session, const char *conversation) { return session->looks != NULL && g_hash_table_contains(session->looks, conversation); }

static void session_free(gpointer data)
{
    Session *session = data;
    g_clear_pointer(&session->looks, g_hash_table_unref);
    g_free(session->path);
    g_free(session);
}

Sessions *sessions_new(void)
{
    Sessions *sessions = g_new0(Sessions, 1);
    sessions->by_token = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, session_free);
    return sessions;
}

void sessions_free(Sessions *sessions)
{
    if (sessions == NULL)
        return;
    g_hash_table_unref(sessions->by_token);
    g_free(sessions);
}

static void random_text(char out[65])
{
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(out, 65, bytes, sizeof bytes);
}

gint64 session_until(const Session *session) { return MIN(session->used + SESSION_IDLE, session->begun + SESSION_WHOLE); }

/* Removes what has ended; if none has and there is no room, the one that was used longest ago. */
static void make_room(Sessions *sessions, gint64 now)
{
    GHashTableIter iter;
    gpointer value;
    Session *oldest = NULL;
    if (g_hash_table_size(sessions->by_token) < SESSIONS_MAX)
        return;
    g_hash_table_iter_init(&iter, sessions->by_token);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Session *session = value;
        if (now - session->used > SESSION_KEPT)
            g_hash_table_iter_remove(&iter);
        else if (oldest == NULL || session->used < oldest->used)
            oldest = session;
    }
    if (g_hash_table_size(sessions->by_token) >= SESSIONS_MAX)
        session_end(sessions, oldest);
}

Session *session_begin(Sessions *sessions, const Account *account, gint64 now)
{
    Session *session = g_new0(Session, 1);
    make_room(sessions, now);
    session->account = account;
    session->begun = session->used = now;
    random_text(session->token);
    random_text(session->csrf);
    g_hash_table_insert(sessions->by_token, session->token, session);
    return session;
}

static Session *of_token(const Sessions *sessions, const char *token) { return token != NULL ? g_hash_table_lookup(sessions->by_token, token) : NULL; }

Session *session_look(Sessions *sessions, const char *token, gint64 now)
{
    Session *session = of_token(sessions, token);
    return session != NULL && now <= session_until(session) ? session : NULL;
}

Session *session_find(Sessions *sessions, const char *token, gint64 now)
{
    Session *session = session_look(sessions, token, now);
    if (session != NULL)
        session->used = now;
    return session;
}

Session *session_ended(Sessions *sessions, const char *token, gint64 now)
{
    Session *session = of_token(sessions, token);
    return session != NULL && now > session_until(session) && now - session->used <= SESSION_KEPT ? session : NULL;
}

bool session_before(Sessions *sessions, const Account *account, const char *csrf, gint64 now)
{
    GHashTableIter iter;
    gpointer token, value;
    g_hash_table_iter_init(&iter, sessions->by_token);
    while (g_hash_table_iter_next(&iter, &token, &value)) {
        const Session *session = session_ended(sessions, token, now);
        if (session != NULL && session->account == account && session_csrf_right(session, csrf))
            return true;
    }
    return false;
}

void session_end_others(Sessions *sessions, const Account *account, const Session *but)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, sessions->by_token);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (value != but && ((const Session *)value)->account == account)
            g_hash_table_iter_remove(&iter);
}

void session_end(Sessions *sessions, Session *session) { g_hash_table_remove(sessions->by_token, session->token); }

bool session_csrf_right(const Session *session, const char *given)
{
    return given != NULL && strlen(given) == 64 && CRYPTO_memcmp(given, session->csrf, 64) == 0;
}
