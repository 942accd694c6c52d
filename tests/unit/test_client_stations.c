/* A service's two stations: what one sent, the other shows as its service's own. */
#include "unit.h"

#include "sdk_world.h"

#include "adapters/sdk/events.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/snapshot.h"

#define NOTIFY "{'kind': 'release_notification', 'recipient': 'northmoor-cjip', 'worker': 'w-1', 'release': {'certainty': 'planned', 'route': 'bail', " \
               "'expected_date': '2027-03-01', 'prison': 'oakdale', 'area': 'northmoor', 'area_certainty': 'confirmed', 'meet_asked': 'yes'}, " \
               "'parts': {'minimum': {'person': {'surname': 'Smith', 'forenames': 'John', 'date_of_birth': '1997-02-03'}}}}"
#define WILL "{'kind': 'release_answer', 'in_reply_to': '%s', 'release_answer': {'reply': 'will', 'named_worker': 'w-17'}, " \
             "'parts': {'minimum': {'worker': {'name': 'Bea', 'phone': '01632 960123'}}}}"
#define CARAT "oakdale-carat"
#define CJIP "northmoor-cjip"

typedef struct Heard { guint sent, message; } Heard;

static bool hear(void *ctx, const TcEvent *event)
{
    Heard *heard = ctx;
    heard->sent += event->type == TC_EVENT_SENT;
    heard->message += event->type == TC_EVENT_MESSAGE;
    return true;
}

static const TcCallbacks callbacks = { .event = hear };

typedef struct Team { World *world; TcClient *list, *desk, *cjip; Heard at_list, at_desk; } Team;

static void team_start(Team *team)
{
    *team = (Team){ .world = world_new() };
    team->list = world_open(team->world, CARAT, &callbacks, &team->at_list);
    team->desk = world_open_other(team->world, CARAT, &callbacks, &team->at_desk);
    team->cjip = world_open(team->world, CJIP, NULL, NULL);
}

static void team_end(Team *team)
{
    tc_client_close(team->list);
    tc_client_close(team->desk);
    tc_client_close(team->cjip);
    world_free(team->world);
}

/* As the broker does: the same delivery, under one number, to both stations of the team. */
static void team_gets(Team *team, const WorldParcel *parcel)
{
    assert_true(world_deliver(team->world, team->list, parcel, true));
    world_service(team->world, CARAT)->last_delivery--;
    assert_true(world_deliver(team->world, team->desk, parcel, true));
    (void)events_hand_out(team->list);
    (void)events_hand_out(team->desk);
}

static json_t *conversation(TcClient *client, const char *id)
{
    TcError error = { 0 };
    json_t *json = tc_client_conversation(client, id, &error);
    if (json == NULL)
        fail_msg("%s: %s", error.code, error.text);
    return json;
}

static size_t inbox(TcClient *client, const char *filter)
{
    TcError error = { 0 };
    json_t *asked = world_json(filter), *rows = tc_client_inbox(client, asked, &error);
    size_t count = json_array_size(rows);
    json_decref(asked);
    json_decref(rows);
    return count;
}

