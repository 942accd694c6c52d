/* One session after another with a broker that may do anything: what the client believes, what it refuses, when it comes back. */
#include "unit.h"

#include "adapters/sdk/connection.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/snapshot.h"
#include "adapters/sdk/submit.h"
#include "proto/errors.h"
#include "sdk_toy.h"

#define NOTIFY "{'kind': 'release_notification', 'recipient': 'northmoor-cjip', 'release': {'certainty': 'planned', 'route': 'bail', " \
               "'prison': 'oakdale', 'area_certainty': 'confirmed', 'meet_asked': 'yes'}, 'parts': {'minimum': {'person': {'surname': 'Smith'}}}}"
enum { ENVELOPE = TC__ITEM_TYPE__CODE__ENVELOPE, WRAP = TC__ITEM_TYPE__CODE__WRAP, CONFIRMATION = TC__ITEM_TYPE__CODE__CONFIRMATION };

typedef struct Scene {
    World *world;
    Toy *toys[3];
    TcClient *client;
    TcState state;
    unsigned states, accepted, refused, loud;
    char *refusal;
    /* What until_ functions wait for. */
    unsigned wanted;
} Scene;

static void scene_state(void *ctx, TcState state, const char *why)
{
    Scene *scene = ctx;
    assert_non_null(why);
    scene->state = state;
    scene->states++;
}

static bool scene_event(void *ctx, const TcEvent *event)
{
    Scene *scene = ctx;
    scene->accepted += event->type == TC_EVENT_ACCEPTED;
    scene->refused += event->type == TC_EVENT_REFUSED;
    if (event->type == TC_EVENT_REFUSED) {
        g_free(scene->refusal);
        scene->refusal = g_strdup(look_text(event->json, "error.code"));
    }
    return true;
}

static void scene_log(void *ctx, int level, const char *line)
{
    ((Scene *)ctx)->loud += level == 3;
    assert_null(strstr(line, "Smith"));
}

static void scene_open(Scene *scene)
{
    TcCallbacks callbacks = { scene_state, scene_event, scene_log };
    scene->client = world_open(scene->world, "oakdale-carat", &callbacks, scene);
}

static Scene *scene_new(int toys)
{
    Scene *scene = g_new0(Scene, 1);
    scene->world = world_new();
    g_autoptr(GString) brokers = g_string_new(NULL);
    for (int i = 0; i < toys; i++) {
        scene->toys[i] = toy_new(scene->world);
        g_string_append_printf(brokers, "127.0.0.1:%d;", scene->toys[i]->port);
    }
    g_free(scene->world->brokers);
    scene->world->brokers = g_string_free(g_steal_pointer(&brokers), FALSE);
    world_sign(scene->world);
    scene_open(scene);
    return scene;
}

static void scene_free(Scene *scene)
{
    tc_client_close(scene->client);
    for (int i = 0; scene->toys[i] != NULL; i++) {
        assert_true(scene->toys[i]->signatures_good);
        toy_free(scene->toys[i]);
    }
    world_free(scene->world);
    g_free(scene->refusal);
    g_free(scene);
}

static void until(Scene *scene, bool (*condition)(void *ctx), unsigned wanted, const char *what)
{
    scene->wanted = wanted;
    toy_until(scene->toys, scene->client, condition, scene, what);
}

static bool is_state(void *ctx) { return ((Scene *)ctx)->state == (TcState)((Scene *)ctx)->wanted; }
static bool has_items(void *ctx) { return ((Scene *)ctx)->toys[0]->items->len >= ((Scene *)ctx)->wanted; }
static bool has_hellos(void *ctx) { return ((Scene *)ctx)->toys[0]->hellos >= ((Scene *)ctx)->wanted; }
static bool has_accepted(void *ctx) { return ((Scene *)ctx)->accepted >= ((Scene *)ctx)->wanted; }
static bool has_refused(void *ctx) { return ((Scene *)ctx)->refused >= ((Scene *)ctx)->wanted; }
static bool is_loud(void *ctx) { return ((Scene *)ctx)->loud >= ((Scene *)ctx)->wanted; }

