/* One message from a sender's JSON to a reader's, through both spools: sealed, signed, carried, opened;
 * what a courier might change on the way. */
#include "unit.h"

#include "adapters/sdk/look.h"
#include "adapters/sdk/snapshot.h"
#include "adapters/sdk/wrap.h"
#include "proto/linkage.h"
#include "sdk_messages.h"
#include "sdk_world.h"

static void test_there_and_back(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    assert_int_equal(world_carry(t.world, t.a, t.b), 1);
    json_t *read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "parts.minimum.person.surname"), "Smith");
    assert_string_equal(look_text(json_array_get(look(read, "parts.clinical.doses"), 0), "mg"), "40");
    assert_string_equal(look_text(read, "signature"), "good");
    assert_string_equal(look_text(read, "sender"), "oakdale-carat");
    assert_int_equal(json_object_size(look(read, "closed")), 0);
    assert_string_equal(look_text(read, "state"), "open");
    assert_true(json_is_true(look(read, "waiting")));
    json_decref(read);
    read = world_opened(t.a, id); /* the sender's own copy */
    assert_string_equal(look_text(read, "parts.minimum.person.surname"), "Smith");
    json_decref(read);
    two_end(&t);
}

static void test_same_key_same_message(void **state)
{
    char first[37], second[37];
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    json_t *json = world_json(NOTIFY);
    assert_false(tc_client_sent(t.a, "row:1", first));
    assert_true(tc_client_send(t.a, json, "row:1", first, NULL));
    assert_true(tc_client_sent(t.a, "row:1", second));
    assert_string_equal(first, second);
    assert_true(tc_client_send(t.a, json, "row:1", second, NULL));
    assert_string_equal(first, second);
    assert_true(tc_client_send(t.a, json, "row:2", second, NULL));
    assert_string_not_equal(first, second);
    json_decref(json);
    assert_int_equal(world_carry(t.world, t.a, t.b), 2);
    two_end(&t);
}

static void test_spoc_reads_the_minimum(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-spoc");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    json_t *read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "parts.minimum.person.surname"), "Smith");
    assert_null(look(read, "parts.clinical"));
    assert_string_equal(look_text(read, "closed.clinical.code"), "no_key");
    json_decref(read);
    json_t *asked = world_confirmations(t.b);
    assert_int_equal(json_array_size(asked), 0); /* it has no claim to the rest, and asks for nothing */
    json_decref(asked);
    two_end(&t);
}

static void test_strangers_read_nothing(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "stranger");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    json_t *read = world_opened(t.b, id);
    assert_int_equal(json_object_size(look(read, "parts")), 0);
    json_decref(read);
    two_end(&t);
}

/* ---- What a courier might do ---- */

static void flip(GBytes **bytes, size_t from_end)
{
    gsize len;
    uint8_t *data = g_bytes_unref_to_data(*bytes, &len);
    data[len - 1 - from_end] ^= 1;
    *bytes = g_bytes_new_take(data, len);
}

static void test_changed_on_the_way(void **state)
{
    static const struct { int what; const char *standing; } table[] = { { 0, "bad_signature" }, { 1, "wrong_digest" }, { 2, "bad_signature" } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        Two t = two("oakdale-carat", "northmoor-cjip");
        g_autofree char *id = world_send(t.a, NOTIFY);
        g_autoptr(GPtrArray) parcels = world_collect(t.world, t.a);
        WorldParcel *parcel = parcels->pdata[0];
        if (table[i].what == 0)
            flip(&parcel->header, 0); /* the last byte of a digest or a group */
        else if (table[i].what == 1)
            flip(&parcel->content, 0);
        else
            parcel->provenance->signature.data[5] ^= 1;
        assert_true(world_deliver(t.world, t.b, parcel, true));
        json_t *read = tc_client_message(t.b, id, NULL);
        if (read != NULL) { /* a header changed beyond reading is left out */
            assert_string_equal(look_text(read, "signature"), table[i].standing);
            assert_int_equal(json_object_size(look(read, "parts")), 0);
            assert_string_equal(look_text(read, "closed.minimum.code"), table[i].standing);
        }
        json_decref(read);
        two_end(&t);
    }
}

/* A broker that makes up an answer changes nothing about the conversation; a key that becomes known does. */
static void test_forged_answer(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    g_autofree char *text = g_strdup_printf("{'kind': 'release_answer', 'in_reply_to': '%s', 'release_answer': {'reply': 'cannot', "
                                            "'reason': 'capacity'}}", id);
    g_autofree char *answer = world_send(t.b, text);
    g_autoptr(GPtrArray) parcels = world_collect(t.world, t.b);
    WorldParcel *parcel = parcels->pdata[0];
    parcel->provenance->signature.data[3] ^= 1;
    assert_true(world_deliver(t.world, t.a, parcel, true));
    json_t *inbox = tc_client_inbox(t.a, NULL, NULL);
    assert_true(look_is(json_array_get(inbox, 0), "signature", "bad_signature"));
    assert_true(look_is(json_array_get(inbox, 0), "state", "open"));
    json_decref(inbox);
    two_end(&t);
}

