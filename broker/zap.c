/* ZAP (ZeroMQ RFC 27): who may come in, answered in the loop. A key must belong to a station of the organisation whose door (domain)
 * it knocks at, and not be blocked. The answer's user id, "service/station", then stands on every message of the connection.
 * libzmq admits everybody when nobody answers here, so this is bound before any door. */
#include "broker/broker.h"
#include "broker/log.h"
#include "proto/errors.h"

#include <errno.h>
#include <string.h>

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
enum { ZAP_VERSION, ZAP_REQUEST, ZAP_DOMAIN, ZAP_ADDRESS, ZAP_IDENTITY, ZAP_MECHANISM, ZAP_KEY, ZAP_PARTS };

typedef struct Request { char version[8], domain[128], mechanism[16]; uint8_t id[256], key[32]; int id_len, key_len, count; } Request;

static void on_zap(void *ctx) { zap_serve(ctx); }

bool zap_open(Broker *broker, char **problem)
{
    size_t len = sizeof broker->zap_fd;
    int linger = 0;
    broker->zap = zmq_socket(broker->zmq, ZMQ_REP);
    if (!broker->zap || zmq_setsockopt(broker->zap, ZMQ_LINGER, &linger, sizeof linger) != 0 || zmq_bind(broker->zap, ZAP_ENDPOINT) != 0 ||
        zmq_getsockopt(broker->zap, ZMQ_FD, &broker->zap_fd, &len) != 0) {
        *problem = g_strdup_printf("the access control does not start: %s", zmq_strerror(errno));
        return false;
    }
    Watch *watch = g_new0(Watch, 1);
    *watch = (Watch){ on_zap, broker };
    return broker_watch(broker, broker->zap_fd, watch);
}

void zap_close(Broker *broker)
{
    if (broker->zap)
        zmq_close(broker->zap);
    broker->zap = NULL;
}

static void copy_text(char *out, size_t size, const void *data, size_t len)
{
    len = MIN(len, size - 1);
    memcpy(out, data, len);
    out[len] = '\0';
}

static void take_part(Request *request, zmq_msg_t *part)
{
    const void *data = zmq_msg_data(part);
    size_t len = zmq_msg_size(part);
    switch (request->count++) {
    case ZAP_VERSION: copy_text(request->version, sizeof request->version, data, len); break;
    case ZAP_REQUEST:
        request->id_len = (int)MIN(len, sizeof request->id);
        memcpy(request->id, data, (size_t)request->id_len);
        break;
    case ZAP_DOMAIN: copy_text(request->domain, sizeof request->domain, data, len); break;
    case ZAP_MECHANISM: copy_text(request->mechanism, sizeof request->mechanism, data, len); break;
    case ZAP_KEY:
        request->key_len = (int)len;
        memcpy(request->key, data, MIN(len, sizeof request->key));
        break;
    default: break;
    }
}

static bool read_request(Broker *broker, Request *request)
{
    bool again = true;
    memset(request, 0, sizeof *request);
    while (again) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, broker->zap, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(&part);
            return false;
        }
        take_part(request, &part);
        again = zmq_msg_more(&part);
        zmq_msg_close(&part);
    }
    return true;
}

/* "service/station" when it may come in. */
static char *admit(Broker *broker, const Request *request)
{
    const TcService *service;
    const TcStation *station;
    TcDigest key;
    if (request->count != ZAP_PARTS || strcmp(request->version, "1.0") != 0 || strcmp(request->mechanism, "CURVE") != 0 || request->key_len != 32)
        return NULL;
    if (strcmp(request->domain, SELFCHECK_DOMAIN) == 0)
        return selfcheck_knows(broker, request->key) ? g_strdup(SELFCHECK_DOMAIN) : NULL;
    memcpy(key.b, request->key, 32);
    if (!tc_directory_by_curve_key(broker->directory, &key, &service, &station) || strcmp(service->organisation->code, request->domain) != 0)
        return NULL;
    g_autofree char *name = g_strdup_printf("%s/%s", service->id, station->id);
    if (g_hash_table_contains(broker->blocked, service->id) || g_hash_table_contains(broker->blocked, name))
        return NULL;
    return g_steal_pointer(&name);
}

static void answer(Broker *broker, const Request *request, const char *user)
{
    const char *status = user ? "200" : "400", *text = user ? "OK" : "no";
    zmq_send(broker->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(broker->zap, request->id, (size_t)request->id_len, ZMQ_SNDMORE);
    zmq_send(broker->zap, status, 3, ZMQ_SNDMORE);
    zmq_send(broker->zap, text, strlen(text), ZMQ_SNDMORE);
    zmq_send(broker->zap, user ? user : "", user ? strlen(user) : 0, ZMQ_SNDMORE);
    zmq_send(broker->zap, "", 0, 0);
}

void zap_serve(Broker *broker)
{
    Request request;
    while (read_request(broker, &request)) {
        g_autofree char *user = admit(broker, &request);
        answer(broker, &request, user);
        if (strcmp(request.domain, SELFCHECK_DOMAIN) == 0)
            continue;
        broker->zap_answered++;
        if (!user) {
            g_autofree char *who = g_strdup_printf("door:%.80s", request.domain);
            refusal_count(broker, who, TC_CODE_BLOCKED);
        }
    }
}