static json_int_t waiting(Scene *scene, const char *what)
{
    json_t *status = tc_client_status(scene->client);
    json_int_t count = json_integer_value(look(look(status, "waiting"), what));
    json_decref(status);
    return count;
}

/* ---- Receipts ---- */

static void test_accepted(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    g_autofree char *first = world_send(scene->client, NOTIFY), *second = world_send(scene->client, NOTIFY);
    until(scene, has_items, 4, "two messages with their wraps");
    assert_int_equal(scene->state, TC_STATE_CONNECTED);
    assert_int_equal(scene->toys[0]->submits, 1); /* one burst */
    assert_int_equal(toy_item(scene->toys[0], 1)->type, WRAP);
    assert_false(toy_item(scene->toys[0], 0)->retry);
    for (guint i = 0; i < 4; i++)
        toy_accept(scene->toys[0], toy_item(scene->toys[0], i), NULL);
    until(scene, has_accepted, 2, "both to be accepted");
    assert_int_equal(waiting(scene, "wraps") + waiting(scene, "messages"), 0);
    json_t *receipts = tc_client_receipts(scene->client);
    assert_int_equal(json_array_size(look(receipts, "receipts")), 4);
    assert_int_equal(json_array_size(look(receipts, "heads")), 4);
    json_decref(receipts);
    scene_free(scene);
}

static void other_place(Tc__Receipt *receipt, Tc__Head *head) { (void)head; receipt->sequence--; }
static void other_time(Tc__Receipt *receipt, Tc__Head *head) { (void)head; receipt->at++; }
static void other_row(Tc__Receipt *receipt, Tc__Head *head) { (void)head; receipt->index = 1; receipt->count = 2; }
static void no_row(Tc__Receipt *receipt, Tc__Head *head) { (void)head; receipt->has_previous = false; }
static void other_root(Tc__Receipt *receipt, Tc__Head *head) { (void)receipt; head->root.data[0] ^= 1; }
static void other_signature(Tc__Receipt *receipt, Tc__Head *head) { (void)receipt; head->signature.data[0] ^= 1; }

/* A receipt without a true proof is none: the session ends, and the same bytes go again, marked as a retry. */
static void test_wrong_proofs(void **state)
{
    static void (*const spoils[])(Tc__Receipt *, Tc__Head *) = { other_place, other_time, other_row, no_row, other_root, other_signature };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(spoils); i++) {
        Scene *scene = scene_new(1);
        Toy *toy = scene->toys[0];
        g_autofree char *id = world_send(scene->client, NOTIFY);
        until(scene, has_items, 2, "the message");
        TcHead before = toy->head;
        toy_accept(toy, toy_item(toy, 0), spoils[i]);
        until(scene, has_items, 4, "it to be sent again");
        assert_int_equal(scene->accepted, 0);
        assert_int_equal(toy->hellos, 2);
        assert_true(toy_item(toy, 2)->retry);
        assert_true(tc_digest_equal(&toy_item(toy, 2)->digest, &toy_item(toy, 0)->digest));
        (void)before;
        scene_free(scene);
    }
}

/* ---- Refusals ---- */

static void test_refused(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    Toy *toy = scene->toys[0];
    g_autofree char *id = world_send(scene->client, NOTIFY);
    until(scene, has_items, 2, "the message");
    toy_refuse(toy, toy_item(toy, 0), TC_CODE_NOT_ALLOWED, NULL);
    until(scene, has_refused, 1, "the refusal");
    assert_string_equal(scene->refusal, "not_allowed");
    assert_int_equal(waiting(scene, "messages") + waiting(scene, "wraps"), 0); /* the wrap went with it */
    scene_free(scene);
}

static void hurry(Scene *scene)
{
    submit_database(scene->client, false); /* as an Announce would, instead of waiting five seconds */
}

