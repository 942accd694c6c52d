/* Does the access control keep strangers out, and let in whom it should? libzmq's fails open in several ways, so it is tried, not believed:
 * before any door opens, and every few seconds after.
 *
 * A probe is a server like a door, with a domain that no organisation can have, and two that knock: a stranger, and a friend whose key was made
 * for this probe. The friend must come in and the stranger must not. A stranger inside ends the broker at once. A friend outside means that nobody
 * can come in: it is said, and if the next probe finds the same the broker ends, so that a standby or a fresh start serves instead. While others'
 * questions are answered and only the probe's own wait in their line, nothing is concluded. */
#include "broker/broker.h"
#include "broker/log.h"

#include <errno.h>
#include <string.h>

#define START_MS 3000
#define EVERY_US (3 * G_TIME_SPAN_SECOND)
#define LOOKS_MOST 15      /* by the loop's tick of 0.2 s, so that a paused process does not count as a deaf one */
#define STAYS_US 100000    /* and no stays no */
#define SILENT_MOST 2
#define ZAP_ENFORCE_DOMAIN 93
#define KEY_TEXT 41

typedef enum Verdict { GOES_ON, GOOD, LET_IN, SILENT, CANNOT } Verdict;

struct Probe {
    void *inside, *friend, *stranger;
    uint8_t friend_key[32];
    bool friend_asked, stranger_asked, friend_in, stranger_in;
    uint64_t answered_before; /* questions of others */
    int64_t settled_at;       /* monotonic; both were answered, and the friend is in */
    guint looks;
};

static bool set(void *socket, int option, const void *value, size_t len) { return zmq_setsockopt(socket, option, value, len) == 0; }

static void *server(Broker *broker, char endpoint[128])
{
    void *socket = zmq_socket(broker->zmq, ZMQ_ROUTER);
    int one = 1, zero = 0;
    size_t len = 128;
    if (socket && set(socket, ZMQ_ZAP_DOMAIN, SELFCHECK_DOMAIN, strlen(SELFCHECK_DOMAIN)) && set(socket, ZAP_ENFORCE_DOMAIN, &one, sizeof one) &&
        set(socket, ZMQ_CURVE_SERVER, &one, sizeof one) && set(socket, ZMQ_CURVE_SECRETKEY, broker->keys->curve_secret, 32) &&
        set(socket, ZMQ_LINGER, &zero, sizeof zero) && zmq_bind(socket, "tcp://127.0.0.1:*") == 0 &&
        zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &len) == 0)
        return socket;
    if (socket)
        zmq_close(socket);
    return NULL;
}

static void *knock(Broker *broker, const char *endpoint, const char *word, uint8_t key[32])
{
    char public_text[KEY_TEXT], secret_text[KEY_TEXT];
    void *socket = zmq_socket(broker->zmq, ZMQ_DEALER);
    int zero = 0, never = -1;
    if (socket && zmq_curve_keypair(public_text, secret_text) == 0 && zmq_z85_decode(key, public_text) &&
        set(socket, ZMQ_CURVE_SERVERKEY, broker->keys->curve_public, 32) && set(socket, ZMQ_CURVE_PUBLICKEY, public_text, KEY_TEXT) &&
        set(socket, ZMQ_CURVE_SECRETKEY, secret_text, KEY_TEXT) && set(socket, ZMQ_LINGER, &zero, sizeof zero) &&
        set(socket, ZMQ_RECONNECT_IVL, &never, sizeof never) && zmq_connect(socket, endpoint) == 0 &&
        (zmq_send(socket, word, strlen(word), ZMQ_DONTWAIT) == (int)strlen(word) || errno == EAGAIN)) /* turned away before it could speak */
        return socket;
    if (socket)
        zmq_close(socket);
    return NULL;
}

static void end_probe(Broker *broker)
{
    struct Probe *probe = g_steal_pointer(&broker->probe);
    void *sockets[] = { probe->friend, probe->stranger, probe->inside };
    for (size_t i = 0; i < G_N_ELEMENTS(sockets); i++)
        if (sockets[i])
            zmq_close(sockets[i]);
    g_free(probe);
}

