#include "adapters/worklist/turn.h"

#include "adapters/station/log.h"
#include "adapters/worklist/language.h"

#include <glib/gi18n.h>

typedef struct Held { struct evhttp_request *http; int status; struct evbuffer *body; char *marked, *language; } Held;

struct Turn {
    Worklist *worklist;
    struct event *end;
    GPtrArray *held;
    bool begun;
};

static void held_free(gpointer data)
{
    Held *held = data;
    evbuffer_free(held->body);
    g_free(held->marked);
    g_free(held->language);
    g_free(held);
}

static void on_end(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd, (void)what;
    turn_end(ctx);
}

Turn *turn_new(Worklist *worklist, struct event_base *base)
{
    Turn *turn = g_new0(Turn, 1);
    *turn = (Turn){ worklist, event_new(base, -1, 0, on_end, turn), g_ptr_array_new_with_free_func(held_free), false };
    return turn;
}

void turn_free(Turn *turn)
{
    if (turn == NULL)
        return;
    turn_end(turn);
    event_free(turn->end);
    g_ptr_array_unref(turn->held);
    g_free(turn);
}

/* What became ready meanwhile stands before the end in libevent's queue, and is in this turn still. */
void turn_begin(Turn *turn)
{
    if (turn->begun)
        return;
    turn->begun = true;
    tc_client_gather(turn->worklist->client);
    event_active(turn->end, EV_TIMEOUT, 0);
}

void turn_hold(Turn *turn, const Request *request, int status, struct evbuffer *body)
{
    Held *held = g_new(Held, 1);
    *held = (Held){ request->http, status, body, g_strdup(request->marked), g_strdup(language_now()) };
    g_ptr_array_add(turn->held, held);
}

/* What it would have shown has not been recorded; what was worked out from that is worked out again. */
static void refuse(const Turn *turn, const Held *held)
{
    g_autoptr(GHashTable) none = g_hash_table_new(g_str_hash, g_str_equal);
    char path[] = "/";
    Request request = { .http = held->http, .worklist = turn->worklist, .path = path, .query = none, .form = none };
    evhttp_clear_headers(evhttp_request_get_output_headers(held->http));
    language_set(held->language);
    reply_unkept(&request);
    if (held->marked != NULL)
        caseload_refresh(turn->worklist->caseload, held->marked);
}

static void answer(const Turn *turn, bool kept)
{
    for (guint i = 0; i < turn->held->len; i++) {
        const Held *held = turn->held->pdata[i];
        if (kept)
            evhttp_send_reply(held->http, held->status, NULL, held->body);
        else
            refuse(turn, held);
    }
    g_ptr_array_set_size(turn->held, 0);
}

void turn_end(Turn *turn)
{
    TcError error;
    if (!turn->begun)
        return;
    turn->begun = false;
    event_del(turn->end);
    bool kept = tc_client_keep(turn->worklist->client, &error);
    if (!kept) {
        log_line(LOG_LINE_ERROR, "unkept", "pages=%u %s", turn->held->len, error.text);
        turn->worklist->views = -1;
    }
    answer(turn, kept);
}
