/* The store against a real PostgreSQL: what it keeps, gives back, and makes of each failure. PG* variables name the database. */
#include "broker/codes.h"
#include "broker/store.h"
#include "proto/sign.h"
#include "proto/uuid.h"

#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

typedef struct Bench {
    Store *store;
    LogPosition position;
    GHashTable *last_delivery;
    GArray *results;      /* BatchResult, in order */
    int actives;
    char sqlstate[8];
    uint8_t key[64];
} Bench;

static void on_state(void *ctx, StoreState state, const StoreStart *start)
{
    Bench *bench = ctx;
    if (state != STORE_ACTIVE)
        return;
    bench->actives++;
    bench->position = start->position;
    g_hash_table_remove_all(bench->last_delivery);
    GHashTableIter iter;
    gpointer name, number;
    g_hash_table_iter_init(&iter, start->last_delivery);
    while (g_hash_table_iter_next(&iter, &name, &number))
        g_hash_table_insert(bench->last_delivery, g_strdup(name), g_memdup2(number, sizeof(uint64_t)));
}

static void on_batch(void *ctx, Batch *batch, BatchResult result, const char *sqlstate)
{
    Bench *bench = ctx;
    g_array_append_val(bench->results, result);
    g_strlcpy(bench->sqlstate, sqlstate, sizeof bench->sqlstate);
    batch_free(batch);
}

static Bench *bench_at(const char *conninfo)
{
    Bench *bench = g_new0(Bench, 1);
    uint8_t public_key[32];
    tc_sign_keypair(public_key, bench->key);
    bench->last_delivery = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    bench->results = g_array_new(FALSE, FALSE, sizeof(BatchResult));
    StoreConfig config = { .conninfo = conninfo, .retention_weeks = 52 };
    StoreCallbacks callbacks = { on_state, on_batch, bench };
    bench->store = store_new(&config, &callbacks);
    return bench;
}

static Bench *bench_new(void) { return bench_at(""); }

static void bench_free(Bench *bench)
{
    store_free(bench->store);
    g_hash_table_unref(bench->last_delivery);
    g_array_unref(bench->results);
    g_free(bench);
}

static void turn(Bench *bench)
{
    struct pollfd fd = { store_fd(bench->store), POLLIN, 0 };
    int timeout = store_timeout_ms(bench->store);
    poll(&fd, 1, timeout < 0 || timeout > 50 ? 50 : timeout);
    store_dispatch(bench->store);
}

static void wait_active(Bench *bench, int actives)
{
    for (int64_t end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC; bench->actives < actives && g_get_monotonic_time() < end;)
        turn(bench);
    assert_int_equal(bench->actives, actives);
}

static void wait_results(Bench *bench, guint count)
{
    for (int64_t end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC; bench->results->len < count && g_get_monotonic_time() < end;)
        turn(bench);
    assert_int_equal(bench->results->len, count);
}

static BatchResult result(const Bench *bench, guint i) { return g_array_index(bench->results, BatchResult, i); }

static TcId new_id(int64_t shift)
{
    static TcUuidMaker maker;
    TcId id;
    if (shift) {
        tc_uuid_floor(g_get_real_time() + shift, id.b);
        id.b[6] = 0x70;
        id.b[8] = 0x80;
        randombytes_buf(id.b + 9, 7);
    } else {
        tc_uuid_make(&maker, g_get_real_time(), id.b);
    }
    return id;
}

