/* Dose answers: each rule that makes one void, alone; what is shown then; and that the page stays one page. */
#include "unit.h"

#include "adapters/sdk/look.h"
#include "throughcare/throughcare.h"

#include <jansson.h>
#include <stdlib.h>

#define NOW INT64_C(1795531200000000) /* 2026-11-24T14:40:00Z */
#define PERSON "'person': {'surname': 'Smith', 'forenames': 'John', 'date_of_birth': '1997-03-02', 'nhs_number': '9434765919'}"
#define MESSAGE "{'kind': 'dose_answer', 'id': 'answer', 'in_reply_to': 'request', 'sender': 'health', 'recipient': 'scripts', " \
                "'created_at': '2026-11-24T12:00:00Z', 'sequence': 10, 'signature': 'good', 'differs': [], " \
                "'dose_answer': {'reply': 'confirmed', 'valid_until_at': '2026-11-25T12:00:00Z'}, 'parts': {'minimum': {" PERSON "}, " \
                "'clinical': {'doses': [{'product': 'methadone_1mg_ml', 'mg': '40', 'frequency': 'once_daily', 'supervised': 'yes', " \
                "'last_taken_at': '2026-11-24T08:00:00Z', 'observed_by': 'prison_nurse', 'missed_in_7_days': 0}], " \
                "'answerer': {'name': 'A. Nurse', 'role': 'nurse', 'registration': '12A3456E', 'phone': '01632 960123'}}}}"

static json_t *parse(const char *text)
{
    json_error_t error;
    g_autofree char *quoted = g_strdelimit(g_strdup(text), "'", '"');
    json_t *json = json_loads(quoted, 0, &error);
    if (json == NULL)
        fail_msg("%s in %s", error.text, text);
    return json;
}

static json_t *spoilt(const char *from, const char *to)
{
    g_autoptr(GString) text = g_string_new(MESSAGE);
    if (from != NULL && g_string_replace(text, from, to, 1) == 0)
        fail_msg("%s is not in it", from);
    return parse(text->str);
}

/* words NULL: the answer stands. */
static void check(json_t *message, const char *rows, int64_t now, const char *words)
{
    json_t *conversation = parse(rows);
    char *why = tc_dose_standing(message, conversation, now);
    if ((why == NULL) != (words == NULL) || (why != NULL && strstr(why, words) == NULL))
        fail_msg("\"%s\" instead of \"%s\"", why, words);
    free(why);
    json_decref(conversation);
    json_decref(message);
}

