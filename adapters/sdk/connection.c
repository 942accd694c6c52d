#include "adapters/sdk/connection.h"

#include "adapters/sdk/error.h"
#include "adapters/sdk/pack.h"
#include "proto/unpack.h"

#include <errno.h>
#include <sodium.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <zmq.h>

enum { CONNECTION_FRAMES_AT_ONCE = 64, CONNECTION_MAX_FRAME = 1024 * 1024, CONNECTION_CURVE_OVERHEAD = 33 };
#define CONNECTION_WELCOME_TIME (8 * G_TIME_SPAN_SECOND)
#define CONNECTION_BACKOFF_LEAST (G_TIME_SPAN_SECOND / 5)
#define CONNECTION_BACKOFF_MOST (30 * G_TIME_SPAN_SECOND)
#define CONNECTION_BACKOFF_STANDBY (2 * G_TIME_SPAN_SECOND)
#define CONNECTION_LASTED (5 * G_TIME_SPAN_SECOND) /* a shorter session counts as one more failure */

struct Connection {
    TcClient *client;
    void *zmq, *socket, *monitor;
    int epoll, timer, wake;
    int socket_fd, monitor_fd;
    size_t broker;         /* place in the passport's list */
    unsigned sockets;      /* so far; names the monitors */
    unsigned failures;     /* since the last session that lasted */
    unsigned standbys;     /* since the last other outcome */
    int64_t connect_at;    /* when there is no socket */
    int64_t welcome_by;    /* while there is one and no Welcome */
    int64_t up_since;
    bool up, refused;
};

static bool connection_watch(Connection *connection, int fd)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    return epoll_ctl(connection->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

Connection *connection_new(TcClient *client, TcError *error)
{
    Connection *connection = g_new0(Connection, 1);
    connection->client = client;
    connection->epoll = epoll_create1(EPOLL_CLOEXEC);
    connection->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    connection->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    connection->zmq = zmq_ctx_new();
    if (connection->zmq != NULL && connection->epoll >= 0 && connection_watch(connection, connection->timer)
        && connection_watch(connection, connection->wake))
        return connection;
    error_set(error, "busy", NULL, "The system gives no more descriptors. Raise the limit of open files.");
    connection_free(connection);
    return NULL;
}

/* ---- Waking ---- */

int connection_fd(const Connection *connection) { return connection->epoll; }
bool connection_up(const Connection *connection) { return connection->up; }
const char *connection_broker(const Connection *connection) { return connection->client->passport->brokers[connection->broker]; }

void connection_wake(const Connection *connection)
{
    uint64_t one = 1;
    int number = errno;
    if (write(connection->wake, &one, sizeof one) < 0) {
        /* Full: it is awake already. */
    }
    errno = number;
}

void connection_begin(Connection *connection)
{
    uint64_t count;
    if (read(connection->wake, &count, sizeof count) < 0 || read(connection->timer, &count, sizeof count) < 0) {
        /* Not set, which is as good. */
    }
}

void connection_timer(Connection *connection, int64_t at)
{
    struct itimerspec spec = { 0 };
    int64_t left = MAX(at - client_tick(), 1000);
    if (at != 0) {
        spec.it_value.tv_sec = left / G_USEC_PER_SEC;
        spec.it_value.tv_nsec = left % G_USEC_PER_SEC * 1000;
    }
    timerfd_settime(connection->timer, 0, &spec, NULL);
}

int64_t connection_deadline(const Connection *connection)
{
    if (connection->socket == NULL)
        return connection->connect_at;
    return connection->up ? 0 : connection->welcome_by;
}

/* ---- One socket's life ---- */

static void connection_close_one(Connection *connection, void **socket, int fd)
{
    int linger = 0;
    if (*socket == NULL)
        return;
    epoll_ctl(connection->epoll, EPOLL_CTL_DEL, fd, NULL);
    zmq_setsockopt(*socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(*socket);
    *socket = NULL;
}

static void connection_close(Connection *connection)
{
    if (connection->socket != NULL)
        zmq_socket_monitor(connection->socket, NULL, 0);
    connection_close_one(connection, &connection->monitor, connection->monitor_fd);
    connection_close_one(connection, &connection->socket, connection->socket_fd);
    if (connection->up) {
        connection->up = false;
        client_disconnected(connection->client);
    }
}

void connection_free(Connection *connection)
{
    if (connection == NULL)
        return;
    connection->up = false;
    connection_close(connection);
    if (connection->zmq != NULL)
        zmq_ctx_term(connection->zmq);
    close(connection->epoll);
    close(connection->timer);
    close(connection->wake);
    g_free(connection);
}

/* Doubles with each failure; a random half of it spreads clients that were lost together. */
static int64_t connection_backoff(const Connection *connection)
{
    int64_t most = connection->standbys > 0 ? CONNECTION_BACKOFF_STANDBY : CONNECTION_BACKOFF_MOST;
    int64_t delay = CONNECTION_BACKOFF_LEAST << MIN(connection->failures, 8u);
    delay = connection->refused ? most : MIN(delay, most);
    return delay / 2 + randombytes_uniform((uint32_t)(delay / 2) + 1);
}

static void connection_lost(Connection *connection, const char *why, bool at_once)
{
    TcClient *client = connection->client;
    bool was_up = connection->up;
    if (was_up && client_tick() - connection->up_since > CONNECTION_LASTED)
        connection->failures = 0;
    connection_close(connection);
    connection->connect_at = client_tick() + (at_once ? 0 : connection_backoff(connection));
    connection->broker = (connection->broker + 1) % g_strv_length(client->passport->brokers);
    connection->failures++;
    if (was_up || connection->failures == 1)
        client_log(client, 4, "connection lost: %s", why);
    client_state(client, connection->refused ? TC_STATE_REFUSED : TC_STATE_CONNECTING, why);
}

void connection_drop(Connection *connection, const char *why)
{
    if (connection->socket != NULL)
        connection_lost(connection, why, false);
}

static bool connection_option(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

static bool connection_keys(void *socket, const TcClient *client)
{
    return zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, client->passport->broker_curve.b, 32) == 0
           && zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, tc_keys_curve_public(client->keys), 32) == 0
           && zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, tc_keys_curve_secret(client->keys), 32) == 0;
}

