/* What a sender is refused before anything is sealed: each with its code and field, and without a word of the client in the text. */
#include "unit.h"

#include "adapters/sdk/look.h"
#include "proto/date.h"
#include "sdk_messages.h"
#include "sdk_world.h"

#define ASK "{'kind': 'dose_request', 'recipient': 'oakdale-health', 'due_at': '2031-01-01T10:00:00Z', 'dose_request': {'asked_of': 'prison'}, " \
            "'parts': {'minimum': {" PERSON "}}}"
#define ANSWER_PARTS(person, dose) "'parts': {'minimum': {" person "}, 'clinical': {'doses': [" dose "], 'answerer': {'name': 'A. Nurse', " \
                                   "'role': 'nurse', 'registration': '12A3456E'}}}"
#define DAY G_TIME_SPAN_DAY
#define FORTY "{'product': 'methadone_1mg_ml', 'mg': '40', 'frequency': 'once_daily', 'supervised': 'yes'}"

static void refuse(TcClient *client, const char *good, const char *from, const char *to, const char *code, const char *field)
{
    TcError error = { 0 };
    g_autoptr(GString) text = g_string_new(good);
    if (g_string_replace(text, from, to, 1) == 0)
        fail_msg("%s is not in it", from);
    json_t *json = world_json(text->str);
    if (tc_client_check(client, json, &error))
        fail_msg("taken: %s instead of %s", to, from);
    if (strcmp(error.code, code) != 0 || strcmp(error.field, field) != 0)
        fail_msg("%s -> %s: %s %s (%s) instead of %s %s", from, to, error.code, error.field, error.text, code, field);
    assert_null(strstr(error.text, "Smith"));
    json_decref(json);
}

static void test_refused_notifications(void **state)
{
    static const char *const table[][4] = {
        { "'kind': 'release_notification', ", "", "missing_field", "kind" },
        { "release_notification", "release", "unknown_code", "kind" },
        { "northmoor-cjip", "nobody", "unknown_recipient", "recipient" },
        { "'recipient': 'northmoor-cjip', ", "", "missing_field", "recipient" },
        { "'route': 'bail'", "'route': 'escape'", "unknown_code", "release.route" },
        { "2026-12-01", "2026-02-30", "bad_date", "release.expected_date" },
        { "'certainty': 'planned'", "'certainty': 'withdrawn'", "missing_field", "release.withdrawal_reason" },
        { "'release': {", "'meeting': {'outcome': 'met'}, 'release': {", "wrong_group", "header" },
        { "9434765919", "9434765918", "bad_text", "parts.minimum.person.nhs_number" },
        { "1997-03-02", "1997-13-02", "bad_date", "parts.minimum.person.date_of_birth" },
        { "1997-03-02", "2090-03-02", "bad_date", "parts.minimum.person.date_of_birth" },
        { "'surname': 'Smith', ", "", "missing_field", "parts.minimum.person.surname" },
        { "'surname': 'Smith'", "'surname': 'Smi\\u0000th'", "bad_text", "parts.minimum.person.surname" },
        { "'minimum': {" PERSON "}, ", "", "wrong_parts", "parts" },
        { "'clinical'", "'clincal'", "unknown_field", "parts" },
        { "'mg': '40'", "'mg': 'forty'", "bad_text", "parts.clinical.doses[0].mg" },
        { "'kind'", "'id': '019aa3f2-7c1e-7d20-8a54-1f6e0c9b2d31', 'kind'", "surplus_field", "id" },
        { "'kind'", "'colour': 'red', 'kind'", "unknown_field", "colour" },
    };
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        refuse(t.a, NOTIFY, table[i][0], table[i][1], table[i][2], table[i][3]);
    two_end(&t);
}

static void test_refused_contacts(void **state)
{
    static const char *const good = "{'kind': 'release_notification', 'recipient': 'northmoor-cjip', 'release': {'certainty': 'planned', "
        "'route': 'bail', 'prison': 'oakdale', 'area_certainty': 'confirmed', 'meet_asked': 'yes'}, 'parts': {'minimum': {" PERSON
        ", 'contacts': [{'kind': 'mobile', 'value': '07700 900123', 'owner': 'self', 'text_allowed': 'yes', 'voicemail_allowed': 'no', "
        "'letter_allowed': 'no', 'checked_on': '2026-11-01', 'state': 'live'}]}}}";
    static const char *const table[][3] = {
        { "'kind': 'mobile'", "'kind': 'landline'", "text_allowed" },
        { "'letter_allowed': 'no'", "'letter_allowed': 'yes'", "letter_allowed" },
        { "'state': 'live'", "'state': 'wrong_person'", "state" },
        { "'checked_on': '2026-11-01', ", "", "checked_on" },
        { "2026-11-01", "2090-11-01", "checked_on" },
        { "2026-11-01", "2020-11-01", "checked_on" },
    };
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    json_t *json = world_json(good);
    assert_true(tc_client_check(t.a, json, NULL));
    json_decref(json);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *field = g_strconcat("parts.minimum.contacts[0].", table[i][2], NULL);
        refuse(t.a, good, table[i][0], table[i][1], "bad_text", field);
    }
    two_end(&t);
}

