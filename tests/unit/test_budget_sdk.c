/* The SDK's memory runs out at each allocation in turn, of every frame, of every kind of part, of a delivery being taken in and of a message being
 * opened: nothing is half there, nothing is left out, nothing good is called forged; and once there is memory it is as if nothing had been. */
#include "budget.h"

#include "../fuzz/types.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/open.h"
#include "adapters/sdk/seal.h"
#include "proto/unpack.h"
#include "sdk_world.h"

#define ARENAS_MOST 40
#define REFERRAL \
    "{'kind': 'referral', 'recipient': 'northmoor-cjip', 'urgency': 'routine', 'referral': {'pathway': 'crack'}, 'parts': {" \
    "'minimum': {'person': {'surname': 'Smith', 'forenames': 'John'}}, 'clinical': {'assessment': {'crack': 'yes', 'substances': [{'code': 3201}]}}, " \
    "'risk': {'self_harm': 'past', 'note': 'made up'}, 'safeguarding': {'concern': 'made up'}}}"

static unsigned ran_out;

/* ---- Frames and parts from the corpora ---- */

static void frame_at_each_allocation(const uint8_t *data, size_t len)
{
    TcProblem problem, why = { 0 };
    FuzzType chosen = fuzz_type(data[0]);
    bool done = false;
    for (size_t most = 0; !done; most += BUDGET_STEP) {
        g_autoptr(TcArena) arena = tc_arena_new(most);
        g_autoptr(TcArena) enough = tc_arena_new(tc_unpack_budget(len));
        const ProtobufCMessage *message = tc_unpack(arena, chosen.type, data + 1, len - 1, chosen.unknown, &problem);
        const ProtobufCMessage *whole = tc_unpack(enough, chosen.type, data + 1, len - 1, chosen.unknown, &why);
        done = message != NULL || problem.code != TC_CODE_TOO_LARGE;
        ran_out += !done;
        if (done)
            assert_true((message != NULL) == (whole != NULL));
    }
}

static void part_at_each_allocation(const uint8_t *data, size_t len)
{
    TcProblem problem = { 0 };
    int part = data[0] % SEAL_PARTS;
    if (part == 0)
        return; /* content, which frame_at_each_allocation has */
    json_t *whole = open_plain(part, data + 1, len - 1, &problem), *json = NULL;
    assert_non_null(whole);
    for (size_t most = 0; json == NULL; most += BUDGET_STEP) {
        budget_begin(1, most);
        json = open_plain(part, data + 1, len - 1, &problem);
        if (json == NULL)
            assert_int_equal(problem.code, TC_CODE_TOO_LARGE);
        ran_out += json == NULL;
    }
    budget_begin(0, 0);
    assert_true(json_equal(json, whole));
    json_decref(json);
    json_decref(whole);
}

static void test_every_frame(void **state)
{
    (void)state;
    ran_out = 0;
    assert_true(budget_each("unpack", frame_at_each_allocation) >= 28);
    assert_true(ran_out > 500);
}

static void test_every_part(void **state)
{
    (void)state;
    ran_out = 0;
    assert_true(budget_each("open", part_at_each_allocation) >= 6);
    assert_true(ran_out > 100);
}

/* ---- A delivery ---- */

static unsigned inbox_size(TcClient *client)
{
    TcError error;
    json_t *rows = tc_client_inbox(client, NULL, &error);
    unsigned size = (unsigned)json_array_size(rows);
    json_decref(rows);
    return size;
}

static unsigned events_told;

static bool on_event(void *ctx, const TcEvent *event)
{
    (void)ctx;
    events_told += event->type == TC_EVENT_MESSAGE;
    return true;
}

/* What was refused for want of memory has not happened; delivered again it is there, opens, and is told of once. */
static void deliver_with(World *world, TcClient *carat, TcClient *cjip, unsigned which, bool *met)
{
    g_autofree char *id = world_send(carat, REFERRAL);
    g_autoptr(GPtrArray) parcels = world_collect(world, carat);
    unsigned before = inbox_size(cjip);
    uint64_t held = cjip->held;
    TcError error;
    size_t most = 0;
    for (bool taken = false; !taken; most += BUDGET_STEP) {
        budget_begin(which, most);
        taken = world_deliver(world, cjip, parcels->pdata[0], true);
        *met = budget_met();
        budget_begin(0, 0);
        assert_int_equal(cjip->held, taken ? held + 1 : held);
        assert_int_equal(inbox_size(cjip), taken ? before + 1 : before);
        ran_out += !taken;
    }
    json_t *message = tc_client_message(cjip, id, &error);
    assert_string_equal(look_text(message, "signature"), "good");
    assert_string_equal(look_text(message, "parts.minimum.person.surname"), "Smith");
    assert_int_equal(json_object_size(json_object_get(message, "parts")), 4);
    json_decref(message);
}

static void test_a_delivery(void **state)
{
    World *world = world_new();
    TcCallbacks callbacks = { .event = on_event };
    TcClient *carat = world_open(world, "oakdale-carat", NULL, NULL), *cjip = world_open(world, "northmoor-cjip", &callbacks, NULL);
    bool met = true;
    unsigned which = 0;
    (void)state;
    ran_out = events_told = 0;
    while (met && which < ARENAS_MOST)
        deliver_with(world, carat, cjip, ++which, &met);
    assert_in_range(which, 4, ARENAS_MOST - 1);
    assert_true(ran_out > 200);
    for (unsigned i = 0; i < 2 * which && events_told < which; i++)
        tc_client_dispatch(cjip);
    assert_int_equal(events_told, which);
    tc_client_close(carat);
    tc_client_close(cjip);
    world_free(world);
}

/* ---- A message opened ---- */

/* NULL with the reason, or what is there is right, and what is not says that memory was out. */
static bool assert_opened(TcClient *client, const char *id)
{
    TcError error = { 0 };
    const char *name;
    json_t *part, *message = tc_client_message(client, id, &error);
    if (message == NULL) {
        assert_string_equal(error.code, "spool");
        assert_non_null(strstr(error.text, "memory"));
        return false;
    }
    json_t *closed = json_object_get(message, "closed");
    assert_string_equal(look_text(message, "signature"), "good");
    json_object_foreach(closed, name, part)
        assert_string_equal(look_text(part, "code"), "no_memory");
    assert_int_equal(json_object_size(closed) + json_object_size(json_object_get(message, "parts")), 4);
    bool whole = json_object_size(closed) == 0;
    json_decref(message);
    return whole;
}

static void test_an_opening(void **state)
{
    World *world = world_new();
    TcClient *carat = world_open(world, "oakdale-carat", NULL, NULL), *cjip = world_open(world, "northmoor-cjip", NULL, NULL);
    g_autofree char *id = world_send(carat, REFERRAL);
    bool met = true;
    unsigned which = 0;
    (void)state;
    ran_out = 0;
    world_carry(world, carat, cjip);
    while (met && which < ARENAS_MOST) {
        size_t most = 0;
        for (budget_begin(++which, most); !assert_opened(cjip, id); budget_begin(which, most += BUDGET_STEP))
            ran_out++;
        met = budget_met();
        budget_begin(0, 0);
    }
    assert_in_range(which, 6, ARENAS_MOST - 1);
    assert_true(ran_out > 200);
    tc_client_close(carat);
    tc_client_close(cjip);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_frame),
        cmocka_unit_test(test_every_part),
        cmocka_unit_test(test_a_delivery),
        cmocka_unit_test(test_an_opening),
    };
    return cmocka_run_group_tests_name("budget_sdk", tests, NULL, NULL);
}
