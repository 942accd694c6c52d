#include "adapters/sdk/client.h"

#include "adapters/sdk/connection.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/events.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/receive.h"
#include "adapters/sdk/snapshot.h"
#include "adapters/sdk/submit.h"
#include "adapters/sdk/trace.h"
#include "adapters/sdk/witness.h"
#include "proto/unpack.h"

#include <sodium.h>
#include <stdarg.h>

#define CLIENT_CLOCK_TOLERANCE (4 * G_TIME_SPAN_MINUTE)
#define CLIENT_SHIFT_EVERY (100 * G_TIME_SPAN_MILLISECOND)
#define CLIENT_EXPIRY_EVERY G_TIME_SPAN_HOUR

/* ---- Small services to the other files ---- */

/* The one seam for time: in a made-up area a file may hold seconds by which the clock of all its programs is shifted, so that stories of
 * months pass in seconds. Any other directory knows no such thing. Read at most ten times a second. */
static int64_t client_shift(const TcClient *client)
{
    ClientShift *shift = client->shift;
    int64_t tick = g_get_monotonic_time();
    g_autofree char *text = NULL;
    if (shift == NULL || client->directory == NULL || !client->directory->made_up)
        return 0;
    if (shift->looked_at != 0 && tick - shift->looked_at < CLIENT_SHIFT_EVERY)
        return shift->by;
    shift->looked_at = tick;
    if (g_file_get_contents(shift->path, &text, NULL, NULL))
        shift->by = (int64_t)(g_ascii_strtod(text, NULL) * G_USEC_PER_SEC);
    return shift->by;
}

int64_t client_now(const TcClient *client)
{
    return g_get_real_time() + client_shift(client);
}

int64_t tc_client_now(TcClient *client)
{
    return client_now(client);
}

int64_t client_tick(void)
{
    return g_get_monotonic_time();
}

void client_log(const TcClient *client, int level, const char *format, ...)
{
    va_list args;
    if (client->callbacks.log == NULL)
        return;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    client->callbacks.log(client->ctx, level, line);
}

void client_state(TcClient *client, TcState state, const char *why)
{
    if (client->state == state && g_strcmp0(client->why, why) == 0)
        return;
    client->state = state;
    g_free(client->why);
    client->why = g_strdup(why);
    if (client->callbacks.state != NULL)
        client->callbacks.state(client->ctx, state, client->why);
}

void client_wake(TcClient *client)
{
    connection_wake(client->connection);
}

void client_new_id(TcClient *client, TcId *id)
{
    tc_uuid_make(&client->uuids, client_now(client), id->b);
}

/* ---- What the broker says ---- */

static bool client_welcome(TcClient *client, const Tc__Welcome *welcome, char **why)
{
    int64_t ahead = client_now(client) - welcome->now_at;
    if (memcmp(welcome->broker.data, client->directory->broker.b, sizeof client->directory->broker) != 0) {
        *why = g_strdup("Another broker answers than the directory names. Tell the operator.");
        return false;
    }
    if (welcome->version != 1 || !witness_newest(client, welcome->head, why)) {
        *why = *why == NULL ? g_strdup("The broker speaks another version. Update one side.") : *why;
        client_log(client, 3, "%s", *why);
        return false;
    }
    if (client->held > welcome->last_delivery) {
        *why = g_strdup("The broker's queue is shorter than what was delivered: its database went back. Tell the operator now.");
        client_log(client, 3, "%s", *why);
        return false;
    }
    if (ahead > CLIENT_CLOCK_TOLERANCE || ahead < -CLIENT_CLOCK_TOLERANCE)
        client_log(client, 3, "this computer's clock is %" G_GINT64_FORMAT " minutes off the broker's: set it, or messages are refused",
                   ahead / G_TIME_SPAN_MINUTE);
    submit_start(client, welcome);
    trace_want_directory(client, welcome->directory_serial);
    client_state(client, TC_STATE_CONNECTED, "The broker takes messages.");
    client_wake(client);
    return true;
}

