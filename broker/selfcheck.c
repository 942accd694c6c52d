/* Before any door opens: is a stranger kept out? libzmq's access control fails open in several ways, so it is tried, not believed. */
#include "broker/broker.h"

#include <errno.h>
#include <string.h>

#define TRY_MS 1500

static bool set(void *socket, int option, const void *value, size_t len) { return zmq_setsockopt(socket, option, value, len) == 0; }

static void *server(Broker *broker, char endpoint[128])
{
    void *socket = zmq_socket(broker->zmq, ZMQ_ROUTER);
    int one = 1, zero = 0;
    size_t len = 128;
    if (set(socket, ZMQ_ZAP_DOMAIN, "selfcheck", 9) && set(socket, 93, &one, sizeof one) && set(socket, ZMQ_CURVE_SERVER, &one, sizeof one) &&
        set(socket, ZMQ_CURVE_SECRETKEY, broker->keys->curve_secret, 32) && set(socket, ZMQ_LINGER, &zero, sizeof zero) &&
        zmq_bind(socket, "tcp://127.0.0.1:*") == 0 && zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &len) == 0)
        return socket;
    zmq_close(socket);
    return NULL;
}

static void *stranger(Broker *broker, const char *endpoint)
{
    char public_text[41], secret_text[41];
    void *socket = zmq_socket(broker->zmq, ZMQ_DEALER);
    int zero = 0;
    zmq_curve_keypair(public_text, secret_text);
    if (set(socket, ZMQ_CURVE_SERVERKEY, broker->keys->curve_public, 32) && set(socket, ZMQ_CURVE_PUBLICKEY, public_text, 41) &&
        set(socket, ZMQ_CURVE_SECRETKEY, secret_text, 41) && set(socket, ZMQ_LINGER, &zero, sizeof zero) &&
        zmq_connect(socket, endpoint) == 0 && zmq_send(socket, "knock", 5, 0) == 5)
        return socket;
    zmq_close(socket);
    return NULL;
}

bool selfcheck_run(Broker *broker, char **problem)
{
    char endpoint[128] = "";
    void *inside = server(broker, endpoint), *outside = inside ? stranger(broker, endpoint) : NULL;
    bool admitted = false, tried = outside != NULL, refused = false;
    uint64_t before = g_hash_table_size(broker->refusals);
    int64_t end = g_get_monotonic_time() + TRY_MS * 1000;
    while (tried && !admitted && !refused && g_get_monotonic_time() < end) {
        zmq_pollitem_t items[] = { { inside, 0, ZMQ_POLLIN, 0 }, { broker->zap, 0, ZMQ_POLLIN, 0 } };
        zmq_poll(items, 2, 50);
        admitted = items[0].revents & ZMQ_POLLIN;
        zap_serve(broker);
        refused = g_hash_table_size(broker->refusals) > before; /* the question came here, and was answered no */
    }
    if (refused && !admitted) { /* and no stays no */
        zmq_pollitem_t item = { inside, 0, ZMQ_POLLIN, 0 };
        admitted = zmq_poll(&item, 1, 100) > 0;
    }
    if (outside)
        zmq_close(outside);
    if (inside)
        zmq_close(inside);
    if (!tried || admitted || !refused)
        *problem = g_strdup(admitted ? "a stranger's key was let in: the access control does not work; nothing was opened"
                                     : "the access control was not asked about a stranger's key; nothing was opened");
    return tried && !admitted && refused;
}
