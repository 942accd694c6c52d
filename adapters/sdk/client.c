#include "adapters/sdk/client.h"

#include "adapters/sdk/connection.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/events.h"
#include "adapters/sdk/receive.h"
#include "adapters/sdk/submit.h"
#include "adapters/sdk/trace.h"
#include "adapters/sdk/witness.h"
#include "proto/linkage.h"

#include <sodium.h>
#include <stdarg.h>

#define CLIENT_CLOCK_TOLERANCE (4 * G_TIME_SPAN_MINUTE)
#define CLIENT_EXPIRY_EVERY G_TIME_SPAN_HOUR
#define CLIENT_DIRECTORY_WARNING (3 * G_TIME_SPAN_DAY)

/* ---- Small services to the other files ---- */

int64_t client_now(const TcClient *client)
{
    (void)client;
    return g_get_real_time();
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

/* ---- The directory ---- */

/* The linkage key is wrapped to one of this service's sealing keys; with none that opens it, messages go without tokens. */
static void client_take_linkage(TcClient *client)
{
    const TcService *self = tc_directory_service(client->directory, client->passport->service);
    g_clear_pointer(&client->linkage, sodium_free);
    if (self == NULL || self->linkage_enc == NULL)
        return;
    uint8_t *key = sodium_malloc(TC_LINKAGE_KEY_LEN);
    if (key == NULL)
        g_error("no locked memory left for the linkage key");
    for (size_t i = tc_keys_sealing_count(client->keys); i-- > 0 && client->linkage == NULL;) {
        TcDigest reader;
        memcpy(reader.b, tc_keys_sealing_public(client->keys, i), sizeof reader);
        if (tc_linkage_unwrap(&client->passport->authority, self->id, &reader, tc_keys_sealing_secret(client->keys, reader.b),
                              self->linkage_enc, self->linkage_sealed, key))
            client->linkage = key;
    }
    if (client->linkage == NULL) {
        sodium_free(key);
        client_log(client, 4, "no sealing key here opens this service's linkage key: messages go without linkage tokens");
    }
}

static bool client_keep_directory(TcClient *client, const TcDirectory *directory, TcError *error)
{
    gsize len;
    const void *bytes = g_bytes_get_data(directory->signed_bytes, &len);
    spool_begin(client->spool);
    spool_do(client->spool, SQL_SNAPSHOT_ADD, "ib", (int64_t)directory->serial, bytes, len);
    spool_do(client->spool, SQL_SNAPSHOT_TRIM, "i", (int64_t)directory->serial);
    return spool_commit(client->spool, error);
}

bool client_take_directory(TcClient *client, GBytes *signed_snapshot, TcError *error)
{
    g_autofree char *problem = NULL;
    g_autoptr(TcDirectory) directory = tc_directory_open(signed_snapshot, &client->passport->authority, &problem);
    if (directory == NULL)
        return error_set(error, "passport", "directory", "%s", problem);
    if (client->directory != NULL && directory->serial <= client->directory->serial)
        return true;
    if (!client_keep_directory(client, directory, error))
        return false;
    tc_directory_unref(client->directory);
    client->directory = g_steal_pointer(&directory);
    client_take_linkage(client);
    client_log(client, 6, "directory serial=%" G_GUINT64_FORMAT, client->directory->serial);
    return true;
}

static bool client_load_directory(TcClient *client, TcError *error)
{
    TcError beside = { 0 };
    g_autofree char *text = NULL;
    gsize len = 0;
    sqlite3_stmt *row = spool_ask(client->spool, SQL_SNAPSHOT_NEWEST, "");
    g_autoptr(GBytes) kept = NULL;
    if (spool_next(client->spool, row)) {
        kept = spool_bytes(row, 0);
        spool_done(row);
    }
    if (kept != NULL && !client_take_directory(client, kept, &beside))
        client_log(client, 3, "the directory in the spool is not good: %s", beside.text);
    if (g_file_get_contents(client->passport->directory, &text, &len, NULL)) {
        g_autoptr(GBytes) bytes = g_bytes_new(text, len);
        if (!client_take_directory(client, bytes, &beside))
            client_log(client, 3, "the directory beside the passport is not good: %s", beside.text);
    }
    if (client->directory != NULL)
        return true;
    return beside.code[0] != '\0'
               ? error_set(error, "passport", "directory", "%s", beside.text)
               : error_set(error, "passport", "directory", "There is no directory beside the passport. Get it from the authority.");
}

/* Once a day from three days before its end, and loudly after it. */
static void client_watch_directory(TcClient *client, int64_t tick)
{
    int64_t left = client->directory->expires_at - client_now(client);
    if (left > CLIENT_DIRECTORY_WARNING || (client->expiry_told_at != 0 && tick - client->expiry_told_at < G_TIME_SPAN_DAY))
        return;
    client->expiry_told_at = tick;
    if (left <= 0)
        client_log(client, 3, "the directory has expired: new messages wait until the authority signs a new one");
    else
        client_log(client, 4, "the directory expires in %" G_GINT64_FORMAT " hours: ask the authority for a new one", left / G_TIME_SPAN_HOUR);
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

bool client_frame(TcClient *client, const Tc__Frame *frame, char **why)
{
    if (frame->welcome != NULL)
        return client_welcome(client, frame->welcome, why);
    if (frame->receipts != NULL)
        return submit_receipts(client, frame->receipts, why);
    if (frame->deliver != NULL)
        return receive_deliveries(client, frame->deliver, why);
    if (frame->announce != NULL)
        return client_announce(client, frame->announce, why);
    if (frame->answer != NULL) {
        trace_answer(client, frame->answer);
        return true;
    }
    *why = g_strdup("The broker sent a frame that only a client may send.");
    return false;
}

void client_disconnected(TcClient *client)
{
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
    if (client->spool == NULL || !client_load_directory(client, error))
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
    client->submit = submit_new();
    client->trace = trace_new();
    client->state = TC_STATE_CONNECTING;
    client->why = g_strdup("Not connected yet.");
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
    connection_free(client->connection);
    submit_free(client->submit);
    trace_free(client->trace);
    spool_close(client->spool);
    tc_directory_unref(client->directory);
    sodium_free(client->linkage);
    tc_keys_free(client->keys);
    passport_free(client->passport);
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
    client_watch_directory(client, tick);
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
    if (client->dispatching)
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
    trace_ask(client, conversation, done, ctx);
}