static bool client_announce(TcClient *client, const Tc__Announce *announce, char **why)
{
    bool away = announce->has_database_away && announce->database_away;
    if (announce->head != NULL && !witness_newest(client, announce->head, why)) {
        client_log(client, 3, "%s", *why);
        return false;
    }
    trace_want_directory(client, announce->directory_serial);
    if (away != (client->state == TC_STATE_DATABASE_AWAY))
        submit_database(client, away);
    return true;
}

/* What comes may be signed, or sealed, with a key that only the newer directory knows: it waits for that one. What may wait is bounded
 * by the credit that this side gave. */
static bool client_deliver(TcClient *client, const Tc__Frame *frame, char **why)
{
    if (!trace_fetches_directory(client))
        return receive_deliveries(client, frame->deliver, why);
    g_queue_push_tail(&client->parked, g_byte_array_free_to_bytes(pack(&frame->base)));
    return true;
}

void client_unpark(TcClient *client)
{
    g_autofree char *why = NULL;
    while (why == NULL && !g_queue_is_empty(&client->parked)) {
        TcProblem problem;
        gsize len;
        g_autoptr(GBytes) bytes = g_queue_pop_head(&client->parked);
        const void *data = g_bytes_get_data(bytes, &len);
        g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(len));
        const Tc__Frame *frame = (const Tc__Frame *)tc_unpack(arena, &tc__frame__descriptor, data, len, TC_UNKNOWN_REFUSED, &problem);
        if (frame == NULL || !receive_deliveries(client, frame->deliver, &why))
            why = why == NULL ? g_strdup("A delivery could not be taken in.") : why;
    }
    if (why != NULL)
        connection_drop(client->connection, why);
}

bool client_frame(TcClient *client, const Tc__Frame *frame, char **why)
{
    if (frame->welcome != NULL)
        return client_welcome(client, frame->welcome, why);
    if (frame->receipts != NULL)
        return submit_receipts(client, frame->receipts, why);
    if (frame->deliver != NULL)
        return client_deliver(client, frame, why);
    if (frame->announce != NULL)
        return client_announce(client, frame->announce, why);
    if (frame->answer != NULL) {
        trace_answer(client, frame->answer);
        return true;
    }
    *why = g_strdup("The broker sent a frame that only a client may send.");
    return false;
}

static void client_forget_parked(TcClient *client)
{
    g_queue_clear_full(&client->parked, (GDestroyNotify)g_bytes_unref);
}

void client_disconnected(TcClient *client)
{
    client_forget_parked(client);
    submit_stop(client);
    trace_stop(client);
}

/* ---- Open and close ---- */

static bool client_fits(const TcClient *client, TcError *error)
{
    if (strcmp(tc_keys_service(client->keys), client->passport->service) != 0
        || strcmp(tc_keys_station(client->keys), client->passport->station) != 0)
        return error_set(error, "keys", "keys", "These are the keys of another station than the passport names. Correct the passport.");
    return true;
}

static bool client_start(TcClient *client, const char *passport, TcError *error)
{
    client->passport = passport_load(passport, error);
    if (client->passport == NULL || (client->keys = tc_keys_load(client->passport->keys, error)) == NULL || !client_fits(client, error))
        return false;
    client->connection = connection_new(client, error);
    client->spool = client->connection == NULL
                        ? NULL
                        : spool_open(client->passport->spool, client->passport->service, &client->passport->authority, error);
    if (client->spool == NULL || !snapshot_load(client, error))
        return false;
    if (tc_directory_service(client->directory, client->passport->service) == NULL)
        return error_set(error, "passport", "service", "The directory does not know this service. Ask the authority to add it.");
    receive_load(client);
    witness_load(client);
    return spool_ok(client->spool, error);
}

