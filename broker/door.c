/* Doors: one ROUTER an organisation, on its own port, with its own access-control domain and quota.
 *
 * On a ROUTER the routing id is only a claim, so organisations never share one. ZMQ_FD is edge-triggered: a door is drained until
 * ZMQ_EVENTS says nothing is left, before and after every wait. A door beyond its quota is left unread, and TCP holds its senders
 * back; nothing is lost.
 *
 * Doors send no heartbeats: libzmq 4.3.4 ends the process when one falls due for a peer that left while its input was unread. Whether a peer's
 * host is still there is asked by TCP; stations send heartbeats of their own. */
#include "broker/broker.h"
#include "broker/log.h"

#include <errno.h>
#include <string.h>

#define FRAMES_A_TURN 32
#define CURVE_OVERHEAD 33
#define ZAP_ENFORCE_DOMAIN 93 /* hidden in the header as a draft, honoured by the library: without it an empty domain lets strangers in */

static bool set_int(void *socket, int option, int value) { return zmq_setsockopt(socket, option, &value, sizeof value) == 0; }

static bool set_all(Broker *broker, Door *door)
{
    void *s = door->socket;
    int64_t max = DECODE_MAX_FRAME + CURVE_OVERHEAD;
    const char *domain = door->organisation;
    return zmq_setsockopt(s, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) == 0 && set_int(s, ZAP_ENFORCE_DOMAIN, 1) &&
           set_int(s, ZMQ_CURVE_SERVER, 1) && zmq_setsockopt(s, ZMQ_CURVE_SECRETKEY, broker->keys->curve_secret, 32) == 0 &&
           set_int(s, ZMQ_ROUTER_MANDATORY, 1) && zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &max, sizeof max) == 0 &&
           set_int(s, ZMQ_HANDSHAKE_IVL, 5000) && set_int(s, ZMQ_TCP_KEEPALIVE, 1) && set_int(s, ZMQ_TCP_KEEPALIVE_IDLE, 5) &&
           set_int(s, ZMQ_TCP_KEEPALIVE_INTVL, 5) && set_int(s, ZMQ_TCP_KEEPALIVE_CNT, 2) && set_int(s, ZMQ_LINGER, 0) && set_int(s, ZMQ_IPV6, strchr(broker->config->bind, ':') != NULL) &&
           set_int(s, ZMQ_RCVHWM, 256) && set_int(s, ZMQ_SNDHWM, 1024);
}

static void on_door(void *ctx) { door_drain(ctx); }

static bool open_one(Broker *broker, const TcOrganisation *organisation, char **problem)
{
    Door *door = g_new0(Door, 1);
    size_t len = sizeof door->fd;
    g_autofree char *endpoint = g_strdup_printf(strchr(broker->config->bind, ':') ? "tcp://[%s]:%u" : "tcp://%s:%u", broker->config->bind, organisation->port);
    door->broker = broker;
    door->organisation = g_strdup(organisation->code);
    door->port = organisation->port;
    door->items_per_minute = organisation->items_per_minute;
    door->tokens = organisation->items_per_minute;
    door->filled_at = g_get_monotonic_time();
    door->socket = zmq_socket(broker->zmq, ZMQ_ROUTER);
    g_hash_table_insert(broker->doors, door->organisation, door);
    if (!door->socket || !set_all(broker, door) || zmq_bind(door->socket, endpoint) != 0 ||
        zmq_getsockopt(door->socket, ZMQ_FD, &door->fd, &len) != 0) {
        *problem = g_strdup_printf("the door of %s at %s does not open: %s", organisation->code, endpoint, zmq_strerror(errno));
        return false;
    }
    Watch *watch = g_new0(Watch, 1);
    *watch = (Watch){ on_door, door };
    return broker_watch(broker, door->fd, watch);
}

static void close_one(Door *door)
{
    if (door->socket)
        zmq_close(door->socket);
    g_free(door->organisation);
    g_free(door);
}