/* A message as decide would have it kept, with its audit row, delivery, clock and first head. */
static void add_message(Batch *batch, TcId id, const char *content)
{
    Event *event = g_new0(Event, 1);
    Decision d;
    decision_init(&d);
    event->kind = EVENT_ITEM;
    event->item.kind = ITEM_MESSAGE;
    Message *m = &event->item.message;
    m->id = m->conversation = id;
    m->kind = 1;
    m->sender = "carat";
    m->recipient = "cjip";
    m->content = (Span){ (const uint8_t *)content, strlen(content) };
    event->item.body = (Span){ (const uint8_t *)"header", 6 };
    memcpy(event->item.digest.b, id.b, 16);
    AuditRow audit = { .event = AUDIT_ACCEPTED, .service = "carat", .conversation = id, .message = id, .digest = event->item.digest };
    DeliveryRow delivery = { .recipient = "cjip", .type = DELIVERY_MESSAGE, .message = id };
    ClockRow clock = { .id = new_id(0), .conversation = id, .message = id, .policy = 2, .started_at = 1,
                       .due_at = g_get_real_time() + 3600 * G_TIME_SPAN_SECOND, .rung = 0, .waiting_for = "cjip" };
    g_array_append_val(d.audit, audit);
    g_array_append_val(d.deliveries, delivery);
    g_array_append_val(d.clocks, clock);
    d.store_message = &event->item;
    d.recipient = event->item.message.recipient;
    d.head_changed = true;
    d.head = (Head){ .conversation = id, .version = 1, .machine = 1, .state = 2, .starter = "carat", .addressee = "cjip", .first = id,
                     .newest_notification = id, .release_at = 77, .told_before = { "spoc" } };
    batch_add(batch, event, &d);
}

static Batch *seal(Bench *bench, Batch *batch)
{
    Sealer sealer = { .signing_key = bench->key, .last_delivery = bench->last_delivery };
    batch_seal(batch, &sealer, &bench->position, g_get_real_time());
    batch_sign(batch, &sealer);
    return batch;
}

static Batch *one(Bench *bench, TcId id)
{
    Batch *batch = batch_new();
    add_message(batch, id, "content");
    return seal(bench, batch);
}

static PGconn *admin(void)
{
    g_autofree char *conninfo = g_strdup_printf("user=%s", g_getenv("TC_PGADMIN"));
    return PQconnectdb(conninfo);
}

static char *ask(const char *sql)
{
    PGconn *conn = admin();
    PGresult *r = PQexec(conn, sql);
    char *value = PQntuples(r) ? g_strdup(PQgetvalue(r, 0, 0)) : g_strdup(PQerrorMessage(conn));
    PQclear(r);
    PQfinish(conn);
    return value;
}

static void tell(const char *sql) { g_free(ask(sql)); }

typedef struct Seen { int calls; Head head; MessageRef ref; bool failed; guint deliveries; size_t wraps; char content[32]; bool receipt; } Seen;

static void on_load(void *ctx, const LoadAnswer *answer)
{
    Seen *seen = ctx;
    seen->calls++;
    seen->failed = answer->failed;
    if (answer->heads->len)
        seen->head = g_array_index(answer->heads, Head, 0);
    if (answer->messages->len)
        seen->ref = g_array_index(answer->messages, MessageRef, 0);
}

static void on_window(void *ctx, const WindowAnswer *answer)
{
    Seen *seen = ctx;
    seen->calls++;
    seen->deliveries = answer->deliveries->len;
    for (guint i = 0; i < answer->deliveries->len; i++) {
        const StoredDelivery *d = &g_array_index(answer->deliveries, StoredDelivery, i);
        memcpy(seen->content, d->content.data, MIN(d->content.len, sizeof seen->content - 1));
    }
}

static void on_receipt(void *ctx, const ReceiptAnswer *answer)
{
    Seen *seen = ctx;
    TcDigest hash, root;
    uint8_t path[TC_MERKLE_MAX_PATH * TC_MERKLE_LEN];
    seen->calls++;
    if (!answer->found)
        return;
    tc_digest_audit(&answer->row, &hash);
    size_t nodes = tc_merkle_path(answer->tree, answer->index, path);
    seen->receipt = tc_merkle_climb(hash.b, answer->index, answer->count, path, nodes, root.b) && tc_digest_equal(&root, &answer->head.root);
}

