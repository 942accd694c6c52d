/* Who is given the key to a message, and who is not: keys lost and rotated, what the client agreed to and took back, and who was told what. */
#include "unit.h"

#include "adapters/sdk/look.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/snapshot.h"
#include "adapters/sdk/vault.h"
#include "adapters/sdk/wrap.h"
#include "sdk_messages.h"
#include "sdk_world.h"

/* ---- Lost and rotated keys ---- */

static void test_lost_key(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    tc_client_close(t.b);
    WorldService *cjip = world_service(t.world, "northmoor-cjip");
    tc_keys_free(cjip->keys);
    cjip->keys = tc_keys_new("northmoor-cjip", "desk", NULL);
    world_sign(t.world);
    t.b = world_open(t.world, "northmoor-cjip", NULL, NULL);
    json_t *read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "closed.minimum.code"), "no_key");
    json_decref(read);
    json_t *asked = world_confirmations(t.b);
    assert_int_equal(json_array_size(asked), 1);
    json_decref(asked);
    g_autoptr(GBytes) directory = world_directory(t.world);
    assert_true(snapshot_take(t.a, directory, NULL));
    assert_true(world_ask(t.world, t.a, id, "northmoor-cjip", tc_keys_sealing_public(cjip->keys, 0)));
    assert_int_equal(world_carry_wraps(t.world, t.a, t.b), 1);
    read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "parts.minimum.person.surname"), "Smith");
    assert_non_null(look(read, "parts.clinical"));
    json_decref(read);
    two_end(&t);
}

/* A part key in the spool belongs to its message and part, and cannot be put in another's place. */
static void test_keys_stay_where_they_are(void **state)
{
    uint8_t key[32];
    TcId first, second;
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *one = world_send(t.a, NOTIFY), *other = world_send(t.a, NOTIFY);
    assert_true(tc_uuid_parse(one, first.b) && tc_uuid_parse(other, second.b));
    assert_true(vault_get(t.a, &first, 1, key));
    assert_int_equal(sqlite3_exec(spool_handle(t.a->spool), "UPDATE part_key SET (nonce, sealed) = (SELECT nonce, sealed FROM part_key p WHERE "
                                  "p.message <> part_key.message AND p.part = part_key.part)", NULL, NULL, NULL), SQLITE_OK);
    assert_false(vault_get(t.a, &first, 1, key));
    assert_int_equal(sqlite3_exec(spool_handle(t.a->spool), "UPDATE part_key SET (nonce, sealed) = (SELECT nonce, sealed FROM part_key p WHERE "
                                  "p.message = part_key.message AND p.part = 1) WHERE part = 2", NULL, NULL, NULL), SQLITE_OK);
    assert_true(vault_get(t.a, &second, 1, key));
    assert_false(vault_get(t.a, &second, 2, key));
    two_end(&t);
}

static void test_who_is_granted(void **state)
{
    uint8_t unknown[32] = { 9 };
    (void)state;
    Two t = two("oakdale-carat", "northmoor-spoc");
    g_autofree char *id = world_send(t.a, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(t.world, t.a);
    assert_true(world_deliver(t.world, t.b, parcels->pdata[0], false));
    assert_true(world_ask(t.world, t.a, id, "stranger", tc_keys_sealing_public(world_service(t.world, "stranger")->keys, 0)));
    assert_true(world_ask(t.world, t.a, id, "northmoor-cjip", unknown));
    assert_true(world_ask(t.world, t.a, id, "northmoor-spoc", tc_keys_sealing_public(world_service(t.world, "stranger")->keys, 0)));
    assert_int_equal(world_carry_wraps(t.world, t.a, t.b), 0);
    assert_true(world_ask(t.world, t.a, id, "northmoor-spoc", tc_keys_sealing_public(world_service(t.world, "northmoor-spoc")->keys, 0)));
    assert_int_equal(world_carry_wraps(t.world, t.a, t.b), 1);
    json_t *read = world_opened(t.b, id);
    assert_non_null(look(read, "parts.minimum"));
    assert_null(look(read, "parts.clinical"));
    json_decref(read);
    two_end(&t);
}

/* A broker that makes up an answer of a stranger gets no keys for that stranger. */
static void test_forged_party(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "stranger");
    g_autofree char *id = world_send(t.a, NOTIFY);
    g_autoptr(GPtrArray) sent = world_collect(t.world, t.a);
    assert_true(world_deliver(t.world, t.b, sent->pdata[0], false));
    g_autofree char *text = g_strdup_printf("{'kind': 'release_answer', 'in_reply_to': '%s', 'release_answer': {'reply': 'cannot', "
                                            "'reason': 'capacity'}}", id);
    g_autofree char *answer = world_send(t.b, text);
    g_autoptr(GPtrArray) parcels = world_collect(t.world, t.b);
    WorldParcel *parcel = parcels->pdata[0];
    parcel->provenance->signature.data[3] ^= 1;
    assert_true(world_deliver(t.world, t.a, parcel, true));
    assert_true(world_ask(t.world, t.a, id, "stranger", tc_keys_sealing_public(world_service(t.world, "stranger")->keys, 0)));
    assert_int_equal(world_carry_wraps(t.world, t.a, t.b), 0);
    two_end(&t);
}