TcClient *tc_client_open(const char *passport, const char *software, const TcCallbacks *callbacks, void *ctx, TcError *error)
{
    TcClient *client = g_new0(TcClient, 1);
    if (sodium_init() < 0)
        g_error("libsodium does not start");
    if (callbacks != NULL)
        client->callbacks = *callbacks;
    client->ctx = ctx;
    client->software = g_strdup(software == NULL ? "" : software);
    g_queue_init(&client->parked);
    client->submit = submit_new();
    client->trace = trace_new();
    client->state = TC_STATE_CONNECTING;
    client->why = g_strdup("Not connected yet.");
    if (g_getenv("THROUGHCARE_TIME_SHIFT") != NULL) {
        client->shift = g_new0(ClientShift, 1);
        client->shift->path = g_strdup(g_getenv("THROUGHCARE_TIME_SHIFT"));
    }
    if (client_start(client, passport, error)) {
        client_wake(client);
        return client;
    }
    tc_client_close(client);
    return NULL;
}

void tc_client_close(TcClient *client)
{
    if (client == NULL)
        return;
    client_forget_parked(client);
    connection_free(client->connection);
    submit_free(client->submit);
    trace_free(client->trace);
    spool_close(client->spool);
    tc_directory_unref(client->directory);
    sodium_free(client->linkage);
    tc_keys_free(client->keys);
    passport_free(client->passport);
    if (client->shift != NULL)
        g_free(client->shift->path);
    g_free(client->shift);
    g_free(client->software);
    g_free(client->why);
    g_free(client);
}

/* ---- The loop ---- */

static int64_t client_earlier(int64_t a, int64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

static void client_set_timer(TcClient *client)
{
    int64_t at = connection_deadline(client->connection);
    at = client_earlier(at, submit_deadline(client));
    at = client_earlier(at, trace_deadline(client));
    at = client_earlier(at, client->event_again_at);
    at = client_earlier(at, client->expiry_checked_at + CLIENT_EXPIRY_EVERY);
    connection_timer(client->connection, at);
}

static void client_housekeep(TcClient *client)
{
    int64_t tick = client_tick();
    if (client->expiry_checked_at != 0 && tick - client->expiry_checked_at < CLIENT_EXPIRY_EVERY)
        return;
    client->expiry_checked_at = tick;
    submit_expire(client);
    snapshot_watch(client, tick);
}

int tc_client_fd(const TcClient *client)
{
    return connection_fd(client->connection);
}

/* The descriptor alone wakes a caller whenever there is something to do, so no caller has to count time. */
int tc_client_timeout(const TcClient *client)
{
    (void)client;
    return -1;
}

void tc_client_dispatch(TcClient *client)
{
    if (client->dispatching || spool_gathers(client->spool)) /* nothing leaves before it is kept; tc_client_keep wakes us */
        return;
    client->dispatching = true;
    connection_begin(client->connection);
    client_housekeep(client);
    bool more = connection_dispatch(client->connection);
    more |= events_hand_out(client);
    trace_flush(client);
    submit_flush(client);
    /* Sending may have taken the edge of what came meanwhile. */
    if (connection_pending(client->connection) || more)
        client_wake(client);
    client_set_timer(client);
    client->dispatching = false;
}

void tc_client_run(TcClient *client)
{
    GPollFD fd = { .fd = tc_client_fd(client), .events = G_IO_IN };
    while (!client->stopping) {
        tc_client_dispatch(client);
        if (!client->stopping)
            g_poll(&fd, 1, tc_client_timeout(client));
    }
    client->stopping = false;
}

void tc_client_stop(TcClient *client)
{
    client->stopping = true;
    connection_wake(client->connection);
}

void tc_client_trace(TcClient *client, const char *conversation, TcTraceDone done, void *ctx)
{
    trace_ask(client, TC__QUERY_TYPE__CODE__TRACE, conversation, done, ctx);
}

void tc_client_answerable(TcClient *client, const char *conversation, TcTraceDone done, void *ctx)
{
    trace_ask(client, TC__QUERY_TYPE__CODE__COORDINATION, conversation, done, ctx);
}