static void wait_calls(Bench *bench, Seen *seen, int calls)
{
    for (int64_t end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC; seen->calls < calls && g_get_monotonic_time() < end;)
        turn(bench);
    assert_int_equal(seen->calls, calls);
}

static void commits_and_reads_back(void **state)
{
    (void)state;
    Bench *bench = bench_new();
    Seen seen = { 0 };
    wait_active(bench, 1);
    TcId id = new_id(0);
    uint64_t sequence = bench->position.sequence + 1, batch = bench->position.batch + 1;
    store_submit(bench->store, one(bench, id));
    wait_results(bench, 1);
    assert_int_equal(result(bench, 0), BATCH_COMMITTED);
    LoadQuestion question = { .conversations = g_array_new(FALSE, FALSE, sizeof(TcId)), .messages = g_array_new(FALSE, FALSE, sizeof(TcId)) };
    GArray *none = g_array_new(FALSE, FALSE, 1);
    question.wraps = question.tokens = question.confirmations = question.notices = none;
    g_array_append_val(question.conversations, id);
    g_array_append_val(question.messages, id);
    store_load(bench->store, &question, on_load, &seen);
    store_window(bench->store, "cjip", 0, 256, on_window, &seen);
    store_receipt(bench->store, sequence, batch, on_receipt, &seen);
    wait_calls(bench, &seen, 3);
    assert_false(seen.failed);
    assert_int_equal(seen.head.version, 1);
    assert_int_equal(seen.head.release_at, 77);
    assert_string_equal(seen.head.told_before[0], "spoc");
    assert_memory_equal(seen.ref.id.b, id.b, 16);
    assert_int_equal(seen.ref.sequence, sequence);
    assert_true(seen.deliveries > 0);
    assert_string_equal(seen.content, "content");
    assert_true(seen.receipt);
    g_array_unref(question.conversations);
    g_array_unref(question.messages);
    g_array_unref(none);
    bench_free(bench);
}

static void poison_with_a_batch_behind(void **state)
{
    (void)state;
    Bench *bench = bench_new();
    wait_active(bench, 1);
    TcId id = new_id(0);
    store_submit(bench->store, one(bench, id));
    wait_results(bench, 1);
    LogPosition before = bench->position;
    store_submit(bench->store, one(bench, id)); /* the same id: unique violation */
    store_submit(bench->store, one(bench, new_id(0)));
    wait_results(bench, 3);
    assert_int_equal(result(bench, 1), BATCH_POISON);
    assert_int_equal(result(bench, 2), BATCH_DISPLACED); /* its predecessor failed: the chain refuses it */
    bench->position = before;
    g_hash_table_remove_all(bench->last_delivery);
    uint64_t *number = g_new(uint64_t, 1);
    g_autofree char *newest = ask("SELECT max(number) FROM throughcare.delivery WHERE recipient = 'cjip'");
    *number = g_ascii_strtoull(newest, NULL, 10);
    g_hash_table_insert(bench->last_delivery, g_strdup("cjip"), number);
    store_submit(bench->store, one(bench, new_id(0)));
    wait_results(bench, 4);
    assert_int_equal(result(bench, 3), BATCH_COMMITTED);
    bench_free(bench);
}

static void missing_partition_is_poison(void **state)
{
    (void)state;
    Bench *bench = bench_new();
    wait_active(bench, 1);
    store_submit(bench->store, one(bench, new_id(200 * G_TIME_SPAN_DAY)));
    wait_results(bench, 1);
    assert_int_equal(result(bench, 0), BATCH_POISON);
    assert_string_equal(bench->sqlstate, "23514");
    bench_free(bench);
}

static void version_clash_is_poison(void **state)
{
    (void)state;
    Bench *bench = bench_new();
    wait_active(bench, 1);
    TcId id = new_id(0);
    Batch *batch = batch_new();
    add_message(batch, id, "a");
    add_message(batch, new_id(0), "b");
    g_array_index(batch->entries, BatchEntry, 1).decision.head.conversation = id;
    store_submit(bench->store, seal(bench, batch));
    wait_results(bench, 1);
    assert_int_equal(result(bench, 0), BATCH_POISON);
    assert_string_equal(bench->sqlstate, "23505");
    bench_free(bench);
}