static void test_rotation(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    WorldService *cjip = world_service(t.world, "northmoor-cjip");
    g_autofree char *before = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    tc_client_close(t.b);
    assert_true(tc_keys_rotate(cjip->keys, NULL));
    assert_true(tc_keys_destroy(cjip->keys, tc_keys_sealing_public(cjip->keys, 0), NULL));
    world_sign(t.world);
    t.b = world_open(t.world, "northmoor-cjip", NULL, NULL);
    g_autoptr(GBytes) directory = world_directory(t.world);
    assert_true(snapshot_take(t.a, directory, NULL));
    g_autofree char *after = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    const char *ids[] = { before, after };
    for (int i = 0; i < 2; i++) { /* the storage key opens what the destroyed one had opened */
        json_t *read = world_opened(t.b, ids[i]);
        assert_non_null(look(read, "parts.clinical"));
        json_decref(read);
    }
    two_end(&t);
}

/* ---- What the client agreed to ---- */

#define AGREED(scope) "'consent': {'state': " scope "}, "

static char *with_consent(const char *json, const char *consent) { return g_strdup_printf("{%s%s", consent, json + 1); }

static void test_nothing_is_sealed_outside_consent(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-spoc");
    g_autofree char *outside = with_consent(NOTIFY, AGREED("'given', 'services': ['northmoor-scripts']"));
    expect_code(t.a, outside, "no_consent", "recipient");
    g_autofree char *parts = with_consent(NOTIFY, AGREED("'narrowed', 'parts': ['minimum']"));
    expect_code(t.a, parts, "no_consent", "recipient");
    g_autofree char *alone = with_consent(NOTIFY, AGREED("'given', 'services': ['northmoor-cjip']"));
    g_autofree char *id = world_send(t.a, alone);
    world_carry(t.world, t.a, t.b);
    json_t *read = world_opened(t.b, id);
    assert_string_equal(look_text(read, "closed.minimum.code"), "no_key"); /* not even the minimum for the single point of contact */
    json_decref(read);
    two_end(&t);
}

/* The broker's word that the client withdrew it, about a message of this service. */
static void withdrawn(const Two *t, TcClient *client, const char *id)
{
    TcId message;
    Tc__Delivery delivery = TC__DELIVERY__INIT;
    Tc__Evidence evidence = TC__EVIDENCE__INIT;
    Tc__ConsentScope scope = TC__CONSENT_SCOPE__INIT;
    assert_true(tc_uuid_parse(id, message.b));
    ProtobufCBinaryData about = pack_bytes(message.b, 16);
    scope.state = TC__CONSENT_STATE__CODE__WITHDRAWN;
    evidence.step = TC__STEP__CODE__CONSENT_CHANGED;
    evidence.messages = &about;
    evidence.n_messages = 1;
    evidence.by = (char *)"northmoor-cjip";
    evidence.at = delivery.at = client_now(client);
    evidence.consent = &scope;
    delivery.type = TC__DELIVERY_TYPE__CODE__EVIDENCE;
    delivery.evidence = &evidence;
    assert_true(world_feed(t->world, client, &delivery));
}