static int wraps_kept(TcClient *client)
{
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_prepare_v2(spool_handle(client->spool), "SELECT count(*) FROM wrap", -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    int count = sqlite3_column_int(row, 0);
    sqlite3_finalize(row);
    return count;
}

/* The list tells CJIP; the desk reads it by name, in its place, as sent by the team, and waits for nobody but the other side. */
static void test_seen_by_the_other(void **state)
{
    Team team;
    (void)state;
    team_start(&team);
    g_autofree char *id = world_send(team.list, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(team.world, team.list);
    team_gets(&team, parcels->pdata[0]);
    assert_int_equal(team.at_desk.sent, 1);
    assert_int_equal(team.at_desk.message + team.at_list.sent + team.at_list.message, 0);
    json_t *read = world_opened(team.desk, id);
    assert_string_equal(look_text(read, "parts.minimum.person.surname"), "Smith");
    assert_string_equal(look_text(read, "signature"), "good");
    assert_string_equal(look_text(read, "direction"), "out");
    assert_string_equal(look_text(read, "worker"), "w-1");
    assert_string_equal(look_text(read, "delivery_state"), "accepted");
    assert_string_equal(look_text(read, "state"), "open");
    assert_true(json_is_true(look(read, "another_station")));
    assert_true(json_is_false(look(read, "waiting")));
    assert_null(look(read, "opened"));
    json_decref(read);
    read = world_opened(team.list, id);
    assert_null(look(read, "another_station"));
    json_decref(read);
    assert_int_equal(inbox(team.desk, "{}"), 0);
    assert_int_equal(inbox(team.desk, "{'sent': true}"), 1);
    json_t *rows = conversation(team.desk, id);
    assert_int_equal(json_array_size(rows), 1); /* the message once, and no event of it beside it */
    json_decref(rows);
    json_t *asked = world_confirmations(team.desk);
    assert_int_equal(json_array_size(asked), 0); /* nothing is asked for: the keys came with it */
    json_decref(asked);
    team_end(&team);
}

/* The sender's own comes back to it: nothing is kept twice, and its receipt says what became of it, as before. */
static void test_own_comes_back(void **state)
{
    TcError error = { 0 };
    Team team;
    (void)state;
    team_start(&team);
    g_autofree char *id = world_send(team.list, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(team.world, team.list);
    team_gets(&team, parcels->pdata[0]);
    json_t *status = tc_client_status(team.list);
    assert_int_equal(json_integer_value(look(status, "messages.sent")), 1);
    assert_int_equal(json_integer_value(look(status, "messages.sent_elsewhere")), 0);
    assert_int_equal(json_integer_value(look(status, "held")), 1);
    json_decref(status);
    status = tc_client_status(team.desk);
    assert_int_equal(json_integer_value(look(status, "messages.sent")), 0);
    assert_int_equal(json_integer_value(look(status, "messages.received")), 0);
    assert_int_equal(json_integer_value(look(status, "messages.sent_elsewhere")), 1);
    json_decref(status);
    assert_int_equal(wraps_kept(team.list), 0);
    assert_int_equal(wraps_kept(team.desk), 1);
    assert_false(tc_client_opened(team.desk, id, "w-2", &error)); /* it is nobody's to open here */
    assert_string_equal(error.code, "not_yours");
    team_end(&team);
}

/* Whoever wrote it, the state is the conversation's: the other side's answer, a change by the desk, and a recall by it. */
static void test_states(void **state)
{
    TcError error = { 0 };
    Team team;
    (void)state;
    team_start(&team);
    g_autofree char *id = world_send(team.list, NOTIFY);
    g_autoptr(GPtrArray) first = world_collect(team.world, team.list);
    team_gets(&team, first->pdata[0]);
    assert_true(world_deliver(team.world, team.cjip, first->pdata[0], true));
    g_autofree char *will = g_strdup_printf(WILL, id), *answer = world_send(team.cjip, will);
    g_autoptr(GPtrArray) answers = world_collect(team.world, team.cjip);
    team_gets(&team, answers->pdata[0]);
    json_t *read = world_opened(team.desk, id);
    assert_string_equal(look_text(read, "state"), "named");
    json_decref(read);
    assert_true(tc_client_recall(team.desk, id, "w-2", &error));
    g_autoptr(GPtrArray) recalls = world_collect(team.world, team.desk);
    team_gets(&team, recalls->pdata[0]);
    assert_int_equal(team.at_list.sent, 1);
    read = world_opened(team.list, id);
    assert_string_equal(look_text(read, "state"), "recalled");
    json_decref(read);
    assert_false(tc_client_recall(team.desk, answer, "w-2", &error)); /* theirs */
    assert_string_equal(error.code, "not_yours");
    team_end(&team);
}

/* The broker cannot speak in the team's name: a signature of another's, or none that holds, counts for nothing. */
static void test_forged(void **state)
{
    Team team;
    (void)state;
    team_start(&team);
    g_autofree char *id = world_send(team.list, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(team.world, team.list);
    WorldParcel *parcel = parcels->pdata[0];
    parcel->provenance->signature.data[7] ^= 1;
    team_gets(&team, parcel);
    json_t *read = world_opened(team.desk, id);
    assert_string_equal(look_text(read, "signature"), "bad_signature");
    assert_string_equal(look_text(read, "closed.minimum.code"), "bad_signature");
    assert_string_equal(look_text(read, "state"), "");
    json_decref(read);
    read = world_opened(team.list, id); /* what was sent here does not change by what comes back */
    assert_string_equal(look_text(read, "signature"), "good");
    json_decref(read);
    team_end(&team);
}

/* The desk has lost its keys; the list, which sent it, grants them without a person. */
static void test_lost_key(void **state)
{
    Team team;
    (void)state;
    team_start(&team);
    g_autofree char *id = world_send(team.list, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(team.world, team.list);
    WorldService *carat = world_service(team.world, CARAT);
    assert_true(world_deliver(team.world, team.list, parcels->pdata[0], true));
    tc_client_close(team.desk);
    assert_true(tc_keys_rotate(carat->keys, NULL));
    assert_true(tc_keys_destroy(carat->keys, tc_keys_sealing_public(carat->keys, 0), NULL));
    world_sign(team.world);
    team.desk = world_open_other(team.world, CARAT, NULL, NULL);
    carat->last_delivery--;
    assert_true(world_deliver(team.world, team.desk, parcels->pdata[0], true));
    json_t *asked = world_confirmations(team.desk);
    assert_true(look_is(json_array_get(asked, 0), "step", "cannot_open"));
    json_decref(asked);
    g_autoptr(GBytes) directory = world_directory(team.world);
    assert_true(snapshot_take(team.list, directory, NULL));
    const uint8_t *key = tc_keys_sealing_public(carat->keys, 0);
    assert_true(world_ask(team.world, team.list, id, CARAT, key));
    carat->last_delivery--;
    assert_true(world_ask(team.world, team.desk, id, CARAT, key)); /* every station is asked: the one that asks has nothing to give */
    assert_int_equal(world_carry_wraps(team.world, team.list, team.desk), 1);
    assert_int_equal(world_carry_wraps(team.world, team.desk, team.list), 0);
    json_t *read = world_opened(team.desk, id);
    assert_string_equal(look_text(read, "parts.minimum.person.surname"), "Smith");
    json_decref(read);
    team_end(&team);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seen_by_the_other), cmocka_unit_test(test_own_comes_back), cmocka_unit_test(test_states), cmocka_unit_test(test_forged),
        cmocka_unit_test(test_lost_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
