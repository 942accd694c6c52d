/* The store as a whole: its two connections coming and going, the lock of the active broker, one epoll over both.
 *
 * Until the lock is held the write connection is asked plainly (short blocking questions with a time limit), because nothing else
 * can happen before; from then on both connections are in pipeline mode and nothing here blocks. */
#include "broker/store_inner.h"

#include <gio/gio.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#define RETRY_FIRST_US 50000
#define RETRY_MOST_US 1000000
#define LOCK_EVERY_US 100000
#define STUCK_EVERY_US 1000000
#define CLOCK_EVERY_US 10000000
#define SQL_FOLDER "/throughcare/broker/sql"

const char *store_sql(const char *name)
{
    g_autofree char *path = g_strdup_printf(SQL_FOLDER "/%s.sql", name);
    g_autoptr(GBytes) bytes = g_resources_lookup_data(path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    return bytes ? g_bytes_get_data(bytes, NULL) : NULL; /* in the program itself: outlives the reference */
}

void store_link_watch(Store *store, Link *link, bool want_write)
{
    int events = EPOLLIN | (want_write ? EPOLLOUT : 0), fd = PQsocket(link->conn);
    if (fd < 0 || (link->watched == events && link->fd == fd && link->state != LINK_CONNECTING)) /* then the next host's may have the number of the last one's */
        return;
    struct epoll_event event = { .events = (uint32_t)events, .data.ptr = link };
    if (link->watched >= 0 && link->fd != fd)
        epoll_ctl(store->epoll, EPOLL_CTL_DEL, link->fd, NULL);
    if (epoll_ctl(store->epoll, EPOLL_CTL_MOD, fd, &event) != 0)
        epoll_ctl(store->epoll, EPOLL_CTL_ADD, fd, &event);
    link->watched = events;
    link->fd = fd;
}

/* Only marks it: dispatch closes it, so that no caller's connection goes from under it. */
void store_link_lost(Store *store, Link *link)
{
    (void)store;
    if (link->conn)
        link->state = LINK_LOST;
}

static void close_link(Store *store, Link *link)
{
    if (link->watched >= 0)
        epoll_ctl(store->epoll, EPOLL_CTL_DEL, link->fd, NULL);
    link->watched = -1;
    g_clear_pointer(&link->conn, PQfinish);
    link->state = LINK_DOWN;
    link->retry_at = g_get_monotonic_time() + MIN((int64_t)RETRY_FIRST_US << MIN(link->failures, 6u), RETRY_MOST_US);
    link->failures++;
}

static void say_state(Store *store, StoreState state, const StoreStart *start)
{
    if (store->state == state && state != STORE_ACTIVE)
        return;
    store->state = state;
    store->callbacks.state(store->callbacks.ctx, state, start);
}

/* Where a lost connection leaves what it carried. */
static void bury(Store *store, Link *link)
{
    close_link(store, link);
    if (link == &store->read) {
        store_read_fail_all(store);
        return;
    }
    say_state(store, STORE_AWAY, NULL);
    store_write_fail_all(store);
}

/* A cancelled wait for a synchronous standby answers OK with warning 01000: then nobody knows. */
static void notice(void *ctx, const PGresult *result)
{
    Store *store = ctx;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state && strcmp(state, "01000") == 0)
        store->warned = true;
}

static void start_link(Store *store, Link *link)
{
    link->conn = store_link_connect(store, link);
    if (!link->conn || PQstatus(link->conn) == CONNECTION_BAD) {
        close_link(store, link);
        return;
    }
    store->warned = false;
    PQsetNoticeReceiver(link->conn, notice, store);
    link->state = LINK_CONNECTING;
    if (link == &store->write)
        store->beat = false;
    store_link_watch(store, link, true);
}