static void test_late_key(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    WorldService *carat = world_service(t.world, "oakdale-carat");
    tc_client_close(t.a);
    tc_keys_free(carat->keys);
    carat->keys = tc_keys_new("oakdale-carat", "desk", NULL);
    world_sign(t.world);
    t.a = world_open(t.world, "oakdale-carat", NULL, NULL);
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b); /* whose directory is the one before */
    json_t *inbox = tc_client_inbox(t.b, NULL, NULL);
    assert_true(look_is(json_array_get(inbox, 0), "state", ""));
    json_decref(inbox);
    g_autoptr(GBytes) directory = world_directory(t.world);
    assert_true(snapshot_take(t.b, directory, NULL));
    inbox = tc_client_inbox(t.b, NULL, NULL);
    assert_true(look_is(json_array_get(inbox, 0), "state", "open"));
    assert_null(look(json_array_get(inbox, 0), "signature"));
    json_decref(inbox);
    json_t *read = world_opened(t.b, id);
    assert_non_null(look(read, "parts.clinical"));
    json_decref(read);
    two_end(&t);
}

/* A wrap signed by somebody else than it says, and one whose key breaks the commitment, are no wraps. */
static void test_forged_wraps(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(t.world, t.a);
    WorldParcel *parcel = parcels->pdata[0];
    parcel->wrap_provenance->signature.data[7] ^= 1;
    assert_true(world_deliver(t.world, t.b, parcel, true));
    json_t *read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "closed.minimum.code"), "no_key");
    json_decref(read);
    json_t *asked = world_confirmations(t.b);
    assert_int_equal(json_array_size(asked), 1);
    assert_true(look_is(json_array_get(asked, 0), "step", "cannot_open"));
    json_decref(asked);
    two_end(&t);
}

static void test_commitment(void **state)
{
    uint8_t wrong[32] = { 1 };
    Sealed sealed = { 0 };
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    json_t *json = world_json(NOTIFY);
    assert_true(seal_message(t.a, json, &sealed, NULL));
    memcpy(sealed.keys[1], wrong, 32); /* wrapped after the header was made with another key */
    g_clear_pointer(&sealed.wrap, g_byte_array_unref);
    assert_true(wrap_first(t.a, &sealed, "northmoor-cjip", NULL, "", NULL));
    spool_begin(t.a->spool);
    seal_store(t.a, &sealed);
    assert_true(spool_commit(t.a->spool, NULL));
    world_carry(t.world, t.a, t.b);
    char id[37];
    tc_uuid_format(sealed.id.b, id);
    json_t *read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "closed.minimum.code"), "no_key");
    assert_non_null(look(read, "parts.clinical"));
    json_decref(read);
    read = world_opened(t.a, id); /* its own copy of that key does not hold either */
    assert_string_equal(look_text(read, "closed.minimum.code"), "damaged");
    json_decref(read);
    seal_clear(&sealed);
    json_decref(json);
    two_end(&t);
}

/* ---- Linkage ---- */

static void test_tokens(void **state)
{
    TcLinkageToken expected;
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    json_t *person = world_json("{" PERSON "}");
    g_autoptr(GByteArray) tokens = seal_tokens(t.a, look(person, "person"));
    assert_int_equal(tokens->len, 2 * 64);
    assert_true(tc_linkage_token(t.world->linkage, TC_LINKAGE_NHS, "943 476 5919", "1997-03-02", &expected));
    assert_memory_equal(tokens->data, &expected, 64);
    assert_true(tc_linkage_token(t.world->linkage, TC_LINKAGE_PRISON, "a1234bc", "1997-03-02", &expected));
    assert_memory_equal(tokens->data + 64, &expected, 64);
    json_object_del((json_t *)look(person, "person"), "date_of_birth");
    assert_null(seal_tokens(t.a, look(person, "person")));
    json_decref(person);
    two_end(&t);
}

/* ---- Versions ---- */

static void test_changes(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *first = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    g_autoptr(GString) text = g_string_new(NOTIFY);
    g_autofree char *start = g_strdup_printf("{'supersedes': '%s', ", first);
    g_string_replace(text, "{", start, 1);
    g_string_replace(text, "2026-12-01", "2026-11-30", 1);
    g_string_replace(text, "'mg': '40'", "'mg': '35'", 1);
    g_autofree char *second = world_send(t.a, text->str);
    world_carry(t.world, t.a, t.b);
    json_t *inbox = tc_client_inbox(t.b, NULL, NULL);
    assert_int_equal(json_array_size(inbox), 1);
    const json_t *row = json_array_get(inbox, 0);
    assert_string_equal(look_text(row, "id"), second);
    assert_string_equal(look_text(row, "conversation"), first);
    assert_int_equal(json_integer_value(look(row, "versions")), 2);
    assert_int_equal(json_array_size(look(row, "changes")), 1);
    assert_string_equal(look_text(json_array_get(look(row, "changes"), 0), "field"), "release.expected_date");
    json_decref(inbox);
    json_t *read = world_opened(t.b, second);
    const json_t *changes = look(read, "changes");
    assert_int_equal(json_array_size(changes), 2);
    assert_string_equal(look_text(json_array_get(changes, 1), "field"), "parts.clinical.doses[0].mg");
    assert_string_equal(look_text(json_array_get(changes, 1), "from"), "40");
    assert_string_equal(look_text(json_array_get(changes, 1), "to"), "35");
    json_decref(read);
    two_end(&t);
}

