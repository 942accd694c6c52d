/* Sessions: one station's conversation with the broker over one connection, from Hello to its end.
 *
 * A session is known by door and routing id; the user id that ZAP gave must be its station's on every message, because a routing id is
 * only a claim. The newest Hello of a station wins. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/log.h"
#include "broker/wallclock.h"
#include "proto/errors.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#define SESSION_CREDIT 1024
#define RETRY_AFTER_MS 1000

static char *station_key(const char *service, const char *station) { return g_strdup_printf("%s/%s", service, station); }

typedef struct RouteKey { const Door *door; GBytes *route; } RouteKey;

static guint route_hash(gconstpointer key) { return g_bytes_hash(((const RouteKey *)key)->route) ^ g_direct_hash(((const RouteKey *)key)->door); }

static gboolean route_equal(gconstpointer a, gconstpointer b)
{
    const RouteKey *x = a, *y = b;
    return x->door == y->door && g_bytes_equal(x->route, y->route);
}

static void tables(Broker *broker)
{
    if (broker->by_route)
        return;
    broker->sessions = g_hash_table_new(g_int64_hash, g_int64_equal);
    broker->by_route = g_hash_table_new_full(route_hash, route_equal, g_free, NULL);
    broker->by_station = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

Session *session_find(Broker *broker, uint64_t id) { return broker->sessions ? g_hash_table_lookup(broker->sessions, &id) : NULL; }

void session_end(Session *session)
{
    Broker *broker = session->door->broker;
    g_autofree char *station = station_key(session->service, session->station);
    RouteKey route = { session->door, session->route };
    g_hash_table_remove(broker->sessions, &session->id);
    g_hash_table_remove(broker->by_route, &route);
    if (g_hash_table_lookup(broker->by_station, station) == session)
        g_hash_table_remove(broker->by_station, station);
    g_bytes_unref(session->route);
    g_free(session);
}

bool session_send(Session *session, GByteArray *frame)
{
    if (door_send(session->door, session->route, frame))
        return true;
    if (errno == EHOSTUNREACH)
        session_end(session);
    else
        session->pause_until = g_get_monotonic_time() + 20000;
    return false;
}

static void fault_to(Door *door, GBytes *route, int code, const char *field, bool ends)
{
    FaultOut fault = { .code = code, .field = field && *field ? field : NULL, .session_ends = ends,
                       .retry_after_ms = code == TC_CODE_STANDBY || code == TC_CODE_LEAVING ? RETRY_AFTER_MS : 0 };
    door_send(door, route, encode_fault(&fault));
}

void session_fault(Session *session, int code, const char *field, bool ends)
{
    fault_to(session->door, session->route, code, field, ends);
    refusal_count(session->door->broker, session->service, code);
    if (ends)
        session_end(session);
}

static bool is_blocked(const Broker *broker, const char *user)
{
    g_autofree char *service = g_strndup(user, strcspn(user, "/"));
    return g_hash_table_contains(broker->blocked, user) || g_hash_table_contains(broker->blocked, service);
}

/* The name on the connection, the names in Hello and the door must all be one station's. */
static int hello_wrong(const Door *door, const char *user, const HelloIn *hello)
{
    Broker *broker = door->broker;
    g_autofree char *station = station_key(hello->service, hello->station);
    const TcService *service = tc_directory_service(broker->directory, hello->service);
    if (hello->version_min > ENCODE_VERSION || hello->version_max < ENCODE_VERSION)
        return TC_CODE_VERSION_UNKNOWN;
    if (strcmp(station, user) != 0 || !service || strcmp(service->organisation->code, door->organisation) != 0)
        return TC_CODE_WRONG_STATION;
    if (is_blocked(broker, user))
        return TC_CODE_BLOCKED;
    if (broker->leaving)
        return TC_CODE_LEAVING;
    if (store_state(broker->store) == STORE_STANDBY)
        return TC_CODE_STANDBY;
    /* Welcome says where the log stands. Without the database another broker may have gone on; and what the database holds may not be safe before
     * something of this session with it was committed: nobody is to become a witness of either. */
    return store_state(broker->store) == STORE_ACTIVE && broker->proved ? 0 : TC_CODE_DATABASE_AWAY;
}

