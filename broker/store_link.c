/* A connection's patience. A host that is cut off, or stopped in its tracks, does not refuse: it is silent, and its kernel may go on acknowledging.
 *
 * So an attempt to connect, an answer that is owed and a plain question each have their time. libpq leaves an attempt that is not blocking to hang at a
 * silent host and never tries the next: after its time it begins anew with the host behind that one, and leaves the silent one out for a while, so that
 * a standby that becomes the primary is found within the second. Both connections must lead to one and the
 * same server: after a failover the old primary may still answer, and what it says is no longer so. */
#include "broker/store_inner.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#define CONNECT_US (3 * G_TIME_SPAN_SECOND)
#define LEFT_OUT_US (15 * G_TIME_SPAN_SECOND)
#define SILENT_US (10 * G_TIME_SPAN_SECOND)
#define ASK_US (10 * G_TIME_SPAN_SECOND)
#define BEAT_US (3 * G_TIME_SPAN_SECOND) /* store_connect.c: the server lets go of an active broker that says nothing for 10 s */

/* "a,b,c" from the second on: "b,c,a", or without the last. NULL: nothing to turn. */
static char *turned(const char *list, unsigned first, bool without_last)
{
    g_auto(GStrv) hosts = g_strsplit(list ? list : "", ",", -1);
    guint count = g_strv_length(hosts);
    if (count < 2)
        return NULL;
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < count - without_last; i++)
        g_string_append_printf(out, "%s%s", i ? "," : "", hosts[(first + i) % count]);
    return g_string_free(out, FALSE);
}

static const char *option_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options && options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0)
            return options->val;
    return NULL;
}

PGconn *store_link_connect(const Store *store, Link *link)
{
    PQconninfoOption *options = PQconninfoParse(store->conninfo, NULL);
    bool short_list = g_get_monotonic_time() < link->left_out_until;
    g_autofree char *host = turned(option_of(options, "host"), link->first, short_list), *address = turned(option_of(options, "hostaddr"), link->first, short_list),
                    *port = turned(option_of(options, "port"), link->first, short_list);
    const char *const names[] = { "dbname", "host", "hostaddr", "port", NULL }, *const values[] = { store->conninfo, host, address, port, NULL };
    PQconninfoFree(options);
    link->since = link->heard_at = g_get_monotonic_time();
    return PQconnectStartParams(names, values, 1); /* what is NULL here is as conninfo says */
}

/* Where it hung goes to the end of the line, and is left out of the next attempts. */
static void begin_behind(const Store *store, Link *link)
{
    PQconninfoOption *options = PQconninfoParse(store->conninfo, NULL);
    const char *list = option_of(options, "hostaddr") ? option_of(options, "hostaddr") : option_of(options, "host");
    const char *hung = option_of(options, "hostaddr") ? PQhostaddr(link->conn) : PQhost(link->conn);
    g_auto(GStrv) hosts = g_strsplit(list ? list : "", ",", -1);
    g_auto(GStrv) ports = g_strsplit(option_of(options, "port") ? option_of(options, "port") : "", ",", -1);
    bool many_ports = g_strv_length(ports) == g_strv_length(hosts);
    for (unsigned i = 0; hosts[i]; i++)
        if (hung && strcmp(hosts[i], hung) == 0 && (!many_ports || strcmp(ports[i], PQport(link->conn)) == 0)) {
            link->first = i + 1;
            link->left_out_until = g_get_monotonic_time() + LEFT_OUT_US;
            break;
        }
    link->failures = 0; /* it has waited */
    PQconninfoFree(options);
}

static bool is_owed(const Store *store, const Link *link)
{
    return link == &store->write ? store->in_flight_count || store->beat : store->jobs.length > 0;
}

bool store_link_silent(const Store *store, Link *link)
{
    int64_t now = g_get_monotonic_time();
    if (link->state == LINK_CONNECTING && now - link->since > CONNECT_US) {
        begin_behind(store, link);
        return true;
    }
    if (link->state != LINK_UP || !is_owed(store, link))
        link->heard_at = now;
    return now - link->heard_at > SILENT_US;
}

/* An active broker with nothing to write says so: a bare Sync. Whoever stops saying anything loses the lock. */
void store_link_beat(Store *store)
{
    int64_t now = g_get_monotonic_time();
    if (store->state != STORE_ACTIVE || store->write.state != LINK_UP || store->in_flight_count || store->begun)
        store->beat_at = now;
    if (store->beat || now - store->beat_at < BEAT_US)
        return;
    store->beat = true;
    store->beat_at = now;
    if (!PQpipelineSync(store->write.conn) || PQflush(store->write.conn) < 0)
        store_link_lost(store, &store->write);
}

PGresult *store_link_answer(PGconn *conn)
{
    int64_t until = g_get_monotonic_time() + ASK_US;
    PGresult *last = NULL;
    for (;;) {
        while (PQisBusy(conn)) {
            struct pollfd wait = { .fd = PQsocket(conn), .events = POLLIN };
            int64_t left = (until - g_get_monotonic_time()) / 1000;
            if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR) || !PQconsumeInput(conn)) {
                PQclear(last);
                return NULL;
            }
        }
        PGresult *next = PQgetResult(conn);
        if (!next)
            return last;
        PQclear(last);
        last = next;
    }
}

PGresult *store_link_ask(PGconn *conn, const char *sql) { return PQsendQuery(conn, sql) ? store_link_answer(conn) : NULL; }

/* A server started at the same microsecond as another one is the same. */
bool store_link_same_server(Store *store, Link *link)
{
    const Link *other = link == &store->write ? &store->read : &store->write;
    PGresult *result = store_link_ask(link->conn, "SELECT pg_postmaster_start_time()");
    bool told = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (told)
        g_strlcpy(link->server, PQgetvalue(result, 0, 0), sizeof link->server);
    PQclear(result);
    if (told && other->state == LINK_UP && strcmp(link->server, other->server) != 0)
        store_link_lost(store, &store->read);
    return told;
}