static void test_message(void **state)
{
    static const char *const table[][3] = {
        { NULL, NULL, NULL },
        { "'reply': 'confirmed'", "'reply': 'not_ours'", "not a confirmed" },
        { "'signature': 'good'", "'signature': 'bad_signature'", "damaged or forged" },
        { "'clinical'", "'other'", "could not be opened" },
        { "'differs': []", "'differs': ['date_of_birth']", "date of birth" },
        { "'differs': []", "'differs': ['nhs_number']", "NHS number" },
        { "2026-11-25T12:00:00Z", "2026-11-24T14:40:00Z", "valid until 24 Nov 2026, 14:40" },
        { "'missed_in_7_days': 0", "'missed_in_7_days': 2", NULL },
        { "'missed_in_7_days': 0", "'missed_in_7_days': 3", "three days" },
        { "2026-11-24T08:00:00Z", "2026-11-21T14:40:01Z", NULL },
        { "2026-11-24T08:00:00Z", "2026-11-21T14:40:00Z", "three days" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        check(spoilt(table[i][0], table[i][1]), "[]", NOW, table[i][2]);
}

/* Three days without a monthly depot are no missed doses; three days after it was due are. */
static void test_depots(void **state)
{
    static const char *const from = "'frequency': 'once_daily', 'supervised': 'yes', 'last_taken_at': '2026-11-24T08:00:00Z'";
    (void)state;
    check(spoilt(from, "'frequency': 'monthly', 'last_taken_at': '2026-11-01T08:00:00Z', 'next_due_at': '2026-11-29T08:00:00Z'"), "[]", NOW, NULL);
    check(spoilt(from, "'frequency': 'weekly', 'last_taken_at': '2026-11-01T08:00:00Z', 'next_due_at': '2026-11-08T08:00:00Z'"), "[]", NOW,
          "three days");
}

#define ROW(rest) "{'row': 'message', 'direction': 'in', 'created_at': '2026-11-24T13:00:00Z', 'sequence': 11, 'id': 'later', " rest "}"

static void test_what_came_after(void **state)
{
    static const char *const table[][2] = {
        { "[" ROW("'kind': 'dose_answer', 'supersedes': 'answer'") "]", "replaced" },
        { "[" ROW("'kind': 'dose_answer', 'supersedes': 'other'") "]", NULL },
        { "[" ROW("'kind': 'dose_answer', 'supersedes': 'answer', 'delivery_state': 'refused'") "]", NULL },
        { "[" ROW("'kind': 'dose_answer', 'sender': 'health', 'conversation': 'other', 'dose_answer': {'reply': 'confirmed'}") "]", "newer answer" },
        { "[" ROW("'kind': 'dose_answer', 'sender': 'health', 'dose_answer': {'reply': 'not_prescribed'}") "]", "newer answer" },
        { "[" ROW("'kind': 'dose_answer', 'sender': 'health', 'dose_answer': {'reply': 'cannot'}") "]", NULL },
        { "[" ROW("'kind': 'dose_answer', 'sender': 'pharmacy', 'dose_answer': {'reply': 'confirmed'}") "]", NULL },
        { "[{'row': 'message', 'id': 'before', 'kind': 'dose_answer', 'sender': 'health', 'dose_answer': {'reply': 'confirmed'}, 'sequence': 9}]", NULL },
        { "[" ROW("'kind': 'dose_answer', 'sender': 'health', 'dose_answer': {'reply': 'confirmed'}")
          ", {'row': 'message', 'id': 'back', 'kind': 'recall', 'in_reply_to': 'later', 'sequence': 12}]", NULL },
        { "[" ROW("'kind': 'recall', 'in_reply_to': 'answer'") "]", "taken back" },
        { "[" ROW("'kind': 'recall', 'in_reply_to': 'request'") "]", "taken back" },
        { "[" ROW("'kind': 'meeting_report', 'meeting': {'outcome': 'remanded'}") "]", "moved or held" },
        { "[" ROW("'kind': 'meeting_report', 'meeting': {'outcome': 'gate_arrest'}") "]", "moved or held" },
        { "[" ROW("'kind': 'meeting_report', 'meeting': {'outcome': 'met'}") "]", NULL },
        { "[" ROW("'kind': 'movement'") "]", "moved or held" },
        { "[" ROW("'kind': 'release_notification', 'release': {'withdrawal_reason': 'moved_prison'}") "]", "moved or held" },
        { "[" ROW("'kind': 'meeting_report', 'meeting': {'outcome': 'remanded'}")
          ", {'row': 'message', 'id': 'back', 'kind': 'recall', 'in_reply_to': 'later', 'sequence': 12}]", NULL },
        { "[{'row': 'message', 'id': 'before', 'kind': 'meeting_report', 'meeting': {'outcome': 'remanded'}, 'sequence': 9, "
          "'created_at': '2026-11-24T13:00:00Z'}]", NULL },
        { "[{'row': 'message', 'id': 'unplaced', 'kind': 'meeting_report', 'meeting': {'outcome': 'remanded'}, "
          "'created_at': '2026-11-24T13:00:00Z'}]", "moved or held" },
        { "[{'row': 'evidence', 'step': 'possible_match', 'at': '2026-11-24T13:00:00Z'}]", "Find out who it is" },
        { "[{'row': 'evidence', 'step': 'possible_match', 'at': '2026-11-24T13:00:00Z'}, " ROW("'kind': 'merge', 'merge': {'verdict': 'two_clients'}") "]", NULL },
        { "[" ROW("'kind': 'merge'") ", {'row': 'evidence', 'step': 'possible_match', 'at': '2026-11-24T13:00:00Z'}]", "Find out who it is" },
        { "[{'row': 'evidence', 'kind': 'movement', 'at': '2026-11-24T13:00:00Z'}]", NULL },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        check(spoilt(NULL, NULL), table[i][0], NOW, table[i][1]);
}

/* ---- The page ---- */

static char *page_of(json_t *message, const char *rows)
{
    TcError error = { 0 };
    json_t *conversation = parse(rows);
    char *page = tc_dose_page(message, conversation, NOW, &error);
    if (page == NULL)
        fail_msg("%s", error.text);
    g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
    assert_true(g_strv_length(lines) - 1 <= 60); /* it ends in a newline */
    for (char **line = lines; *line != NULL; line++)
        if (g_utf8_strlen(*line, -1) > 78)
            fail_msg("too long: %s", *line);
    json_decref(conversation);
    json_decref(message);
    return page;
}

static void assert_shows(char *page, const char *words, bool shown)
{
    if ((strstr(page, words) != NULL) != shown)
        fail_msg("\"%s\" is %s:\n%s", words, shown ? "missing" : "there", page);
}

static void test_pages(void **state)
{
    static const char *const dose = "40 mg, once daily";
    (void)state;
    char *page = page_of(spoilt(NULL, NULL), "[]");
    assert_shows(page, "CONFIRMED. It may be relied on until 25 Nov 2026, 12:00.", true);
    assert_shows(page, "METHADONE oral solution (1 mg in 1 ml)", true);
    assert_shows(page, dose, true);
    assert_shows(page, "Smith, John", true);
    assert_shows(page, "registration 12A3456E", true);
    free(page);
    page = page_of(spoilt("2026-11-25", "2026-11-24"), "[]");
    assert_shows(page, "*** REASSESS, DO NOT CONTINUE ***", true);
    assert_shows(page, "FOR THE ASSESSMENT ONLY", true);
    free(page);
    page = page_of(spoilt("'differs': []", "'differs': ['nhs_number']"), "[]");
    assert_shows(page, "*** NO DOSE IS SHOWN ***", true);
    assert_shows(page, dose, false);
    assert_shows(page, "METHADONE", false);
    free(page);
    page = page_of(spoilt("'reply': 'confirmed'", "'reply': 'not_prescribed'"), "[]");
    assert_shows(page, "NOTHING IS PRESCRIBED HERE", true);
    assert_shows(page, dose, false);
    free(page);
}

/* Ten doses and a note of four thousand characters: the doses all stand, the note is cut. */
static void test_full_page(void **state)
{
    (void)state;
    json_t *message = spoilt(NULL, NULL);
    json_t *clinical = (json_t *)look(message, "parts.clinical"), *doses = json_object_get(clinical, "doses");
    for (int i = 1; i < 10; i++) {
        json_t *dose = json_deep_copy(json_array_get(doses, 0));
        json_object_set_new(dose, "product_name", json_sprintf("made-up brand %d", i));
        json_array_append_new(doses, dose);
    }
    g_autofree char *note = g_strnfill(4000, 'x');
    for (int i = 9; i < 4000; i += 10)
        note[i] = i % 50 == 49 ? '\n' : ' ';
    json_object_set_new(clinical, "note", json_string(note));
    char *page = page_of(message, "[]");
    assert_shows(page, "made-up brand 9", true);
    assert_shows(page, "10. METHADONE", true);
    assert_shows(page, "evidence, not a prescription", true);
    assert_shows(page, "Answered by", true);
    free(page);
}

/* Doses that do not fit are not cut: there is no page then. */
static void test_too_full(void **state)
{
    TcError error = { 0 };
    (void)state;
    json_t *message = spoilt(NULL, NULL), *conversation = json_array();
    json_t *doses = json_object_get((json_t *)look(message, "parts.clinical"), "doses");
    g_autofree char *name = g_strnfill(200, 'w');
    for (int i = 0; i < 10; i++) {
        json_t *dose = json_deep_copy(json_array_get(doses, 0));
        json_object_set_new(dose, "product_name", json_string(name));
        json_array_append_new(doses, dose);
    }
    assert_null(tc_dose_page(message, conversation, NOW, &error));
    assert_string_equal(error.field, "parts.clinical.doses");
    json_decref(conversation);
    json_decref(message);
}

static void test_no_page(void **state)
{
    TcError error;
    (void)state;
    json_t *other = parse("{'kind': 'release_notification', 'parts': {}}");
    assert_null(tc_dose_page(other, NULL, NOW, &error));
    assert_string_equal(error.code, "unsafe_dose");
    assert_null(tc_dose_page(NULL, NULL, NOW, NULL));
    json_decref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message), cmocka_unit_test(test_depots), cmocka_unit_test(test_what_came_after), cmocka_unit_test(test_pages),
        cmocka_unit_test(test_full_page), cmocka_unit_test(test_too_full), cmocka_unit_test(test_no_page),
    };
    return cmocka_run_group_tests_name("dose", tests, NULL, NULL);
}
