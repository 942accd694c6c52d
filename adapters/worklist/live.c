#include "adapters/worklist/live.h"

#include "adapters/worklist/language.h"
#include "adapters/worklist/pages.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

enum { QUIET_SECONDS = 24 * 60 * 60, UNREAD_MAX = 64 << 10 };

typedef struct Stream { Live *live; struct evhttp_request *http; char token[65]; int64_t seen; } Stream;
struct Live { Worklist *worklist; GHashTable *streams; struct event *beat, *soon; }; /* streams: a set of Stream *, ours to free */

/* ---- One stream ---- */

static void forget(Stream *stream) { g_hash_table_remove(stream->live->streams, stream); }

/* The reader is gone: libevent has let go of the request, which is ours to end. */
static void on_close(struct evhttp_connection *connection, void *ctx)
{
    Stream *stream = ctx;
    struct evhttp_request *http = stream->http;
    (void)connection;
    forget(stream);
    evhttp_send_reply_end(http);
}

static void say_to(const Stream *stream, const char *text)
{
    struct evbuffer *chunk = evbuffer_new();
    evbuffer_add(chunk, text, strlen(text));
    evhttp_send_reply_chunk(stream->http, chunk);
    evbuffer_free(chunk);
}

static void end(Stream *stream)
{
    struct evhttp_request *http = stream->http;
    say_to(stream, "event: end\ndata: {}\n\n");
    evhttp_connection_set_closecb(evhttp_request_get_connection(http), NULL, NULL);
    forget(stream);
    evhttp_send_reply_end(http);
}

/* What it says: all of it each time, so that a page that missed something needs nothing else. */
static char *words_for(const Stream *stream, const Session *session, int64_t now)
{
    const Worklist *w = stream->live->worklist;
    int64_t news = MAX(w->news - stream->seen, 0), left = (session_until(session) - now) / G_USEC_PER_SEC, whole = (session->begun + SESSION_WHOLE - now) / G_USEC_PER_SEC;
    language_set(session->account->language);
    g_autofree char *words = news > 0 ? g_strdup_printf(ngettext("%d new thing.", "%d new things.", (gulong)news), (int)news) : g_strdup("");
    json_auto_t *json = json_pack("{s:I, s:s, s:b, s:I, s:I}", "news", (json_int_t)news, "words", words, "away", w->state != TC_STATE_CONNECTED, "left", (json_int_t)left, "whole",
                                  (json_int_t)whole);
    char *text = json_dumps(json, JSON_COMPACT), *event = g_strdup_printf("data: %s\n\n", text);
    free(text);
    return event;
}

/* One whose reader has stopped reading is cut off. */
static bool is_stuck(const Stream *stream)
{
    struct bufferevent *to = evhttp_connection_get_bufferevent(evhttp_request_get_connection(stream->http));
    return evbuffer_get_length(bufferevent_get_output(to)) > UNREAD_MAX;
}

static void tell(Stream *stream)
{
    Worklist *w = stream->live->worklist;
    int64_t now = tc_client_now(w->client);
    const Session *session = session_look(w->sessions, stream->token, now);
    if (session == NULL || is_stuck(stream)) {
        end(stream);
        return;
    }
    g_autofree char *event = words_for(stream, session, now);
    say_to(stream, event);
}

/* ---- All of them ---- */

static void tell_all(evutil_socket_t fd, short what, void *ctx)
{
    Live *live = ctx;
    (void)fd, (void)what;
    g_autoptr(GList) streams = g_hash_table_get_keys(live->streams);
    for (GList *each = streams; each != NULL; each = each->next)
        tell(each->data);
}

Live *live_new(Worklist *worklist, struct event_base *base)
{
    static const struct timeval every = { LIVE_BEAT_SECONDS, 0 };
    Live *live = g_new0(Live, 1);
    *live = (Live){ worklist, g_hash_table_new_full(NULL, NULL, g_free, NULL), event_new(base, -1, EV_PERSIST, tell_all, live), evtimer_new(base, tell_all, live) };
    event_add(live->beat, &every);
    return live;
}

void live_free(Live *live)
{
    if (live == NULL)
        return;
    g_autoptr(GList) streams = g_hash_table_get_keys(live->streams);
    for (GList *each = streams; each != NULL; each = each->next)
        end(each->data);
    event_free(live->beat);
    event_free(live->soon);
    g_hash_table_unref(live->streams);
    g_free(live);
}

void live_tell(Live *live)
{
    static const struct timeval soon = { 0, 400000 };
    if (live != NULL && !event_pending(live->soon, EV_TIMEOUT, NULL))
        event_add(live->soon, &soon);
}

static bool has_room(const Live *live, const Session *session)
{
    GHashTableIter iter;
    gpointer stream;
    int own = 0;
    g_hash_table_iter_init(&iter, live->streams);
    while (g_hash_table_iter_next(&iter, &stream, NULL))
        own += strcmp(((const Stream *)stream)->token, session->token) == 0;
    return own < LIVE_OF_SESSION && g_hash_table_size(live->streams) < LIVE_MAX;
}

void page_live(Request *request, const char *rest)
{
    static const struct timeval quiet = { QUIET_SECONDS, 0 };
    Live *live = request->worklist->live;
    (void)rest;
    if (request->post || live == NULL || !has_room(live, request->session)) {
        reply_text(request, 204, ""); /* with which a browser does not ask again */
        return;
    }
    Stream *stream = g_new0(Stream, 1);
    *stream = (Stream){ .live = live, .http = request->http, .seen = g_ascii_strtoll(request_value(request->query, "seen"), NULL, 10) };
    g_strlcpy(stream->token, request->session->token, sizeof stream->token);
    g_hash_table_add(live->streams, stream);
    struct evhttp_connection *connection = evhttp_request_get_connection(request->http);
    evhttp_connection_set_closecb(connection, on_close, stream);
    reply_begin(request, "text/event-stream");
    bufferevent_set_timeouts(evhttp_connection_get_bufferevent(connection), &quiet, NULL); /* nothing more is read from it */
    tell(stream);
}