/* Refusals that pass leave everything in the queue, the wrap with its envelope. */
static void test_put_off(void **state)
{
    static const uint32_t codes[] = { TC_CODE_DATABASE_AWAY, TC_CODE_BUSY, TC_CODE_DIRECTORY_EXPIRED, TC_CODE_BAD_SIGNATURE };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        Scene *scene = scene_new(1);
        Toy *toy = scene->toys[0];
        g_autofree char *id = world_send(scene->client, NOTIFY);
        until(scene, has_items, 2, "the message");
        toy_refuse(toy, toy_item(toy, 0), codes[i], NULL);
        toy_refuse(toy, toy_item(toy, 1), TC_CODE_NOT_FOUND, NULL);
        unsigned states = codes[i] == TC_CODE_DATABASE_AWAY ? TC_STATE_DATABASE_AWAY : TC_STATE_CONNECTED;
        until(scene, is_state, states, "the state");
        while (submit_flying(scene->client) > 0)
            until(scene, is_state, states, "the receipts"), tc_client_dispatch(scene->client), g_usleep(1000);
        hurry(scene);
        until(scene, has_items, 4, "both to go again");
        assert_int_equal(scene->refused, 0);
        toy_accept(toy, toy_item(toy, 2), NULL);
        until(scene, has_accepted, 1, "it to be accepted");
        scene_free(scene);
    }
}

/* ---- Heads ---- */

static void greet_again(Scene *scene)
{
    unsigned hellos = scene->toys[0]->hellos;
    connection_drop(scene->client->connection, "the test says so");
    until(scene, has_hellos, hellos + 1, "the next greeting");
}

static void know_a_head(Scene *scene)
{
    Toy *toy = scene->toys[0];
    g_autofree char *id = world_send(scene->client, NOTIFY);
    until(scene, has_items, 2, "the message");
    toy_accept(toy, toy_item(toy, 0), NULL);
    toy_accept(toy, toy_item(toy, 1), NULL);
    until(scene, has_accepted, 1, "it to be accepted");
    while (!scene->client->has_head || scene->client->head.batch < 2)
        until(scene, has_accepted, 1, "the head"), tc_client_dispatch(scene->client), g_usleep(1000);
}

static void back(Toy *toy) { toy->head = toy->older; } /* a true head, of a database restored from a backup */
static void renumbered(Toy *toy) { toy->head.batch--; }
static void forked(Toy *toy) { toy->head.last_hash.b[0] ^= 1; }
static void gone(Toy *toy) { toy->head = (TcHead){ 0 }; }
static void not_following(Toy *toy) { toy->head.batch++; toy->head.last_sequence++; toy->head.previous.b[0] ^= 1; }
static void fewer_rows(Toy *toy) { toy->head.batch += 5; toy->head.last_sequence--; }

static void test_heads(void **state)
{
    static void (*const spoils[])(Toy *) = { back, renumbered, forked, gone, not_following, fewer_rows };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(spoils); i++) {
        Scene *scene = scene_new(1);
        know_a_head(scene);
        unsigned loud = scene->loud;
        spoils[i](scene->toys[0]);
        greet_again(scene);
        until(scene, is_loud, loud + 1, "an alarm");
        assert_int_equal(scene->client->head.batch, 2);
        scene_free(scene);
    }
}

static void test_head_survives(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    know_a_head(scene);
    tc_client_close(scene->client);
    scene_open(scene);
    assert_true(scene->client->has_head);
    assert_int_equal(scene->client->head.batch, 2);
    scene_free(scene);
}

static void test_queue_went_back(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    scene->client->held = 7;
    greet_again(scene);
    assert_int_equal(scene->toys[0]->hello_held, 7);
    until(scene, is_loud, 1, "an alarm");
    scene_free(scene);
}

/* ---- Sessions ---- */

static bool second_has_hello(void *ctx) { return ((Scene *)ctx)->toys[1]->hellos > 0; }

static void test_standby(void **state)
{
    (void)state;
    Scene *scene = scene_new(2);
    gint64 start = g_get_monotonic_time();
    scene->toys[0]->welcome_fault = TC_CODE_STANDBY;
    until(scene, second_has_hello, 0, "the other host");
    assert_true(g_get_monotonic_time() - start < G_TIME_SPAN_SECOND); /* at once */
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    scene_free(scene);
}

static void test_refused_sessions(void **state)
{
    static const struct { uint32_t code; TcState state; } table[] = {
        { TC_CODE_BLOCKED, TC_STATE_REFUSED }, { TC_CODE_WRONG_STATION, TC_STATE_REFUSED }, { TC_CODE_VERSION_UNKNOWN, TC_STATE_REFUSED },
        { TC_CODE_SUPERSEDED_SESSION, TC_STATE_REFUSED },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        Scene *scene = scene_new(1);
        scene->toys[0]->welcome_fault = table[i].code;
        until(scene, is_state, table[i].state, "the state");
        scene_free(scene);
    }
}