static bool connection_options(void *socket)
{
    int64_t max = CONNECTION_MAX_FRAME + CONNECTION_CURVE_OVERHEAD;
    return connection_option(socket, ZMQ_LINGER, 0) && connection_option(socket, ZMQ_RECONNECT_IVL, -1)
           && connection_option(socket, ZMQ_HEARTBEAT_IVL, 5000) && connection_option(socket, ZMQ_HEARTBEAT_TIMEOUT, 15000)
           && connection_option(socket, ZMQ_HEARTBEAT_TTL, 15000)
           && connection_option(socket, ZMQ_HANDSHAKE_IVL, 5000) && connection_option(socket, ZMQ_IPV6, 1)
           && zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &max, sizeof max) == 0;
}

static int connection_watch_socket(Connection *connection, void *socket)
{
    int fd = -1;
    size_t len = sizeof fd;
    return zmq_getsockopt(socket, ZMQ_FD, &fd, &len) == 0 && connection_watch(connection, fd) ? fd : -1;
}

static bool connection_monitor(Connection *connection)
{
    char endpoint[64];
    int events = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
                 | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
    g_snprintf(endpoint, sizeof endpoint, "inproc://monitor-%u", ++connection->sockets);
    connection->monitor = zmq_socket(connection->zmq, ZMQ_PAIR);
    return connection->monitor != NULL && zmq_socket_monitor(connection->socket, endpoint, events) == 0
           && zmq_connect(connection->monitor, endpoint) == 0
           && (connection->monitor_fd = connection_watch_socket(connection, connection->monitor)) >= 0;
}

static void connection_hello(Connection *connection)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Hello hello = TC__HELLO__INIT;
    const TcClient *client = connection->client;
    hello.version_min = hello.version_max = 1;
    hello.service = client->passport->service;
    hello.station = client->passport->station;
    hello.held = client->held;
    hello.credit = 256;
    hello.directory_serial = client->directory->serial;
    hello.software = client->software[0] == '\0' ? NULL : client->software;
    frame.hello = &hello;
    connection_send(connection, &frame);
}

static void connection_connect(Connection *connection)
{
    g_autofree char *endpoint = g_strconcat("tcp://", connection_broker(connection), NULL);
    connection->welcome_by = client_tick() + CONNECTION_WELCOME_TIME;
    connection->refused = false;
    connection->socket = zmq_socket(connection->zmq, ZMQ_DEALER);
    if (connection->socket == NULL || !connection_options(connection->socket) || !connection_keys(connection->socket, connection->client)
        || !connection_monitor(connection) || (connection->socket_fd = connection_watch_socket(connection, connection->socket)) < 0
        || zmq_connect(connection->socket, endpoint) != 0) {
        connection_lost(connection, zmq_strerror(zmq_errno()), false);
        return;
    }
    connection_hello(connection); /* waits in the socket until the handshake is done */
}

/* ---- What comes ---- */

static bool connection_readable(void *socket)
{
    int events = 0;
    size_t len = sizeof events;
    return socket != NULL && zmq_getsockopt(socket, ZMQ_EVENTS, &events, &len) == 0 && (events & ZMQ_POLLIN) != 0;
}