/* ---- Taking back, opening, filters ---- */

static void test_take_back_unsent(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    assert_true(tc_client_recall(t.a, id, "w-001", NULL));
    assert_true(tc_client_recall(t.a, id, "w-001", NULL));
    assert_int_equal(world_carry(t.world, t.a, t.b), 0);
    json_t *read = world_opened(t.a, id);
    assert_string_equal(look_text(read, "delivery_state"), "taken_back");
    json_decref(read);
    two_end(&t);
}

static void test_take_back_sent(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    assert_true(tc_client_recall(t.a, id, "w-001", NULL));
    assert_true(tc_client_recall(t.a, id, "w-001", NULL));
    assert_int_equal(world_carry(t.world, t.a, t.b), 1);
    json_t *read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "state"), "recalled");
    json_decref(read);
    assert_false(tc_client_recall(t.b, id, "w-001", NULL));
    two_end(&t);
}

static void test_opened_once(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    assert_false(tc_client_opened(t.b, id, "Bea Jones", NULL));
    assert_true(tc_client_opened(t.b, id, "w-017", NULL));
    assert_true(tc_client_opened(t.b, id, "w-018", NULL));
    assert_false(tc_client_opened(t.a, id, "w-001", NULL));
    json_t *said = world_confirmations(t.b);
    assert_int_equal(json_array_size(said), 1);
    assert_true(look_is(json_array_get(said, 0), "step", "opened"));
    assert_true(look_is(json_array_get(said, 0), "worker", "w-017"));
    json_decref(said);
    two_end(&t);
}

static size_t inbox_size(TcClient *client, const char *filter)
{
    TcError error = { 0 };
    json_t *json = world_json(filter), *inbox = tc_client_inbox(client, json, &error);
    if (inbox == NULL)
        fail_msg("%s", error.text);
    size_t size = json_array_size(inbox);
    json_decref(json);
    json_decref(inbox);
    return size;
}

static void test_inbox_filters(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    assert_int_equal(inbox_size(t.b, "{}"), 1);
    assert_int_equal(inbox_size(t.b, "{'waiting': true}"), 1);
    assert_int_equal(inbox_size(t.b, "{'release_date': '2026-12-01'}"), 1);
    assert_int_equal(inbox_size(t.b, "{'release_date': '2026-12-02'}"), 0);
    assert_int_equal(inbox_size(t.b, "{'kind': 'dose_request'}"), 0);
    json_t *bad = world_json("{'kind': 'nothing'}");
    assert_null(tc_client_inbox(t.b, bad, NULL));
    json_decref(bad);
    g_autofree char *answer = g_strdup_printf("{'kind': 'release_answer', 'in_reply_to': '%s', 'release_answer': {'reply': 'cannot', "
                                              "'reason': 'capacity'}}", id);
    g_autofree char *reply = world_send(t.b, answer);
    assert_int_equal(inbox_size(t.b, "{'waiting': true}"), 0); /* on its way is answered */
    assert_int_equal(inbox_size(t.b, "{}"), 1);
    two_end(&t);
}

static void test_gap_and_duplicates(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    WorldService *cjip = world_service(t.world, "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(t.world, t.a);
    cjip->last_delivery = 1;
    assert_false(world_deliver(t.world, t.b, parcels->pdata[0], true)); /* number 2 before 1 */
    assert_int_equal(t.b->held, 0);
    cjip->last_delivery = 0;
    assert_true(world_deliver(t.world, t.b, parcels->pdata[0], true));
    cjip->last_delivery = 0;
    assert_true(world_deliver(t.world, t.b, parcels->pdata[0], true)); /* again: dropped */
    assert_int_equal(t.b->held, 1);
    assert_int_equal(inbox_size(t.b, "{}"), 1);
    two_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_same_key_same_message),
        cmocka_unit_test(test_spoc_reads_the_minimum), cmocka_unit_test(test_strangers_read_nothing),
        cmocka_unit_test(test_changed_on_the_way), cmocka_unit_test(test_forged_answer), cmocka_unit_test(test_late_key), cmocka_unit_test(test_forged_wraps), cmocka_unit_test(test_commitment),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_take_back_unsent), cmocka_unit_test(test_take_back_sent), cmocka_unit_test(test_opened_once),
        cmocka_unit_test(test_inbox_filters), cmocka_unit_test(test_gap_and_duplicates),
    };
    return cmocka_run_group_tests_name("client_message", tests, NULL, NULL);
}