static Session *session_new(Door *door, GBytes *route, const HelloIn *hello)
{
    Broker *broker = door->broker;
    Session *session = g_new0(Session, 1);
    session->id = ++broker->next_session;
    session->door = door;
    session->route = g_bytes_ref(route);
    g_strlcpy(session->service, hello->service, sizeof session->service);
    g_strlcpy(session->station, hello->station, sizeof session->station);
    randombytes_buf(session->nonce.b, sizeof session->nonce.b);
    session->credit = CLAMP(hello->credit, 1, 256);
    RouteKey *key = g_new(RouteKey, 1);
    *key = (RouteKey){ door, session->route };
    g_hash_table_insert(broker->sessions, &session->id, session);
    g_hash_table_insert(broker->by_route, key, session);
    g_hash_table_insert(broker->by_station, station_key(session->service, session->station), session);
    return session;
}

static void send_welcome(Session *session)
{
    Broker *broker = session->door->broker;
    WelcomeOut welcome = { .broker = broker->directory->broker, .session = session->nonce, .credit = SESSION_CREDIT,
                           .max_frame = DECODE_MAX_FRAME, .max_items = DECODE_MAX_ITEMS, .now_at = wallclock_now(),
                           .directory_serial = broker->directory->serial,
                           .last_delivery = deliver_queue(broker, session->service)->committed, .head = broker->head };
    session_send(session, encode_welcome(&welcome));
}

static void end_older(Broker *broker, const Door *door, GBytes *route, const HelloIn *hello)
{
    RouteKey key = { door, route };
    Session *same = g_hash_table_lookup(broker->by_route, &key);
    if (same)
        session_end(same);
    g_autofree char *station = station_key(hello->service, hello->station);
    Session *older = g_hash_table_lookup(broker->by_station, station);
    if (older)
        session_fault(older, TC_CODE_SUPERSEDED_SESSION, NULL, true);
}

static void hello(Door *door, GBytes *route, const char *user, const HelloIn *hello)
{
    Broker *broker = door->broker;
    int wrong = hello_wrong(door, user, hello);
    if (wrong) {
        fault_to(door, route, wrong, "hello", true);
        refusal_count(broker, user, wrong);
        return;
    }
    end_older(broker, door, route, hello);
    Session *session = session_new(door, route, hello);
    uint64_t last = deliver_queue(broker, session->service)->committed;
    session->sent = session->held = MIN(hello->held, last);
    uint64_t id = session->id;
    send_welcome(session);
    session = session_find(broker, id);
    if (session)
        deliver_session(session);
}

static void refuse_all(Session *session, const SubmitIn *submit, Refusal refusal)
{
    g_autofree ReceiptOut *out = g_new0(ReceiptOut, submit->count);
    for (size_t i = 0; i < submit->count; i++)
        out[i] = (ReceiptOut){ .digest = submit->items[i].item.digest, .refusal = refusal };
    refusal_count(session->door->broker, session->service, refusal.code);
    session_send(session, encode_receipts(NULL, out, submit->count));
}

/* Items with a fault of shape are refused here; the others go on as events, in order. */
static void take_items(Session *session, FrameIn *frame)
{
    Broker *broker = session->door->broker;
    SubmitIn *submit = &frame->submit;
    g_autofree ReceiptOut *out = g_new0(ReceiptOut, submit->count);
    size_t refused = 0;
    uint64_t id = session->id;
    const TcService *service = tc_directory_service(broker->directory, session->service);
    const TcStation *station = NULL;
    for (size_t i = 0; service && i < service->station_count; i++)
        if (strcmp(service->stations[i].id, session->station) == 0)
            station = &service->stations[i];
    for (size_t i = 0; station && i < submit->count; i++) {
        if (submit->items[i].refusal.code) {
            refusal_count(broker, session->service, submit->items[i].refusal.code);
            out[refused++] = (ReceiptOut){ .digest = submit->items[i].item.digest, .refusal = submit->items[i].refusal };
            continue;
        }
        session->open_items++;
        turn_take(broker, event_new_item(frame, i, broker->directory, service, station, id));
    }
    if (refused)
        session_send(session, encode_receipts(NULL, out, refused));
}

