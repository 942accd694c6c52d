/* The spool: durable or not at all, one owner at a time, and a full disk says so and leaves nothing half done. */
#include "unit.h"

#include "adapters/sdk/look.h"
#include "sdk_world.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define NOTIFY "{'kind': 'release_notification', 'recipient': 'northmoor-cjip', 'release': {'certainty': 'planned', 'route': 'bail', " \
               "'prison': 'oakdale', 'area_certainty': 'confirmed', 'meet_asked': 'yes'}, 'parts': {'minimum': {'person': {'surname': 'Smith'}}}}"

static World *world;

static char *spool_file(void)
{
    return world_path(world, "oakdale-carat", "spool");
}

static void test_belongs_to_one(void **state)
{
    TcError error = { 0 };
    TcDigest other = { { 1 } };
    (void)state;
    g_autofree char *path = spool_file();
    Spool *spool = spool_open(path, "oakdale-carat", &world->authority, &error);
    assert_non_null(spool);
    assert_null(spool_open(path, "oakdale-carat", &world->authority, &error)); /* somebody has it open */
    assert_string_equal(error.code, "spool");
    assert_non_null(strstr(error.text, "Another program"));
    spool_close(spool);
    assert_null(spool_open(path, "northmoor-cjip", &world->authority, &error));
    assert_non_null(strstr(error.text, "another service"));
    assert_null(spool_open(path, "oakdale-carat", &other, &error));
    assert_non_null(strstr(error.text, "another authority"));
    spool = spool_open(path, "oakdale-carat", &world->authority, &error);
    assert_non_null(spool);
    spool_close(spool);
}