/* A broker that says what cannot be read, or in two parts, is left, and comes again. */
static void test_loose_frames(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        Scene *scene = scene_new(1);
        Toy *toy = scene->toys[0];
        until(scene, is_state, TC_STATE_CONNECTED, "the session");
        if (i == 0)
            toy_send_bytes(toy, "\xff\xff\xff", 3, false);
        else if (i == 1)
            toy_send_bytes(toy, "", 0, true);
        else
            toy_welcome(toy), toy_fault(toy, TC_CODE_LEAVING);
        until(scene, has_hellos, 2, "the next greeting");
        scene_free(scene);
    }
}

static void test_other_broker(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    scene->world->broker.b[3] ^= 1;
    until(scene, has_hellos, 2, "another try");
    assert_int_not_equal(scene->state, TC_STATE_CONNECTED);
    scene->world->broker.b[3] ^= 1;
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    scene_free(scene);
}

/* A computer whose clock is a day off is told so before its messages are refused for it. */
static void test_clock_off(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign++) {
        Scene *scene = scene_new(1);
        scene->toys[0]->clock_off = sign * G_TIME_SPAN_DAY;
        until(scene, is_state, TC_STATE_CONNECTED, "the session");
        assert_int_equal(scene->loud, sign == 0 ? 0 : 1);
        scene_free(scene);
    }
}

/* ---- Deliveries ---- */

static void deliver(Toy *toy, uint64_t number)
{
    TcId nobody = { { 1 } };
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Deliver frame_deliver = TC__DELIVER__INIT;
    Tc__Delivery delivery = TC__DELIVERY__INIT, *list = &delivery;
    delivery.number = number;
    delivery.type = TC__DELIVERY_TYPE__CODE__RECALLED;
    delivery.at = g_get_real_time();
    delivery.has_recalled = true;
    delivery.recalled = pack_bytes(nobody.b, 16);
    frame_deliver.deliveries = &list;
    frame_deliver.n_deliveries = 1;
    frame.deliver = &frame_deliver;
    toy_send(toy, &frame);
}

static uint64_t last_held(const Toy *toy)
{
    uint64_t upto = 0;
    for (guint i = 0; i < toy->items->len; i++) {
        const ToyItem *item = toy_item(toy, i);
        if (item->type != CONFIRMATION)
            continue;
        Tc__Confirmation *said = tc__confirmation__unpack(NULL, g_bytes_get_size(item->body), g_bytes_get_data(item->body, NULL));
        assert_int_equal(said->step, TC__STEP__CODE__HELD);
        upto = said->upto;
        tc__confirmation__free_unpacked(said, NULL);
    }
    return upto;
}

static bool held_said(void *ctx) { return last_held(((Scene *)ctx)->toys[0]) == ((Scene *)ctx)->wanted; }

static void test_held(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    Toy *toy = scene->toys[0];
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    for (uint64_t i = 1; i <= 5; i++)
        deliver(toy, i);
    toy->deliveries = 5;
    until(scene, held_said, 5, "HELD up to 5");
    deliver(toy, 5); /* again: dropped */
    deliver(toy, 7); /* a gap: the session ends, and goes on where it stood */
    toy->deliveries = 7;
    until(scene, has_hellos, 2, "the next greeting");
    assert_int_equal(toy->hello_held, 5);
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    deliver(toy, 6);
    deliver(toy, 7);
    until(scene, held_said, 7, "HELD up to 7");
    scene_free(scene);
}

static bool is_held(void *ctx) { return ((Scene *)ctx)->client->held == ((Scene *)ctx)->wanted; }

/* Each taken in by itself, and said together: at most 20 ms late. */
static void test_held_together(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    Toy *toy = scene->toys[0];
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    for (unsigned i = 1; i <= 20; i++) {
        deliver(toy, i);
        until(scene, is_held, i, "the delivery");
    }
    toy->deliveries = 20;
    until(scene, held_said, 20, "HELD up to 20");
    assert_in_range(toy_count(toy, CONFIRMATION), 1, 10);
    scene_free(scene);
}