/* ---- Doses ---- */

/* A confirmed answer, to be relied on until so long from now; line: more of its dose, or "". Caller frees. */
static char *confirmed(const char *asked, const char *line, int64_t relied)
{
    g_autofree char *until = tc_date_format_time(g_get_real_time() + relied);
    g_autoptr(GString) text = g_string_new("{'kind': 'dose_answer', 'in_reply_to': 'ASKED', 'dose_answer': {'reply': 'confirmed', 'valid_until_at': 'UNTIL'}, " ANSWER_PARTS(PERSON, FORTY) "}");
    g_string_replace(text, "ASKED", asked, 1);
    g_string_replace(text, "UNTIL", until, 1);
    g_string_replace(text, "'supervised': 'yes'", line[0] == '\0' ? "'supervised': 'yes'" : line, 1);
    return g_strdup(text->str);
}

/* One product is never another: refused at the sender unless it says so, and told to the reader all the same. */
static void test_another_product_than_asked(void **state)
{
    (void)state;
    Two t = two("northmoor-scripts", "oakdale-health");
    g_autofree char *asked = world_send(t.a, "{'kind': 'dose_request', 'recipient': 'oakdale-health', 'due_at': '2031-01-01T10:00:00Z', 'dose_request': "
                                             "{'asked_of': 'prison'}, 'parts': {'minimum': {" PERSON "}, 'clinical': {'asked_product': 'methadone_10mg_ml'}}}");
    world_carry(t.world, t.a, t.b);
    g_autofree char *answer = confirmed(asked, "", DAY);
    expect_code(t.b, answer, "unsafe_dose", "parts.clinical.doses");
    g_autoptr(GString) said = g_string_new(answer);
    g_string_replace(said, "'answerer'", "'other_product': true, 'answerer'", 1);
    g_autofree char *id = world_send(t.b, said->str);
    world_carry(t.world, t.b, t.a);
    json_t *read = world_opened(t.a, id);
    assert_true(raises(read, "another_product"));
    json_decref(read);
    g_string_replace(said, "'other_product': true", "'other_product': true, 'note': 'equivalent to 4 ampoules'", 1);
    expect_code(t.b, said->str, "unsafe_dose", "parts.clinical.note");
    two_end(&t);
}

static void test_refused_answers(void **state)
{
    static const char *const table[][4] = {
        { "'product': 'methadone_1mg_ml', ", "", "unsafe_dose", "parts.clinical.doses[0].product" },
        { "methadone_1mg_ml", "unknown", "unsafe_dose", "parts.clinical.doses[0].product" },
        { "'mg': '40', ", "", "unsafe_dose", "parts.clinical.doses[0].mg" },
        { "'mg': '40'", "'mg': '0'", "bad_text", "parts.clinical.doses[0].mg" },
        { "'mg': '40'", "'ml': '40'", "unsafe_dose", "parts.clinical.doses[0].mg" },
        { "once_daily", "not_asked", "unsafe_dose", "parts.clinical.doses[0].frequency" },
        { "methadone_1mg_ml", "other", "unsafe_dose", "parts.clinical.doses[0].product_name" },
        { "'mg': '40'", "'product_name': 'methadone 40mls', 'mg': '40'", "unsafe_dose", "parts.clinical.doses[0].product_name" },
        { "[" FORTY "]", "[]", "unsafe_dose", "parts.clinical.doses" },
        { "'registration': '12A3456E'", "'phone': '1'", "missing_field", "parts.clinical.answerer.registration" },
        { ", 'answerer': {'name': 'A. Nurse', 'role': 'nurse', 'registration': '12A3456E'}", "", "unsafe_dose", "parts.clinical.answerer" },
        { "'answerer'", "'note': 'give 40 ml', 'answerer'", "unsafe_dose", "parts.clinical.note" },
    };
    (void)state;
    Two t = two("northmoor-scripts", "oakdale-health");
    g_autofree char *asked = world_send(t.a, ASK);
    world_carry(t.world, t.a, t.b);
    g_autofree char *good = confirmed(asked, "", DAY);
    json_t *json = world_json(good);
    TcError error;
    if (!tc_client_check(t.b, json, &error))
        fail_msg("%s %s %s", error.code, error.field, error.text);
    json_decref(json);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        refuse(t.b, good, table[i][0], table[i][1], table[i][2], table[i][3]);
    json = world_json(good);
    json_object_del(json_object_get(json, "dose_answer"), "valid_until_at");
    assert_false(tc_client_check(t.b, json, &error));
    assert_string_equal(error.code, "missing_field");
    assert_string_equal(error.field, "dose_answer.valid_until_at");
    json_decref(json);
    two_end(&t);
}

