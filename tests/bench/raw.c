/* bench-raw: the yardsticks, by libpq straight to the database that PG* names.
 *
 *   bench-raw COUNT      prints {"commit_p50_us": …, "rows_rate": …}
 *
 * commit_p50_us: a bare single-row insert, committed, one after the other. rows_rate: messages a second when the rows that the broker
 * keeps for a notification (message, wrap, head, delivery, two clocks, two audit rows) are made and hashed beforehand and go through the
 * broker's own store, 512 messages a batch, two batches in flight. */
#include "broker/codes.h"
#include "broker/store.h"
#include "proto/sign.h"
#include "proto/uuid.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define BARE_COMMITS 2000
#define A_BATCH 512

static void die(const char *words)
{
    fprintf(stderr, "bench-raw: %s\n", words);
    exit(1);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t bare_commit_p50(void)
{
    PGconn *conn = PQconnectdb("");
    int64_t took[BARE_COMMITS];
    PQclear(PQexec(conn, "CREATE TABLE IF NOT EXISTS bench_commit (n int)"));
    PQclear(PQprepare(conn, "one", "INSERT INTO bench_commit VALUES (1)", 0, NULL));
    for (int i = 0; i < BARE_COMMITS; i++) {
        int64_t begun = g_get_monotonic_time();
        PGresult *result = PQexecPrepared(conn, "one", 0, NULL, NULL, NULL, 0);
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            die(PQerrorMessage(conn));
        PQclear(result);
        took[i] = g_get_monotonic_time() - begun;
    }
    PQfinish(conn);
    qsort(took, BARE_COMMITS, sizeof *took, compare);
    return took[BARE_COMMITS / 2];
}

static uint8_t filler[1200];

static TcId new_id(void)
{
    static TcUuidMaker maker;
    TcId id;
    tc_uuid_make(&maker, g_get_real_time(), id.b);
    return id;
}

static Event *item(ItemKind kind, const TcId *id, size_t body)
{
    Event *event = g_new0(Event, 1);
    event->kind = EVENT_ITEM;
    event->item.kind = kind;
    event->item.body = (Span){ filler, body };
    memcpy(event->item.digest.b, id->b, 16);
    event->item.provenance.count = 256;
    event->item.provenance.path = (Span){ filler, 256 };
    return event;
}

static void add_clock(Decision *d, const TcId *id, int policy)
{
    ClockRow clock = { .id = new_id(), .conversation = *id, .message = *id, .policy = policy, .started_at = g_get_real_time(),
                       .due_at = g_get_real_time() + G_TIME_SPAN_HOUR, .waiting_for = "cjip" };
    g_array_append_val(d->clocks, clock);
}

static void add_message(Batch *batch, const TcId *id)
{
    Event *event = item(ITEM_MESSAGE, id, 260);
    Decision d;
    decision_init(&d);
    event->item.message = (Message){ .id = *id, .conversation = *id, .kind = KIND_RELEASE_NOTIFICATION, .sender = "carat", .recipient = "cjip",
                                     .content = { filler, 1060 } };
    AuditRow audit = { .event = AUDIT_ACCEPTED, .service = "carat", .conversation = *id, .message = *id, .digest = event->item.digest };
    DeliveryRow delivery = { .recipient = "cjip", .type = DELIVERY_MESSAGE, .message = *id };
    g_array_append_val(d.audit, audit);
    g_array_append_val(d.deliveries, delivery);
    add_clock(&d, id, POLICY_HELD);
    add_clock(&d, id, POLICY_NAMED);
    d.store_message = &event->item;
    d.recipient = event->item.message.recipient;
    d.head_changed = true;
    d.head = (Head){ .conversation = *id, .version = 1, .machine = 1, .state = 1, .starter = "carat", .addressee = "cjip", .first = *id,
                     .newest_notification = *id };
    batch_add(batch, event, &d);
}

static void add_wrap(Batch *batch, const TcId *message)
{
    TcId id = new_id();
    Event *event = item(ITEM_WRAP, &id, 720);
    Decision d;
    decision_init(&d);
    event->item.wrap = (Wrap){ .id = id, .message = *message, .maker = "carat" };
    AuditRow audit = { .event = AUDIT_WRAPPED, .service = "carat", .conversation = *message, .message = *message, .digest = event->item.digest };
    g_array_append_val(d.audit, audit);
    d.store_wrap = &event->item;
    batch_add(batch, event, &d);
}

typedef struct Raw { Store *store; LogPosition position; GHashTable *last; bool active; guint committed; } Raw;

static void on_state(void *ctx, StoreState state, const StoreStart *start)
{
    Raw *raw = ctx;
    raw->active = state == STORE_ACTIVE;
    if (start)
        raw->position = start->position;
    uint64_t *last = start ? g_hash_table_lookup(start->last_delivery, "cjip") : NULL;
    if (last)
        g_hash_table_insert(raw->last, g_strdup("cjip"), g_memdup2(last, sizeof *last));
}

static void on_batch(void *ctx, Batch *batch, BatchResult result, const char *sqlstate)
{
    if (result != BATCH_COMMITTED)
        die(sqlstate);
    ((Raw *)ctx)->committed++;
    batch_free(batch);
}

static void turn(Raw *raw)
{
    struct pollfd fd = { store_fd(raw->store), POLLIN, 0 };
    poll(&fd, 1, 10);
    store_dispatch(raw->store);
}

static GPtrArray *prepared(Raw *raw, size_t count)
{
    uint8_t key[64], public_key[32];
    GPtrArray *batches = g_ptr_array_new();
    tc_sign_keypair(public_key, key);
    Sealer sealer = { .signing_key = key, .last_delivery = raw->last };
    for (size_t done = 0; done < count; done += A_BATCH) {
        Batch *batch = batch_new();
        for (size_t i = done; i < MIN(count, done + A_BATCH); i++) {
            TcId id = new_id();
            add_message(batch, &id);
            add_wrap(batch, &id);
        }
        batch_seal(batch, &sealer, &raw->position, g_get_real_time());
        batch_sign(batch, &sealer);
        g_ptr_array_add(batches, batch);
    }
    return batches;
}

static double rows_rate(size_t count)
{
    Raw raw = { .last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
    StoreConfig config = { .conninfo = "", .retention_weeks = 52 };
    StoreCallbacks callbacks = { on_state, on_batch, &raw };
    raw.store = store_new(&config, &callbacks);
    for (int64_t end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC; !raw.active;) {
        turn(&raw);
        if (g_get_monotonic_time() > end)
            die("the database does not answer, or a broker holds it: stop the broker first");
    }
    GPtrArray *batches = prepared(&raw, count);
    int64_t begun = g_get_monotonic_time();
    for (guint next = 0; raw.committed < batches->len;) {
        while (next < batches->len && store_ready(raw.store))
            store_submit(raw.store, batches->pdata[next++]);
        turn(&raw);
    }
    double seconds = (double)(g_get_monotonic_time() - begun) / 1e6;
    store_free(raw.store);
    g_ptr_array_unref(batches);
    g_hash_table_unref(raw.last);
    return (double)count / seconds;
}

int main(int argc, char **argv)
{
    size_t count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
    if (!count || sodium_init() < 0) {
        fputs("usage: bench-raw COUNT   (PG* variables name the database)\n", stderr);
        return 2;
    }
    randombytes_buf(filler, sizeof filler);
    int64_t commit = bare_commit_p50();
    printf("{\"commit_p50_us\": %" G_GINT64_FORMAT ", \"rows_rate\": %.1f}\n", commit, rows_rate(count));
    return 0;
}