bool door_open_all(Broker *broker, char **problem)
{
    for (size_t i = 0; i < broker->directory->organisation_count; i++) {
        const TcOrganisation *organisation = &broker->directory->organisations[i];
        Door *door = g_hash_table_lookup(broker->doors, organisation->code);
        if (door)
            door->items_per_minute = organisation->items_per_minute;
        else if (!open_one(broker, organisation, problem))
            return false;
    }
    return true;
}

void door_close_all(Broker *broker)
{
    GHashTableIter iter;
    gpointer door;
    g_hash_table_iter_init(&iter, broker->doors);
    while (g_hash_table_iter_next(&iter, NULL, &door)) {
        g_hash_table_iter_steal(&iter);
        close_one(door);
    }
}

/* A minute's quota at most is saved up. */
static bool may_read(Door *door)
{
    int64_t now = g_get_monotonic_time();
    door->tokens = MIN(door->tokens + (double)(now - door->filled_at) * door->items_per_minute / 60e6, (double)door->items_per_minute);
    door->filled_at = now;
    return door->tokens >= 1;
}

static void free_message(void *data)
{
    zmq_msg_close(data);
    g_free(data);
}

/* One more part? Then the message is not ours to understand: read it away, bounded by the loop that calls. */
static bool more(zmq_msg_t *message) { return zmq_msg_more(message); }

static void skip_rest(void *socket)
{
    zmq_msg_t part;
    bool again = true;
    while (again) {
        zmq_msg_init(&part);
        again = zmq_msg_recv(&part, socket, ZMQ_DONTWAIT) >= 0 && more(&part);
        zmq_msg_close(&part);
    }
}

/* One message: routing id, one payload part. False when nothing is left. */
static bool read_one(Door *door)
{
    zmq_msg_t route;
    zmq_msg_init(&route);
    if (zmq_msg_recv(&route, door->socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&route);
        return false;
    }
    g_autoptr(GBytes) id = g_bytes_new(zmq_msg_data(&route), zmq_msg_size(&route));
    bool payload = more(&route);
    zmq_msg_close(&route);
    if (!payload)
        return true;
    zmq_msg_t *message = g_new(zmq_msg_t, 1);
    zmq_msg_init(message);
    if (zmq_msg_recv(message, door->socket, ZMQ_DONTWAIT) < 0) {
        free_message(message);
        return true;
    }
    const char *user = zmq_msg_gets(message, "User-Id"); /* only the payload part has it; NULL: not authenticated, drop */
    bool extra = more(message);
    g_autofree char *name = g_strdup(user);
    g_autoptr(GBytes) frame = g_bytes_new_with_free_func(zmq_msg_data(message), zmq_msg_size(message), free_message, message);
    if (extra)
        skip_rest(door->socket);
    if (name)
        session_receive(door, id, name, extra ? NULL : frame);
    return true;
}

static bool readable(Door *door)
{
    int events = 0;
    size_t len = sizeof events;
    return zmq_getsockopt(door->socket, ZMQ_EVENTS, &events, &len) == 0 && (events & ZMQ_POLLIN);
}

void door_drain(Door *door)
{
    int frames = 0;
    door->look = door->held_back = false;
    while (readable(door)) {
        door->held_back = !may_read(door);
        door->look = !door->held_back && frames++ >= FRAMES_A_TURN; /* the loop comes back: no new edge will say so */
        if (door->held_back || door->look || !read_one(door))
            return;
        turn_run(door->broker); /* at once: an idle database starts on this frame while the next is read */
    }
}

static void free_frame(void *data, void *frame)
{
    (void)data;
    g_byte_array_unref(frame);
}

bool door_send(Door *door, GBytes *route, GByteArray *frame)
{
    zmq_msg_t message;
    zmq_msg_init_data(&message, frame->data, frame->len, free_frame, frame);
    gsize len = 0;
    const void *id = g_bytes_get_data(route, &len);
    door->look = true;
    if (zmq_send(door->socket, id, len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 || zmq_msg_send(&message, door->socket, ZMQ_DONTWAIT) < 0) {
        int error = errno;
        zmq_msg_close(&message);
        errno = error;
        return false;
    }
    return true;
}