static void submit(Session *session, FrameIn *frame)
{
    Broker *broker = session->door->broker;
    const TcService *service = tc_directory_service(broker->directory, session->service);
    session->door->tokens -= (double)frame->submit.count;
    session->submitted_at = g_get_monotonic_time();
    if (session->open_items + frame->submit.count > SESSION_CREDIT) {
        session_fault(session, TC_CODE_OVER_CREDIT, "submit.items", true);
        return;
    }
    if (!turn_open(broker) || broker->clocks_stopped) {
        refuse_all(session, &frame->submit, (Refusal){ .code = broker->clocks_stopped ? TC_CODE_CLOCK_STOPPED : TC_CODE_DATABASE_AWAY });
        return;
    }
    Refusal refusal = decode_verify(frame, broker->directory, service, &session->nonce, wallclock_now());
    if (refusal.code)
        refuse_all(session, &frame->submit, refusal);
    else
        take_items(session, frame);
}

void session_receive(Door *door, GBytes *route, const char *user, GBytes *bytes)
{
    Broker *broker = door->broker;
    TcProblem problem = { 0 };
    tables(broker);
    RouteKey key = { door, route };
    Session *session = g_hash_table_lookup(broker->by_route, &key);
    g_autofree char *station = session ? station_key(session->service, session->station) : NULL;
    if (session && strcmp(station, user) != 0)
        return; /* somebody else's routing id: not theirs to speak */
    g_autoptr(FrameIn) frame = bytes ? decode_frame(bytes, broker->keys->token_key, &problem) : NULL;
    if (!frame) {
        int code = bytes ? (int)problem.code : TC_CODE_EXTRA_PARTS;
        fault_to(door, route, code, problem.field, true);
        refusal_count(broker, user, code);
        if (session)
            session_end(session);
    } else if (is_blocked(broker, user)) {
        fault_to(door, route, TC_CODE_BLOCKED, NULL, true);
        if (session)
            session_end(session);
    } else if (frame->kind == FRAME_HELLO) {
        hello(door, route, user, &frame->hello);
    } else if (!session) {
        fault_to(door, route, TC_CODE_HELLO_FIRST, NULL, true);
        refusal_count(broker, user, TC_CODE_HELLO_FIRST);
    } else if (frame->kind == FRAME_SUBMIT) {
        submit(session, frame);
    } else {
        query_answer(session, &frame->query);
    }
}

guint session_count_since(Broker *broker, int64_t since)
{
    guint count = 0;
    GHashTableIter iter;
    gpointer session;
    tables(broker);
    g_hash_table_iter_init(&iter, broker->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &session))
        count += ((Session *)session)->submitted_at >= since;
    return count;
}

static GPtrArray *all_sessions(Broker *broker)
{
    GPtrArray *all = g_ptr_array_new();
    GHashTableIter iter;
    gpointer session;
    tables(broker);
    g_hash_table_iter_init(&iter, broker->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &session))
        g_ptr_array_add(all, session);
    return all;
}

void session_announce_all(Broker *broker)
{
    g_autoptr(GPtrArray) all = all_sessions(broker);
    static const SignedHead none;
    AnnounceOut announce = { .directory_serial = broker->directory->serial, .head = broker->proved ? broker->head : none,
                             .database_away = !turn_open(broker),
                             .directory_expires_at = broker->directory->expires_at };
    for (guint i = 0; i < all->len; i++)
        session_send(all->pdata[i], encode_announce(&announce));
    broker->announced_at = g_get_monotonic_time();
}

void session_take_leave(Broker *broker, int code)
{
    g_autoptr(GPtrArray) all = all_sessions(broker);
    for (guint i = 0; i < all->len; i++)
        session_fault(all->pdata[i], code, NULL, true);
}

/* After a block or a new directory: is each session's station still who it was? */
void session_end_blocked(Broker *broker)
{
    g_autoptr(GPtrArray) all = all_sessions(broker);
    for (guint i = 0; i < all->len; i++) {
        Session *session = all->pdata[i];
        g_autofree char *user = station_key(session->service, session->station);
        const TcService *service = tc_directory_service(broker->directory, session->service);
        bool known = false;
        for (size_t j = 0; service && j < service->station_count; j++)
            known = known || strcmp(service->stations[j].id, session->station) == 0;
        if (!known || is_blocked(broker, user))
            session_fault(session, known ? TC_CODE_BLOCKED : TC_CODE_WRONG_STATION, NULL, true);
    }
}

void session_free_all(Broker *broker)
{
    g_autoptr(GPtrArray) all = all_sessions(broker);
    for (guint i = 0; i < all->len; i++)
        session_end(all->pdata[i]);
    g_hash_table_unref(broker->sessions);
    g_hash_table_unref(broker->by_route);
    g_hash_table_unref(broker->by_station);
}