static void lost_connection_is_uncertain(void **state)
{
    (void)state;
    Bench *bench = bench_new();
    wait_active(bench, 1);
    PGconn *conn = admin();
    PQclear(PQexec(conn, "BEGIN; LOCK TABLE throughcare.audit IN SHARE MODE"));
    store_submit(bench->store, one(bench, new_id(0)));
    for (int i = 0; i < 5; i++)
        turn(bench);
    assert_int_equal(bench->results->len, 0);
    tell("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'throughcare_broker'");
    wait_results(bench, 1);
    PQfinish(conn);
    assert_int_equal(result(bench, 0), BATCH_UNCERTAIN);
    wait_active(bench, 2); /* the lock again, and the position read anew */
    store_submit(bench->store, one(bench, new_id(0)));
    wait_results(bench, 2);
    assert_int_equal(result(bench, 1), BATCH_COMMITTED);
    bench_free(bench);
}

static void a_cancelled_wait_is_not_acknowledged(void **state)
{
    (void)state;
    tell("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    tell("SELECT pg_reload_conf()");
    g_usleep(300000);
    Bench *bench = bench_new();
    wait_active(bench, 1);
    store_submit(bench->store, one(bench, new_id(0)));
    for (int64_t end = g_get_monotonic_time() + 10 * G_USEC_PER_SEC; g_get_monotonic_time() < end && !bench->results->len;) {
        turn(bench);
        tell("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }
    tell("ALTER SYSTEM RESET synchronous_standby_names");
    tell("SELECT pg_reload_conf()");
    assert_int_equal(bench->results->len, 1);
    assert_int_equal(result(bench, 0), BATCH_UNCERTAIN);
    bench_free(bench);
}

static void a_displaced_broker_cannot_write(void **state)
{
    (void)state;
    Bench *old = bench_new(), *new = bench_new();
    wait_active(old, 1);
    for (int i = 0; i < 10; i++)
        turn(new);
    assert_int_equal(store_state(new->store), STORE_STANDBY);
    /* The old one's lock is gone without its knowing: as after a partition of the network. */
    tell("INSERT INTO throughcare.batch SELECT no + 1, no, last_hash, sha256('other'), last_sequence, at, root, signature "
                               "FROM throughcare.batch ORDER BY no DESC LIMIT 1 RETURNING no");
    store_submit(old->store, one(old, new_id(0)));
    wait_results(old, 1);
    assert_int_equal(result(old, 0), BATCH_DISPLACED);
    store_free(old->store);
    old->store = NULL;
    wait_active(new, 1);
    store_submit(new->store, one(new, new_id(0)));
    wait_results(new, 1);
    assert_int_equal(result(new, 0), BATCH_COMMITTED);
    bench_free(old);
    bench_free(new);
}

static void the_broker_may_not_change_the_record(void **state)
{
    (void)state;
    static const char *const tables[] = { "batch", "audit", "message", "conversation_event", "delivery", "wrap", "clock", "clock_end" };
    PGconn *conn = PQconnectdb("");
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        static const char *const acts[] = { "DELETE FROM throughcare.%s", "TRUNCATE throughcare.%s" };
        for (size_t j = 0; j < G_N_ELEMENTS(acts); j++) {
            g_autofree char *sql = g_strdup_printf(acts[j], tables[i]);
            PGresult *r = PQexec(conn, sql);
            assert_string_equal(PQresultErrorField(r, PG_DIAG_SQLSTATE), "42501");
            PQclear(r);
        }
    }
    PGresult *r = PQexec(conn, "UPDATE throughcare.audit SET detail = 'x'");
    assert_string_equal(PQresultErrorField(r, PG_DIAG_SQLSTATE), "42501");
    PQclear(r);
    PQfinish(conn);
}

static void weeks_are_made_and_dropped(void **state)
{
    (void)state;
    g_autofree char *made = ask("SELECT count(*) FROM throughcare.make_weeks(0, 604800000000)");
    assert_string_equal(made, "2");
    g_autofree char *dropped = ask("SELECT start_at || ' ' || rows FROM throughcare.drop_week(604800000000)");
    assert_string_equal(dropped, "0 0");
    g_autofree char *again = ask("SELECT count(*) FROM throughcare.make_weeks(0, 100)");
    assert_string_equal(again, "0"); /* what was dropped does not come back */
    tell("SELECT start_at FROM throughcare.drop_week(2 * 604800000000)");
}

/* A port whose line of callers is full: who calls now gets no answer at all, as from a host that was cut off. */
static int silent_port(int sockets[8])
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    for (int i = 0; i < 8; i++)
        sockets[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(sockets[0], (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(sockets[0], 0), 0);
    assert_int_equal(getsockname(sockets[0], (struct sockaddr *)&address, &len), 0);
    for (int i = 1; i < 8; i++)
        connect(sockets[i], (struct sockaddr *)&address, sizeof address);
    return ntohs(address.sin_port);
}

static void a_silent_host_holds_nothing_up(void **state)
{
    (void)state;
    int sockets[8], port = silent_port(sockets);
    g_autofree char *conninfo = g_strdup_printf("host=127.0.0.1,%s port=%d,%s", g_getenv("PGHOST"), port, g_getenv("PGPORT") ?: "5432");
    Bench *bench = bench_at(conninfo);
    int64_t longest = 0, end = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (!bench->actives && g_get_monotonic_time() < end) {
        int64_t begun = g_get_monotonic_time();
        turn(bench);
        longest = MAX(longest, g_get_monotonic_time() - begun);
    }
    assert_int_equal(bench->actives, 1);
    assert_in_range(longest, 0, 2 * G_USEC_PER_SEC);
    bench_free(bench);
    for (int i = 0; i < 8; i++)
        close(sockets[i]);
}

/* A broker whose process was stopped between a batch's first statement and its Sync: it holds the lock, and no time-out of the server's runs. */
static void a_broker_stopped_in_a_batch_loses_the_lock(void **state)
{
    (void)state;
    PGconn *stopped = PQconnectdb("");
    PQclear(PQexec(stopped, "SELECT pg_advisory_lock(7233001)"));
    assert_int_equal(PQenterPipelineMode(stopped), 1);
    assert_int_equal(PQsendQueryParams(stopped, "SELECT 1", 0, NULL, NULL, NULL, NULL, 0), 1);
    assert_int_equal(PQsendFlushRequest(stopped), 1);
    assert_int_equal(PQflush(stopped), 0);
    Bench *bench = bench_new();
    int64_t begun = g_get_monotonic_time();
    while (!bench->actives && g_get_monotonic_time() < begun + 20 * G_USEC_PER_SEC)
        turn(bench);
    assert_int_equal(bench->actives, 1);
    assert_in_range(g_get_monotonic_time() - begun, 9 * G_USEC_PER_SEC, 13 * G_USEC_PER_SEC); /* who is at work is left alone */
    bench_free(bench);
    PQfinish(stopped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_and_reads_back), cmocka_unit_test(poison_with_a_batch_behind), cmocka_unit_test(missing_partition_is_poison),
        cmocka_unit_test(version_clash_is_poison), cmocka_unit_test(lost_connection_is_uncertain), cmocka_unit_test(a_silent_host_holds_nothing_up), cmocka_unit_test(a_broker_stopped_in_a_batch_loses_the_lock),
        cmocka_unit_test(a_cancelled_wait_is_not_acknowledged), cmocka_unit_test(a_displaced_broker_cannot_write),
        cmocka_unit_test(the_broker_may_not_change_the_record), cmocka_unit_test(weeks_are_made_and_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