static void test_withdrawal_is_heeded(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    withdrawn(&t, t.a, id);
    g_autofree char *about = g_strdup_printf("'about': '%s', ", id), *more = with_consent(NOTIFY, about);
    expect_code(t.a, more, "no_consent", "recipient");
    g_autofree char *basis = g_strdup_printf("'about': '%s', 'legal_basis': 'vital_interests', ", id), *urgent = with_consent(NOTIFY, basis);
    expect_code(t.a, urgent, "reason_needed", "sharing_reason");
    g_autofree char *why = g_strdup_printf("%s'sharing_reason': 'overdose_risk', ", basis), *reasoned = with_consent(NOTIFY, why);
    g_autofree char *sent = world_send(t.a, reasoned);
    assert_non_null(sent);
    withdrawn(&t, t.b, id);
    json_t *read = world_opened(t.b, id);
    assert_true(raises(read, "consent"));
    json_decref(read);
    two_end(&t);
}

static void test_no_key_is_granted_outside_consent(void **state)
{
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    g_autoptr(GPtrArray) parcels = world_collect(t.world, t.a);
    assert_true(world_deliver(t.world, t.b, parcels->pdata[0], false));
    withdrawn(&t, t.a, id);
    const uint8_t *key = tc_keys_sealing_public(world_service(t.world, "northmoor-cjip")->keys, 0);
    assert_true(world_ask(t.world, t.a, id, "northmoor-cjip", key));
    assert_int_equal(world_carry_wraps(t.world, t.a, t.b), 0);
    two_end(&t);
}

/* Everything about one client, over conversations, and nothing about another; what may speak of others is marked. */
static void test_disclosures(void **state)
{
    TcError error = { 0 };
    (void)state;
    Two t = two("northmoor-cjip", "northmoor-scripts");
    g_autofree char *release = world_send(t.a, "{'kind': 'referral', 'recipient': 'northmoor-scripts', 'urgency': 'routine', 'legal_basis': 'direct_care', "
                                               "'referral': {'pathway': 'maintenance'}, 'parts': {'minimum': {" PERSON ", 'contacts': [{'kind': 'mobile', 'value': "
                                               "'07700 900001', 'owner': 'family', 'text_allowed': 'no', 'voicemail_allowed': 'no', 'letter_allowed': 'no', 'state': 'live'}]}}}");
    g_autofree char *other = world_send(t.a, "{'kind': 'referral', 'recipient': 'northmoor-scripts', 'urgency': 'routine', 'referral': {'pathway': 'maintenance'}, "
                                             "'parts': {'minimum': {'person': {'surname': 'Smith', 'date_of_birth': '1997-03-02', 'nhs_number': '9990001014'}}}}");
    g_autofree char *dose = world_send(t.a, "{'kind': 'dose_request', 'recipient': 'northmoor-scripts', 'due_at': '2031-01-01T10:00:00Z', 'dose_request': {'asked_of': "
                                            "'prescriber'}, 'parts': {'minimum': {" PERSON "}}}");
    world_carry(t.world, t.a, t.b);
    json_t *rows = tc_client_disclosures(t.b, dose, &error);
    assert_int_equal(json_array_size(rows), 2);
    assert_string_equal(look_text(json_array_get(rows, 0), "id"), release);
    assert_string_equal(look_text(json_array_get(rows, 0), "legal_basis"), "direct_care");
    assert_int_equal(json_array_size(look(json_array_get(rows, 0), "review")), 1);
    assert_int_equal(json_array_size(look(json_array_get(rows, 1), "review")), 0);
    assert_string_equal(look_text(json_array_get(rows, 1), "id"), dose);
    json_decref(rows);
    rows = tc_client_disclosures(t.b, other, &error);
    assert_int_equal(json_array_size(rows), 1);
    json_decref(rows);
    assert_null(tc_client_disclosures(t.b, "nonsense", &error));
    assert_string_equal(error.code, "not_found");
    two_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_key), cmocka_unit_test(test_keys_stay_where_they_are), cmocka_unit_test(test_who_is_granted), cmocka_unit_test(test_forged_party), cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_disclosures),
        cmocka_unit_test(test_nothing_is_sealed_outside_consent), cmocka_unit_test(test_withdrawal_is_heeded), cmocka_unit_test(test_no_key_is_granted_outside_consent),
    };
    return cmocka_run_group_tests_name("client_grants", tests, NULL, NULL);
}