bool connection_pending(const Connection *connection)
{
    return connection_readable(connection->socket) || connection_readable(connection->monitor);
}

bool connection_send(Connection *connection, const Tc__Frame *frame)
{
    if (connection->socket == NULL)
        return false;
    g_autoptr(GByteArray) bytes = pack(&frame->base);
    return zmq_send(connection->socket, bytes->data, bytes->len, ZMQ_DONTWAIT) >= 0;
}

/* The event's number and value; the address in the second part is not needed. */
static bool connection_monitor_event(Connection *connection, uint16_t *event, uint32_t *value)
{
    uint8_t bytes[6];
    char address[256];
    if (!connection_readable(connection->monitor) || zmq_recv(connection->monitor, bytes, sizeof bytes, ZMQ_DONTWAIT) != 6)
        return false;
    zmq_recv(connection->monitor, address, sizeof address, ZMQ_DONTWAIT);
    memcpy(event, bytes, sizeof *event);
    memcpy(value, bytes + 2, sizeof *value);
    return true;
}

static void connection_monitored(Connection *connection)
{
    uint16_t event;
    uint32_t value;
    while (connection->socket != NULL && connection_monitor_event(connection, &event, &value)) {
        if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
            connection->refused = true;
            connection_lost(connection, "The broker does not know this station's key. Ask the authority to put it into the directory.", false);
        } else if (event != ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
            connection_lost(connection, connection->up ? "The broker is gone." : "The broker does not answer.", false);
        }
    }
}

/* A Fault that ends the session decides where to go next. */
static void connection_fault(Connection *connection, const Tc__Fault *fault)
{
    const TcErrorInfo *info = tc_errors_find(fault->code);
    g_autofree char *why = info == NULL ? g_strdup_printf("The broker says fault %u.", fault->code)
                                        : g_strdup_printf("%s %s", info->sentence, info->advice);
    if (!fault->session_ends) {
        client_log(connection->client, 4, "fault code=%u", fault->code);
        return;
    }
    bool standby = fault->code == TC_CODE_STANDBY || fault->code == TC_CODE_DATABASE_AWAY; /* the other one may have it */
    connection->standbys = standby ? connection->standbys + 1 : 0;
    connection->refused = fault->code == TC_CODE_BLOCKED || fault->code == TC_CODE_WRONG_STATION || fault->code == TC_CODE_VERSION_UNKNOWN
                          || fault->code == TC_CODE_SUPERSEDED_SESSION;
    bool all_tried = connection->standbys % g_strv_length(connection->client->passport->brokers) == 0;
    connection_lost(connection, why, standby && !all_tried);
}

static void connection_frame(Connection *connection, const Tc__Frame *frame)
{
    g_autofree char *why = NULL;
    if (frame->fault != NULL) {
        connection_fault(connection, frame->fault);
        return;
    }
    if (frame->welcome != NULL && !connection->up) {
        connection->up = true;
        connection->up_since = client_tick();
        connection->standbys = 0;
    }
    if (!connection->up)
        connection_lost(connection, "The broker sent something before its greeting.", false);
    else if (!client_frame(connection->client, frame, &why))
        connection_lost(connection, why, false);
}

static void connection_receive(Connection *connection)
{
    zmq_msg_t part;
    TcProblem problem;
    zmq_msg_init(&part);
    if (zmq_msg_recv(&part, connection->socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&part);
        return;
    }
    size_t len = zmq_msg_size(&part);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(len));
    const Tc__Frame *frame = zmq_msg_more(&part) != 0
                                 ? NULL
                                 : (const Tc__Frame *)tc_unpack(arena, &tc__frame__descriptor, zmq_msg_data(&part), len,
                                                                TC_UNKNOWN_REFUSED, &problem);
    if (frame == NULL)
        connection_lost(connection, "The broker sent a frame that cannot be read. Update this side, or tell the operator.", false);
    else
        connection_frame(connection, frame);
    zmq_msg_close(&part);
}

bool connection_dispatch(Connection *connection)
{
    int64_t now = client_tick();
    if (connection->socket == NULL && now >= connection->connect_at)
        connection_connect(connection);
    for (int i = 0; i < CONNECTION_FRAMES_AT_ONCE && connection_readable(connection->socket); i++)
        connection_receive(connection);
    if (!connection_readable(connection->socket))
        connection_monitored(connection); /* after what came before the loss */
    if (connection->socket != NULL && !connection->up && now >= connection->welcome_by)
        connection_lost(connection, "The broker does not answer.", false);
    return connection_pending(connection);
}