static bool held_twice(void *ctx) { return toy_count(((Scene *)ctx)->toys[0], CONFIRMATION) >= 2; }

/* A HELD that the database was not there for is said again. */
static void test_held_again(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    Toy *toy = scene->toys[0];
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    deliver(toy, 1);
    until(scene, held_said, 1, "HELD");
    toy_refuse(toy, toy_item(toy, 0), TC_CODE_DATABASE_AWAY, NULL);
    until(scene, is_state, TC_STATE_DATABASE_AWAY, "the state");
    hurry(scene);
    until(scene, held_twice, 0, "HELD again");
    scene_free(scene);
}

/* ---- The directory ---- */

/* Expired: messages wait, confirmations go on. */
static void test_expired_directory(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    Toy *toy = scene->toys[0];
    until(scene, is_state, TC_STATE_CONNECTED, "the session");
    scene->client->directory->expires_at = g_get_real_time() - 1;
    g_autofree char *id = world_send(scene->client, NOTIFY);
    deliver(toy, 1);
    until(scene, held_said, 1, "HELD");
    assert_int_equal(toy_count(toy, ENVELOPE), 0);
    json_t *status = tc_client_status(scene->client);
    assert_true(look_is(status, "waiting.why", "directory_expired"));
    json_decref(status);
    scene_free(scene);
}

static void test_older_directory(void **state)
{
    TcError error;
    (void)state;
    Scene *scene = scene_new(1);
    g_autoptr(GBytes) older = world_directory(scene->world);
    world_sign(scene->world);
    g_autoptr(GBytes) newer = world_directory(scene->world);
    assert_true(snapshot_take(scene->client, newer, &error));
    uint64_t serial = scene->client->directory->serial;
    assert_true(snapshot_take(scene->client, older, &error));
    assert_int_equal(scene->client->directory->serial, serial);
    tc_client_close(scene->client);
    g_autofree char *path = g_build_filename(scene->world->folder, "directory.bin", NULL);
    assert_true(g_file_set_contents(path, g_bytes_get_data(older, NULL), (gssize)g_bytes_get_size(older), NULL));
    scene_open(scene); /* the spool has the newer one, and keeps to it */
    assert_int_equal(scene->client->directory->serial, serial);
    scene_free(scene);
}

static bool directory_asked(void *ctx) { return ((Scene *)ctx)->toys[0]->asked > 0; }

/* What comes may be sealed with a key that only the newer directory knows: it waits until that one is here. */
static void test_directory_first(void **state)
{
    (void)state;
    Scene *scene = scene_new(1);
    Toy *toy = scene->toys[0];
    world_sign(scene->world);
    until(scene, directory_asked, 0, "the question");
    deliver(toy, 1);
    deliver(toy, 2);
    g_autofree char *id = world_send(scene->client, NOTIFY);
    until(scene, has_items, 2, "the message"); /* work goes on meanwhile */
    assert_int_equal(scene->client->held, 0);
    g_autoptr(GBytes) directory = world_directory(scene->world);
    toy_answer_directory(toy, directory);
    until(scene, held_said, 2, "HELD up to 2");
    assert_int_equal(scene->client->directory->serial, scene->world->serial);
    scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted), cmocka_unit_test(test_wrong_proofs), cmocka_unit_test(test_refused), cmocka_unit_test(test_put_off),
        cmocka_unit_test(test_heads), cmocka_unit_test(test_head_survives), cmocka_unit_test(test_queue_went_back),
        cmocka_unit_test(test_standby), cmocka_unit_test(test_refused_sessions), cmocka_unit_test(test_loose_frames),
        cmocka_unit_test(test_other_broker), cmocka_unit_test(test_clock_off), cmocka_unit_test(test_held), cmocka_unit_test(test_held_together), cmocka_unit_test(test_held_again), cmocka_unit_test(test_expired_directory),
        cmocka_unit_test(test_older_directory), cmocka_unit_test(test_directory_first),
    };
    return cmocka_run_group_tests_name("client_session", tests, NULL, NULL);
}