/* What a confirmed answer cannot say: { frequency, last taken so many days ago (99: not said), missed (-1: not said), days that it may be relied on, phase, what is wrong }. */
static void test_impossible_answers(void **state)
{
    static const struct { const char *frequency; double last; int missed; double relied; const char *phase, *field; } table[] = {
        { "once_daily", 0.5, 0, 2.9, "stable", NULL },
        { "once_daily", -0.1, 0, 1, "stable", "parts.clinical.doses[0].last_taken_at" },
        { "once_daily", 0.5, 0, 3.1, "stable", "dose_answer.valid_until_at" },
        { "once_daily", 0.5, 0, -0.1, "stable", "dose_answer.valid_until_at" },
        { "alternate_days", 0.5, 0, 3.1, "stable", "dose_answer.valid_until_at" },
        { "weekly", 5, 0, 9.9, "stable", NULL },
        { "weekly", 5, 0, 10.1, "stable", "dose_answer.valid_until_at" },
        { "monthly", 20, 0, 30.9, "stable", NULL },
        { "monthly", 20, 0, 31.1, "stable", "dose_answer.valid_until_at" },
        { "other", 20, 0, 30.9, "stable", NULL },
        { "other", 20, 0, 31.1, "stable", "dose_answer.valid_until_at" },
        { "once_daily", 1.9, 0, 1, "stable", NULL },
        { "once_daily", 2.1, 0, 1, "stable", "parts.clinical.doses[0].missed_in_7_days" },
        { "three_times_daily", 20, 0, 1, "stable", "parts.clinical.doses[0].missed_in_7_days" },
        { "once_daily", 20, 7, 1, "stable", NULL },
        { "once_daily", 20, -1, 1, "stable", NULL },
        { "alternate_days", 2.9, 0, 1, "stable", NULL },
        { "alternate_days", 3.1, 0, 1, "stable", "parts.clinical.doses[0].missed_in_7_days" },
        { "once_daily", 99, 0, 1, "stable", NULL },
        { "once_daily", 0.5, 0, 1, "ended", "parts.clinical.doses[0].phase" },
    };
    (void)state;
    Two t = two("northmoor-scripts", "oakdale-health");
    g_autofree char *asked = world_send(t.a, ASK);
    world_carry(t.world, t.a, t.b);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *at = tc_date_format_time(g_get_real_time() - (int64_t)(table[i].last * (double)DAY)), *answer = NULL;
        g_autofree char *last = table[i].last < 99 ? g_strdup_printf(", 'last_taken_at': '%s'", at) : g_strdup("");
        g_autofree char *missed = table[i].missed >= 0 ? g_strdup_printf(", 'missed_in_7_days': %d", table[i].missed) : g_strdup("");
        g_autofree char *line = g_strdup_printf("'phase': '%s'%s%s", table[i].phase, last, missed);
        g_autoptr(GString) text = g_string_new(answer = confirmed(asked, line, (int64_t)(table[i].relied * (double)DAY)));
        g_string_replace(text, "once_daily", table[i].frequency, 1);
        json_t *json = world_json(text->str);
        TcError error = { 0 };
        bool good = tc_client_check(t.b, json, &error);
        if (good != (table[i].field == NULL) || (!good && (strcmp(error.code, "unsafe_dose") != 0 || strcmp(error.field, table[i].field) != 0)))
            fail_msg("%zu: %d %s %s %s", i, good, error.code, error.field, error.text);
        json_decref(json);
    }
    two_end(&t);
}

/* ---- Referrals, workers and places ---- */

/* The zone is sealed, so only the two ends can see it: the sender of an appointment is stopped, a reader is warned. */
static void test_an_appointment_in_an_exclusion_zone(void **state)
{
    (void)state;
    Two t = two("northmoor-cjip", "northmoor-scripts");
    g_autofree char *asked = world_send(t.a, "{'kind': 'referral', 'recipient': 'northmoor-scripts', 'urgency': 'routine', 'referral': {'pathway': 'maintenance'}, "
                                             "'parts': {'minimum': {" PERSON "}, 'risk': {'exclusion_zones': 'Beeston', 'zone_postcodes': ['LS11', 'LS10']}}}");
    world_carry(t.world, t.a, t.b);
    g_autofree char *inside = g_strdup_printf("{'kind': 'appointment', 'in_reply_to': '%s', 'event_at': '2031-01-01T10:00:00Z', 'appointment': {'change': 'made', "
                                              "'type': 'assessment'}, 'parts': {'minimum': {'appointment': {'place': 'Clinic', 'postcode': 'LS11 5QP'}}}}", asked);
    expect_code(t.b, inside, "exclusion_zone", "parts.minimum.appointment.postcode");
    g_autoptr(GString) outside = g_string_new(inside);
    g_string_replace(outside, "LS11 5QP", "LS1 1AA", 1);
    g_autofree char *id = world_send(t.b, outside->str);
    world_carry(t.world, t.b, t.a);
    json_t *read = world_opened(t.a, id);
    assert_false(raises(read, "exclusion_zone"));
    json_decref(read);
    two_end(&t);
}