static void test_newer_schema(void **state)
{
    TcError error = { 0 };
    (void)state;
    g_autofree char *path = spool_file();
    Spool *spool = spool_open(path, "oakdale-carat", &world->authority, &error);
    assert_int_equal(sqlite3_exec(spool_handle(spool), "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    spool_close(spool);
    assert_null(spool_open(path, "oakdale-carat", &world->authority, &error));
    assert_non_null(strstr(error.text, "newer version"));
    g_unlink(path);
}

/* A spool of the first version goes on, with what is in it. */
static void test_older_schema(void **state)
{
    sqlite3 *db;
    TcError error = { 0 };
    (void)state;
    g_autofree char *path = spool_file(), *schema = NULL;
    assert_true(g_file_get_contents(TC_SOURCE_DIR "/adapters/sdk/sql/schema/001.sql", &schema, NULL, NULL));
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, schema, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 1; INSERT INTO note VALUES ('a', '1'); INSERT INTO message (id, direction, "
                                      "conversation, kind, header, at) VALUES (x'01', 1, x'01', 1, x'', 1), (x'02', 0, x'01', 1, x'', 1)",
                                  NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    Spool *spool = spool_open(path, "oakdale-carat", &world->authority, &error);
    if (spool == NULL)
        fail_msg("%s", error.text);
    sqlite3_stmt *row = spool_ask(spool, SQL_NOTE_GET, "t", "a");
    assert_true(spool_next(spool, row));
    spool_done(row);
    row = spool_ask(spool, SQL_MESSAGE_NOT_GOOD, "");
    assert_true(spool_next(spool, row));
    assert_false(spool_next(spool, row)); /* ours was good */
    spool_close(spool);
    g_unlink(path);
}

static void test_not_a_spool(void **state)
{
    TcError error = { 0 };
    (void)state;
    g_autofree char *path = spool_file();
    assert_true(g_file_set_contents(path, "this is a letter and no database, however long it may go on and on", -1, NULL));
    assert_null(spool_open(path, "oakdale-carat", &world->authority, &error));
    assert_string_equal(error.code, "spool");
    g_unlink(path);
    assert_null(spool_open("/nowhere/at/all.spool", "oakdale-carat", &world->authority, &error));
}

static void test_rollback(void **state)
{
    (void)state;
    TcClient *client = world_open(world, "oakdale-carat", NULL, NULL);
    spool_begin(client->spool);
    spool_do(client->spool, SQL_NOTE_SET, "tt", "a", "1");
    spool_do(client->spool, SQL_ITEM_ADD, "diuibbbi", &world->authority, (int64_t)1, NULL, (int64_t)0, NULL, (size_t)0, NULL, (size_t)0, NULL,
             (size_t)0, (int64_t)1); /* a body is needed */
    assert_false(spool_commit(client->spool, NULL));
    assert_null(tc_client_note_get(client, "a"));
    assert_true(tc_client_note_set(client, "a", "1", NULL));
    char *value = tc_client_note_get(client, "a");
    assert_string_equal(value, "1");
    free(value);
    assert_true(tc_client_note_set(client, "a", NULL, NULL));
    assert_null(tc_client_note_get(client, "a"));
    assert_false(tc_client_note_set(client, "", "1", NULL));
    tc_client_close(client);
}

/* A secret stands in the file only as sealed, under its own name, for this station's key alone. */
static void test_secret(void **state)
{
    TcError error;
    (void)state;
    TcClient *client = world_open(world, "oakdale-carat", NULL, NULL);
    assert_true(tc_client_secret_set(client, "draft", "what was typed", &error));
    char *value = tc_client_secret_get(client, "draft"), *kept = tc_client_note_get(client, "draft");
    assert_string_equal(value, "what was typed");
    assert_null(strstr(kept, "typed"));
    free(value);
    assert_true(tc_client_note_set(client, "another", kept, &error)); /* put in another's place */
    assert_null(tc_client_secret_get(client, "another"));
    kept[strlen(kept) / 2] = kept[strlen(kept) / 2] == 'A' ? 'B' : 'A';
    assert_true(tc_client_note_set(client, "draft", kept, &error)); /* changed by somebody */
    assert_null(tc_client_secret_get(client, "draft"));
    assert_true(tc_client_note_set(client, "draft", "no base64!", &error));
    assert_null(tc_client_secret_get(client, "draft"));
    assert_true(tc_client_secret_set(client, "draft", "", &error));
    value = tc_client_secret_get(client, "draft");
    assert_string_equal(value, "");
    assert_true(tc_client_secret_set(client, "draft", NULL, &error));
    assert_null(tc_client_secret_get(client, "draft"));
    free(value);
    free(kept);
    tc_client_close(client);
}

/* What was committed is there after a crash: the file as it lies, with its log, opened by somebody else. */
static void test_crash(void **state)
{
    (void)state;
    TcClient *client = world_open(world, "oakdale-carat", NULL, NULL);
    g_autofree char *id = world_send(client, NOTIFY);
    g_autofree char *from = spool_file(), *from_log = g_strconcat(from, "-wal", NULL);
    g_autofree char *to = world_path(world, "stranger", "spool"), *to_log = g_strconcat(to, "-wal", NULL);
    g_autofree char *data = NULL, *log = NULL;
    gsize len, log_len;
    assert_true(g_file_get_contents(from, &data, &len, NULL) && g_file_get_contents(from_log, &log, &log_len, NULL));
    assert_true(g_file_set_contents(to, data, (gssize)len, NULL) && g_file_set_contents(to_log, log, (gssize)log_len, NULL));
    tc_client_close(client);
    Spool *spool = spool_open(to, "oakdale-carat", &world->authority, NULL);
    assert_non_null(spool);
    assert_int_equal(spool_number(spool, 0, SQL_ITEM_COUNTS, ""), 1);
    spool_close(spool);
    g_unlink(to);
}

static void fill_the_disk(Spool *spool)
{
    sqlite3_exec(spool_handle(spool), "PRAGMA max_page_count = 1", NULL, NULL, NULL); /* as small as it is now */
}

static void empty_the_disk(Spool *spool)
{
    sqlite3_exec(spool_handle(spool), "PRAGMA max_page_count = 1000000", NULL, NULL, NULL);
}

static unsigned send_until_full(TcClient *client, TcError *error)
{
    unsigned sent = 0;
    json_t *json = world_json(NOTIFY);
    while (tc_client_send(client, json, NULL, NULL, error))
        assert_true(++sent < 1000);
    json_decref(json);
    return sent;
}

static void test_full_when_sending(void **state)
{
    TcError error = { 0 };
    (void)state;
    TcClient *client = world_open(world, "oakdale-carat", NULL, NULL);
    fill_the_disk(client->spool);
    unsigned sent = send_until_full(client, &error);
    assert_string_equal(error.code, "spool_full");
    json_t *status = tc_client_status(client);
    json_int_t waiting = json_integer_value(look(status, "waiting.messages"));
    assert_int_equal(waiting, json_integer_value(look(status, "waiting.wraps"))); /* no message without its wrap */
    assert_true(waiting >= sent);
    json_decref(status);
    empty_the_disk(client->spool);
    g_autofree char *id = world_send(client, NOTIFY);
    tc_client_close(client);
}

/* ---- Many acts, one commit ---- */

static bool has_note(TcClient *client, const char *name)
{
    char *value = tc_client_note_get(client, name);
    bool there = value != NULL;
    free(value);
    return there;
}

/* What was gathered and not kept has not happened, though it could be read; what was kept has. */
static void test_gathered(void **state)
{
    TcError error = { 0 };
    (void)state;
    TcClient *client = world_open(world, "oakdale-carat", NULL, NULL);
    tc_client_gather(client);
    assert_true(tc_client_note_set(client, "kept", "1", &error));
    spool_begin(client->spool); /* one that is given up takes nothing else with it */
    spool_do(client->spool, SQL_NOTE_SET, "tt", "given-up", "1");
    spool_rollback(client->spool);
    g_autofree char *sent = world_send(client, NOTIFY);
    tc_client_dispatch(client);
    assert_true(tc_client_keep(client, &error));
    tc_client_gather(client);
    assert_true(tc_client_note_set(client, "lost", "1", &error));
    g_autofree char *unsent = world_send(client, NOTIFY);
    assert_true(has_note(client, "lost"));
    tc_client_close(client); /* as a crash would */
    client = world_open(world, "oakdale-carat", NULL, NULL);
    assert_true(has_note(client, "kept"));
    assert_false(has_note(client, "given-up"));
    assert_false(has_note(client, "lost"));
    json_t *message = tc_client_message(client, sent, &error);
    assert_non_null(message);
    json_decref(message);
    assert_null(tc_client_message(client, unsent, &error));
    tc_client_close(client);
}

/* When SQLite gives up the whole of it, keeping says so, and what came later is lost with it. */
static void test_full_when_gathering(void **state)
{
    TcError error = { 0 };
    (void)state;
    TcClient *client = world_open(world, "oakdale-carat", NULL, NULL);
    g_autofree char *long_text = g_strnfill(100000, 'x');
    tc_client_gather(client);
    assert_true(tc_client_note_set(client, "first", "1", &error));
    fill_the_disk(client->spool);
    assert_false(tc_client_note_set(client, "long", long_text, &error));
    assert_string_equal(error.code, "spool_full");
    empty_the_disk(client->spool);
    bool whole = sqlite3_get_autocommit(spool_handle(client->spool)) == 0; /* whether it was given up is for SQLite to choose */
    assert_int_equal(tc_client_keep(client, &error), whole);
    assert_int_equal(has_note(client, "first"), whole);
    tc_client_gather(client);
    assert_true(tc_client_note_set(client, "second", "1", &error));
    sqlite3_exec(spool_handle(client->spool), "ROLLBACK", NULL, NULL, NULL);
    assert_false(tc_client_keep(client, &error));
    assert_false(has_note(client, "second"));
    assert_true(tc_client_note_set(client, "after", "1", &error));
    tc_client_close(client);
}

static void test_full_when_receiving(void **state)
{
    (void)state;
    TcClient *carat = world_open(world, "oakdale-carat", NULL, NULL), *cjip = world_open(world, "northmoor-cjip", NULL, NULL);
    for (int i = 0; i < 60; i++) {
        g_autofree char *id = world_send(carat, NOTIFY);
    }
    g_autoptr(GPtrArray) parcels = world_collect(world, carat);
    guint taken = 0;
    fill_the_disk(cjip->spool);
    while (taken < parcels->len && world_deliver(world, cjip, parcels->pdata[taken], true))
        taken++;
    assert_true(taken < parcels->len);
    assert_int_equal(cjip->held, taken); /* what is not durable is not held */
    empty_the_disk(cjip->spool);
    for (; taken < parcels->len; taken++)
        assert_true(world_deliver(world, cjip, parcels->pdata[taken], true));
    assert_int_equal(cjip->held, parcels->len);
    json_t *inbox = tc_client_inbox(cjip, NULL, NULL);
    assert_int_equal(json_array_size(inbox), parcels->len);
    json_decref(inbox);
    tc_client_close(carat);
    tc_client_close(cjip);
}

/* ---- Events ---- */

typedef struct Heard { unsigned count, refuse; uint64_t last; } Heard;

static bool heard_event(void *ctx, const TcEvent *event)
{
    Heard *heard = ctx;
    heard->count++;
    heard->last = event->number;
    if (heard->refuse == 0)
        return true;
    heard->refuse--;
    return false;
}

static void test_events_in_order(void **state)
{
    Heard heard = { .refuse = 1 };
    TcCallbacks callbacks = { .event = heard_event };
    (void)state;
    TcClient *carat = world_open(world, "oakdale-carat", NULL, NULL), *spoc = world_open(world, "northmoor-spoc", &callbacks, &heard);
    for (int i = 0; i < 3; i++) {
        g_autofree char *id = world_send(carat, NOTIFY);
    }
    assert_int_equal(world_carry(world, carat, spoc), 3);
    tc_client_dispatch(spoc);
    assert_int_equal(heard.count, 1); /* put off: nothing newer comes before it */
    tc_client_dispatch(spoc);
    assert_int_equal(heard.count, 1);
    spoc->event_again_at = 1; /* a second later */
    tc_client_dispatch(spoc);
    assert_int_equal(heard.count, 4);
    assert_int_equal(heard.last, 3);
    tc_client_close(spoc);
    spoc = world_open(world, "northmoor-spoc", &callbacks, &heard);
    tc_client_dispatch(spoc);
    assert_int_equal(heard.count, 4); /* dealt with is dealt with */
    tc_client_close(spoc);
    tc_client_close(carat);
}

static int start(void **state)
{
    (void)state;
    world = world_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_free(world);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_belongs_to_one), cmocka_unit_test(test_newer_schema), cmocka_unit_test(test_older_schema), cmocka_unit_test(test_not_a_spool),
        cmocka_unit_test(test_rollback), cmocka_unit_test(test_secret), cmocka_unit_test(test_crash), cmocka_unit_test(test_full_when_sending),
        cmocka_unit_test(test_full_when_receiving), cmocka_unit_test(test_events_in_order), cmocka_unit_test(test_gathered),
        cmocka_unit_test(test_full_when_gathering),
    };
    return cmocka_run_group_tests_name("spool", tests, start, end);
}