static bool run(PGconn *conn, const char *sql)
{
    PGresult *result = store_link_ask(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static unsigned prepare(PGconn *conn, const char *name, const char *sql) { return PQsendPrepare(conn, name, sql, 0, NULL) ? 1 : 0; }

/* An insert from arrays, said with plain values: "… SELECT unnest($1::int[]), unnest($2::text[])" becomes "… VALUES ($1::int, $2::text), …". */
static char *with_values(const char *sql, unsigned rows)
{
    g_auto(GStrv) parts = g_strsplit(sql, "unnest(", -1); /* the head, then "$1::int[]), " and so on */
    guint columns = g_strv_length(parts) - 1;
    GString *text = g_string_new_len(parts[0], (gssize)(strlen(parts[0]) - strlen("SELECT ")));
    g_string_append(text, "VALUES ");
    for (unsigned i = 0; i < rows * columns; i++) {
        const char *part = parts[1 + i % columns], *type = strstr(part, "::"), *end = strstr(part, "[])");
        g_string_append_printf(text, "%s$%u%.*s%s", i % columns ? ", " : i ? "), (" : "(", i + 1, (int)(end - type), type, i + 1 == rows * columns ? ")" : "");
    }
    g_string_append(text, strstr(parts[columns], "[])") + strlen("[])"));
    return g_string_free(text, FALSE);
}

/* Few rows go as plain values: with arrays a message alone took a tenth longer. */
static unsigned prepare_few(PGconn *conn, const char *name, const char *sql)
{
    unsigned sent = 0;
    for (unsigned rows = 1; strstr(sql, "unnest(") && rows <= STORE_FEW; rows++) {
        g_autofree char *text = with_values(sql, rows), *few = g_strdup_printf("%s_%u", name, rows);
        sent += prepare(conn, few, text);
    }
    return sent;
}

/* What each of so many statements came to. */
static bool all_prepared(PGconn *conn, unsigned sent)
{
    bool good = PQpipelineSync(conn) == 1;
    for (unsigned i = 0; good && i <= sent; i++) { /* and the Sync */
        PGresult *result = store_link_answer(conn);
        good = PQresultStatus(result) == (i < sent ? PGRES_COMMAND_OK : PGRES_PIPELINE_SYNC);
        if (result && !good)
            g_printerr("broker: a statement does not fit this database: %s", PQresultErrorMessage(result));
        PQclear(result);
    }
    return good;
}

/* The statements of one connection, several hundred in one round trip: what it writes begins with put_, what runs once at a start with start_. */
static bool prepare_all(PGconn *conn, bool write)
{
    g_auto(GStrv) names = g_resources_enumerate_children(SQL_FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    unsigned sent = 0;
    PQenterPipelineMode(conn);
    for (size_t i = 0; names[i]; i++) {
        names[i][strlen(names[i]) - strlen(".sql")] = '\0';
        bool outside_log = strcmp(names[i], "put_refusals") == 0;
        if (g_str_has_prefix(names[i], "start_") || (g_str_has_prefix(names[i], "put_") && !outside_log) != write)
            continue;
        sent += prepare(conn, names[i], store_sql(names[i]));
        if (write)
            sent += prepare_few(conn, names[i], store_sql(names[i]));
    }
    return all_prepared(conn, sent) && PQexitPipelineMode(conn) == 1;
}

/* What is asked is a few rows by their keys: processes to share that cost more than all of it, and tables of millions of rows tempt the planner to it.
 * A broker stopped in its tracks lets go of its lock after ten seconds; in the middle of a batch, where no time-out of PostgreSQL runs, unstick sees to it. */
static bool set_up(Link *link, bool write)
{
    return run(link->conn, "SET synchronous_commit = on") && run(link->conn, "SET client_min_messages = warning") &&
           run(link->conn, "SET plan_cache_mode = force_generic_plan") && run(link->conn, "SET max_parallel_workers_per_gather = 0") &&
           run(link->conn, write ? "SET statement_timeout = 0" : "SET statement_timeout = '20s'") &&
           run(link->conn, "SET idle_in_transaction_session_timeout = '10s'") && (!write || run(link->conn, "SET idle_session_timeout = '10s'")) &&
           prepare_all(link->conn, write);
}

static void go_non_blocking(Store *store, Link *link)
{
    PQsetnonblocking(link->conn, 1);
    PQenterPipelineMode(link->conn);
    store_link_watch(store, link, false);
}

/* Asked before its socket is ready, libpq waits for it, for as long as that takes. */
static bool ready(const Link *link)
{
    struct pollfd socket = { .fd = PQsocket(link->conn), .events = link->watched & EPOLLOUT ? POLLOUT : POLLIN };
    return poll(&socket, 1, 0) > 0;
}

static void poll_link(Store *store, Link *link)
{
    if (!ready(link))
        return;
    PostgresPollingStatusType status = PQconnectPoll(link->conn);
    if (status == PGRES_POLLING_FAILED) {
        bury(store, link);
    } else if (status != PGRES_POLLING_OK) {
        store_link_watch(store, link, status == PGRES_POLLING_WRITING);
    } else if (!set_up(link, link == &store->write) || !store_link_same_server(store, link)) {
        bury(store, link);
    } else {
        link->state = LINK_UP;
        link->failures = 0;
        store_link_watch(store, link, false);
        if (link == &store->read)
            go_non_blocking(store, link);
    }
}

/* fsync off would make "accepted" a lie; only tests may run so. */
static bool try_lock(Store *store)
{
    PGresult *result = store_link_ask(store->write.conn, "SELECT pg_try_advisory_lock(7233001)");
    bool asked = PQresultStatus(result) == PGRES_TUPLES_OK, got = asked && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (!asked)
        store_link_lost(store, &store->write);
    return got;
}

/* Whoever holds the lock and has been silent for ten seconds between a batch's first statement and its Sync: the server waits for that without end. */
static void unstick(Store *store)
{
    int64_t now = g_get_monotonic_time();
    if (now < store->unstick_at)
        return;
    store->unstick_at = now + STUCK_EVERY_US;
    if (!run(store->write.conn, store_sql("start_unstick")))
        store_link_lost(store, &store->write);
}

static void stand_by(Store *store)
{
    if (store->write.state == LINK_UP)
        say_state(store, STORE_STANDBY, NULL);
    if (store->write.state == LINK_UP)
        unstick(store);
}

static void become_active(Store *store)
{
    store->try_lock_at = g_get_monotonic_time() + LOCK_EVERY_US;
    if (!try_lock(store)) {
        stand_by(store);
        return;
    }
    StoreStart *start = store_start_load(store);
    if (!start) {
        store_link_lost(store, &store->write);
        return;
    }
    go_non_blocking(store, &store->write);
    say_state(store, STORE_ACTIVE, start);
    store_start_free(start);
}

static void serve_link(Store *store, Link *link)
{
    if (!PQconsumeInput(link->conn)) {
        store_link_lost(store, link);
        return;
    }
    int flushed = PQflush(link->conn);
    if (flushed < 0) {
        store_link_lost(store, link);
        return;
    }
    store_link_watch(store, link, flushed == 1);
    if (link == &store->write)
        store_write_reap(store);
    else
        store_read_reap(store);
}

static void turn_link(Store *store, Link *link)
{
    bool write = link == &store->write;
    if (link->state == LINK_DOWN && g_get_monotonic_time() >= link->retry_at)
        start_link(store, link);
    else if (link->state == LINK_CONNECTING)
        poll_link(store, link);
    else if (link->state == LINK_UP && write && store->state != STORE_ACTIVE) {
        if (store->read.state == LINK_UP && g_get_monotonic_time() >= store->try_lock_at)
            become_active(store);
    } else if (link->state == LINK_UP)
        serve_link(store, link);
    if (link->state != LINK_LOST && store_link_silent(store, link))
        store_link_lost(store, link);
    if (link->state == LINK_LOST)
        bury(store, link);
}

void store_dispatch(Store *store)
{
    struct epoll_event events[4];
    int count = epoll_wait(store->epoll, events, G_N_ELEMENTS(events), 0); /* both are looked at, whichever it is */
    for (int i = 0; i < count; i++)
        if (events[i].events & EPOLLIN)
            ((Link *)events[i].data.ptr)->heard_at = g_get_monotonic_time();
    turn_link(store, &store->read);
    turn_link(store, &store->write);
    if (store->read.state == LINK_UP && g_get_monotonic_time() >= store->clock_checked_at) {
        store->clock_checked_at = g_get_monotonic_time() + CLOCK_EVERY_US;
        store_read_clock(store);
    }
    store_read_flush(store);
    store_link_beat(store);
}

static int64_t link_due(const Store *store, const Link *link)
{
    if (link->state == LINK_DOWN)
        return link->retry_at;
    if (link->state == LINK_LOST)
        return 0;
    if (link == &store->write && link->state == LINK_UP && store->state != STORE_ACTIVE)
        return store->read.state == LINK_UP ? store->try_lock_at : INT64_MAX;
    return INT64_MAX;
}

int store_timeout_ms(const Store *store)
{
    int64_t due = MIN(link_due(store, &store->write), link_due(store, &store->read));
    if (store->read.state == LINK_UP)
        due = MIN(due, store->clock_checked_at);
    if (due == INT64_MAX)
        return -1;
    return (int)CLAMP((due - g_get_monotonic_time() + 999) / 1000, 0, 60000);
}

Store *store_new(const StoreConfig *config, const StoreCallbacks *callbacks)
{
    Store *store = g_new0(Store, 1);
    store->conninfo = g_strdup(config->conninfo);
    store->clock_shift = config->clock_shift;
    store->retention_weeks = config->retention_weeks;
    store->callbacks = *callbacks;
    store->epoll = epoll_create1(EPOLL_CLOEXEC);
    store->write.watched = store->read.watched = -1;
    g_queue_init(&store->jobs);
    return store;
}

void store_free(Store *store)
{
    if (!store)
        return;
    store_write_fail_all(store);
    if (store->write.conn)
        close_link(store, &store->write);
    if (store->read.conn)
        close_link(store, &store->read);
    store_read_fail_all(store);
    close(store->epoll);
    g_free(store->conninfo);
    g_free(store);
}

int store_fd(const Store *store) { return store->epoll; }
StoreState store_state(const Store *store) { return store->state; }
int64_t store_clock_difference(const Store *store)
{
    int64_t jumped = store->clock_offset == 0 ? 0 : g_get_real_time() - g_get_monotonic_time() - store->clock_offset;
    return store->clock_difference + jumped;
}