static void begin_probe(Broker *broker)
{
    char endpoint[128] = "";
    uint8_t nobody[32];
    struct Probe *probe = broker->probe = g_new0(struct Probe, 1);
    probe->answered_before = broker->zap_answered;
    probe->inside = server(broker, endpoint);
    probe->friend = probe->inside ? knock(broker, endpoint, "friend", probe->friend_key) : NULL;
    probe->stranger = probe->friend ? knock(broker, endpoint, "stranger", nobody) : NULL;
}

bool selfcheck_knows(Broker *broker, const uint8_t key[32])
{
    struct Probe *probe = broker->probe;
    bool known = probe && memcmp(probe->friend_key, key, 32) == 0;
    if (probe)
        *(known ? &probe->friend_asked : &probe->stranger_asked) = true;
    return known;
}

static void take_in(struct Probe *probe)
{
    char word[16];
    int len;
    while ((len = zmq_recv(probe->inside, word, sizeof word, ZMQ_DONTWAIT)) >= 0) { /* routing ids are five bytes and start with 0 */
        probe->friend_in = probe->friend_in || (len == 6 && memcmp(word, "friend", 6) == 0);
        probe->stranger_in = probe->stranger_in || (len == 8 && memcmp(word, "stranger", 8) == 0);
    }
}

static Verdict look(Broker *broker, bool last)
{
    struct Probe *probe = broker->probe;
    int64_t now = g_get_monotonic_time();
    if (!probe->stranger)
        return CANNOT;
    take_in(probe);
    if (probe->stranger_in)
        return LET_IN;
    if (!probe->settled_at && probe->friend_in && probe->stranger_asked)
        probe->settled_at = now;
    if (probe->settled_at && now >= probe->settled_at + STAYS_US)
        return GOOD;
    if (!last || probe->settled_at)
        return GOES_ON;
    bool in_line = broker->zap_answered > probe->answered_before && !(probe->friend_asked && probe->stranger_asked);
    return in_line ? GOOD : SILENT;
}

bool selfcheck_run(Broker *broker, char **problem)
{
    int64_t end = g_get_monotonic_time() + START_MS * 1000;
    Verdict verdict = GOES_ON;
    begin_probe(broker);
    while (verdict == GOES_ON) {
        zmq_pollitem_t items[] = { { broker->probe->inside, 0, ZMQ_POLLIN, 0 }, { broker->zap, 0, ZMQ_POLLIN, 0 } };
        if (broker->probe->stranger)
            zmq_poll(items, G_N_ELEMENTS(items), 20);
        zap_serve(broker);
        verdict = look(broker, g_get_monotonic_time() > end);
    }
    end_probe(broker);
    if (verdict != GOOD)
        *problem = g_strdup(verdict == LET_IN   ? "a stranger's key was let in: the access control does not work; nothing was opened"
                            : verdict == SILENT ? "a good key was not let in: the access control does not answer as it should; nothing was opened"
                                                : "the access control could not be tried; nothing was opened");
    return verdict == GOOD;
}

static void give_up(Broker *broker, const char *event)
{
    log_event(LOG_ERROR_LEVEL, event, "reason", "ends", NULL);
    broker->exit_code = 1;
    broker->stop = true;
}

static void conclude(Broker *broker, Verdict verdict)
{
    broker->probed_at = g_get_monotonic_time();
    if (verdict == GOOD && broker->access_silent)
        log_event(LOG_INFO_LEVEL, "access_control_answers", NULL);
    if (verdict == SILENT && !broker->access_silent)
        log_event(LOG_ERROR_LEVEL, "access_control_silent", "reason", "nobody_can_come_in", NULL);
    if (verdict != CANNOT) /* no descriptors left, say: nothing was learnt */
        broker->access_silent = verdict == SILENT ? broker->access_silent + 1 : 0;
    if (verdict == LET_IN)
        give_up(broker, "access_control_open");
    else if (broker->access_silent >= SILENT_MOST)
        give_up(broker, "access_control_silent");
}

void selfcheck_tick(Broker *broker)
{
    if (!broker->probe) {
        if (g_get_monotonic_time() > broker->probed_at + EVERY_US)
            begin_probe(broker);
        return;
    }
    Verdict verdict = look(broker, ++broker->probe->looks >= LOOKS_MOST);
    if (verdict == GOES_ON)
        return;
    end_probe(broker);
    conclude(broker, verdict);
}

void selfcheck_free(Broker *broker)
{
    if (broker->probe)
        end_probe(broker);
}