/* A referral: crack is always asked, its reader is alerted and sees until when an answer is due, and who takes it on can be reached. */
static void test_referral(void **state)
{
    static const char *const referral = "{'kind': 'referral', 'recipient': 'northmoor-cjip', 'urgency': 'routine', 'referral': {'pathway': 'crack'}, "
        "'parts': {'minimum': {'person': {'surname': 'Tarn'}}, 'clinical': {'assessment': {'crack': 'yes', 'alcohol': 'yes'}}}}";
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    refuse(t.a, referral, "'crack': 'yes', ", "", "missing_field", "parts.clinical.assessment.crack");
    refuse(t.a, referral, "'urgency': 'routine', ", "", "missing_field", "urgency");
    refuse(t.a, referral, "'pathway': 'crack'", "'pathway': 'heroin'", "unknown_code", "referral.pathway");
    refuse(t.a, referral, "'referral': {'pathway': 'crack'}, ", "", "wrong_group", "header");
    g_autofree char *id = world_send(t.a, referral);
    world_carry(t.world, t.a, t.b);
    json_t *seen = tc_client_message(t.b, id, NULL), *alert = json_array_get(json_object_get(seen, "alerts"), 0);
    assert_string_equal(json_string_value(json_object_get(alert, "code")), "cocaethylene");
    assert_string_equal(json_string_value(json_object_get(seen, "state")), "asked");
    assert_true(json_is_true(json_object_get(seen, "waiting")));
    assert_non_null(json_object_get(seen, "due_at"));
    json_decref(seen);
    g_autofree char *accept = g_strdup_printf("{'kind': 'referral_answer', 'in_reply_to': '%s', 'referral_answer': {'reply': 'accept', 'named_worker': 'w-017'}, "
        "'parts': {'minimum': {'worker': {'name': 'Bea Jones', 'phone': '01632 960123'}}}}", id);
    refuse(t.b, accept, ", 'phone': '01632 960123'", "", "missing_field", "parts.minimum.worker.phone");
    refuse(t.b, accept, ", 'named_worker': 'w-017'", "", "missing_field", "referral_answer.named_worker");
    g_autofree char *answer = world_send(t.b, accept);
    two_end(&t);
}

static void test_named_worker(void **state)
{
    static const char *const worker = "'worker': {'name': 'Bea Jones', 'phone': '01632 960123'}";
    (void)state;
    Two t = two("oakdale-carat", "northmoor-cjip");
    g_autofree char *id = world_send(t.a, NOTIFY);
    world_carry(t.world, t.a, t.b);
    g_autofree char *good = g_strdup_printf("{'kind': 'release_answer', 'in_reply_to': '%s', 'release_answer': {'reply': 'will', "
        "'named_worker': 'w-017'}, 'parts': {'minimum': {%s}}}", id, worker);
    refuse(t.b, good, worker, "", "missing_field", "parts.minimum.worker");
    refuse(t.b, good, ", 'phone': '01632 960123'", "", "missing_field", "parts.minimum.worker.phone");
    refuse(t.b, good, ", 'named_worker': 'w-017'", "", "missing_field", "release_answer.named_worker");
    refuse(t.b, good, "'will'", "'cannot'", "surplus_field", "release_answer.named_worker");
    g_autofree char *answer = world_send(t.b, good);
    WorldService *carat = world_service(t.world, "oakdale-carat");
    assert_int_equal(carat->last_delivery, 0);
    assert_int_equal(world_carry(t.world, t.b, t.a), 1);
    json_t *read = world_opened(t.a, answer);
    assert_string_equal(look_text(read, "parts.minimum.worker.name"), "Bea Jones");
    assert_string_equal(look_text(read, "state"), "named");
    json_decref(read);
    two_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_notifications),
        cmocka_unit_test(test_refused_contacts),
        cmocka_unit_test(test_another_product_than_asked),
        cmocka_unit_test(test_refused_answers),
        cmocka_unit_test(test_impossible_answers),
        cmocka_unit_test(test_an_appointment_in_an_exclusion_zone),
        cmocka_unit_test(test_referral),
        cmocka_unit_test(test_named_worker),
    };
    return cmocka_run_group_tests_name("client_refused", tests, NULL, NULL);
}
