/* JSON: messages come back as they went, and every mistake names its member and what it may be. */
#include "unit.h"

#include "proto/json.h"
#include "sample.h"

#define ID "019a1f44-2000-7001-8002-030405060708"
#define DIGEST "d16e570000000000000000000000000000000000000000000000000000000000"

/* The sample header as JSON; members in the order of throughcare.proto. */
static const char header_json[] =
    "{\"id\":\"" ID "\",\"kind\":\"release_notification\",\"sender\":\"carat-lei\",\"recipient\":\"cjip-leeds\","
    "\"conversation\":\"" ID "\",\"created_at\":\"2026-11-06T21:20:00.123456Z\","
    "\"parts\":[{\"part\":\"minimum\",\"commitment\":\"" DIGEST "\"}],\"content_digest\":\"" DIGEST "\","
    "\"release\":{\"certainty\":\"planned\",\"route\":\"sentence_end\",\"expected_date\":\"2026-11-13\","
    "\"prison\":\"LEI\",\"area_certainty\":\"confirmed\",\"meet_asked\":\"yes\"}}";

static char *json_text(const ProtobufCMessage *message)
{
    json_t *json = tc_json_from_message(message);
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

static void test_from_message(void **state)
{
    SampleHeader sample;
    (void)state;
    sample_header(&sample);
    char *text = json_text(&sample.header.base);
    assert_string_equal(text, header_json);
    free(text);
}

static void test_to_message(void **state)
{
    TcProblem problem;
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    json_t *json = json_loads(header_json, 0, NULL);
    (void)state;
    ProtobufCMessage *message = tc_json_to_message(arena, &tc__header__descriptor, json, &problem);
    json_decref(json);
    assert_non_null(message);
    char *text = json_text(message);
    assert_string_equal(text, header_json);
    free(text);
}

/* Every kind of value there is, there and back. */
static void test_rounds(void **state)
{
    static const struct { const ProtobufCMessageDescriptor *type; const char *json; } table[] = {
        { &tc__minimum__descriptor,
          "{\"person\":{\"surname\":\"Ó Néill\",\"aliases\":[\"Jacko\",\"J\"],\"sex\":\"not_specified\"},"
          "\"contacts\":[{\"kind\":\"mobile\",\"value\":\"07700 900123\",\"owner\":\"self\",\"text_allowed\":\"yes\","
          "\"voicemail_allowed\":\"no\",\"letter_allowed\":\"not_asked\",\"state\":\"live\"}],\"note\":\"two\\nlines\"}" },
        { &tc__clinical__descriptor,
          "{\"doses\":[{\"product\":\"methadone_1mg_ml\",\"mg\":\"40\",\"frequency\":\"once_daily\","
          "\"last_taken_at\":\"2026-11-12T08:00:00Z\",\"missed_in_7_days\":0}]}" },
        { &tc__confirmation__descriptor,
          "{\"step\":\"held\",\"service\":\"a\",\"station\":\"b\",\"upto\":9007199254740993,"
          "\"parts\":[\"minimum\",\"risk\"],\"at\":\"1970-01-01T00:00:00.5Z\"}" },
        { &tc__frame__descriptor, "{\"fault\":{\"code\":108,\"session_ends\":true}}" },
        { &tc__frame__descriptor, "{\"fault\":{\"code\":108,\"session_ends\":false,\"retry_after_ms\":0}}" },
        { &tc__safeguarding__descriptor, "{}" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        TcProblem problem = { 0 };
        g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
        json_t *json = json_loads(table[i].json, 0, NULL);
        assert_non_null(json);
        ProtobufCMessage *message = tc_json_to_message(arena, table[i].type, json, &problem);
        json_decref(json);
        if (message == NULL)
            fail_msg("%s: %s", table[i].json, tc_problem_sentence(&problem));
        char *text = json_text(message);
        assert_string_equal(text, table[i].json);
        free(text);
    }
}

static void test_mistakes(void **state)
{
    static const struct { const char *from, *to; TcCode code; const char *field, *hint; } table[] = {
        { "\"sender\"", "\"sendr\"", TC_CODE_UNKNOWN_FIELD, "header.sendr", "" },
        { "\"route\"", "\"rout\"", TC_CODE_UNKNOWN_FIELD, "header.release.rout", "" },
        { "\"yes\"", "\"Yes\"", TC_CODE_UNKNOWN_CODE, "header.release.meet_asked", "one of: unknown, not_asked, yes, no" },
        { "\"yes\"", "2", TC_CODE_UNKNOWN_CODE, "header.release.meet_asked", "one of: unknown, not_asked, yes, no" },
        { "\"minimum\"", "\"none\"", TC_CODE_UNKNOWN_CODE, "header.parts[0].part",
          "one of: minimum, clinical, risk, safeguarding" },
        { "\"cjip-leeds\"", "7", TC_CODE_BAD_TEXT, "header.recipient", "text" },
        { "\"cjip-leeds\"", "null", TC_CODE_BAD_TEXT, "header.recipient", "text" },
        { "\"cjip-leeds\"", "\"cjip leeds\"", TC_CODE_BAD_TEXT, "header.recipient",
          "letters, digits, '.', '_' and '-', beginning with a letter or a digit" },
        { "\"cjip-leeds\"", "\"cjip\\u0000leeds\"", TC_CODE_BAD_TEXT, "header.recipient", "UTF-8 without NUL" },
        { "\"2026-11-13\"", "\"13/11/2026\"", TC_CODE_BAD_DATE, "header.release.expected_date", "a day as YYYY-MM-DD" },
        { "T21:20:00.123456Z", " 21:20", TC_CODE_BAD_DATE, "header.created_at", "a time such as 2026-11-13T09:30:00Z" },
        { "\"conversation\":\"019a", "\"conversation\":\"019g", TC_CODE_BAD_TEXT, "header.conversation",
          "a UUID or hexadecimal digits" },
        { "\"commitment\":\"d1", "\"commitment\":\"", TC_CODE_WRONG_LENGTH, "header.parts[0].commitment", "32 bytes" },
        { "\"commitment\":\"d1", "\"commitment\":\"d", TC_CODE_BAD_TEXT, "header.parts[0].commitment",
          "a UUID or hexadecimal digits" },
        { "\"prison\":\"LEI\",", "", TC_CODE_MISSING_FIELD, "header.release.prison", "" },
        { "\"parts\":[{", "\"parts\":{\"a\":[{", TC_CODE_BAD_TEXT, "header.parts", "a list" },
        { "\"release\":{", "\"release\":3,\"meeting\":{", TC_CODE_BAD_TEXT, "header.release", "an object" },
        { "\"recipient\"", "\"statutory\":1,\"recipient\"", TC_CODE_BAD_TEXT, "header.statutory", "true or false" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        TcProblem problem = { 0 };
        g_autoptr(GString) text = g_string_new(header_json);
        assert_int_equal(g_string_replace(text, table[i].from, table[i].to, 1), 1);
        if (strstr(table[i].to, "{\"a\":[") != NULL)
            g_string_replace(text, "}],", "}]},", 1);
        json_t *json = json_loads(text->str, JSON_ALLOW_NUL, NULL);
        assert_non_null(json);
        assert_null(tc_json_pack(&tc__header__descriptor, json, &problem));
        json_decref(json);
        assert_string_equal(problem.field, table[i].field);
        assert_int_equal(problem.code, table[i].code);
        assert_string_equal(problem.hint, table[i].hint);
    }
}

static void test_not_an_object(void **state)
{
    TcProblem problem;
    json_t *json = json_array();
    (void)state;
    assert_null(tc_json_pack(&tc__header__descriptor, json, &problem));
    json_decref(json);
    assert_string_equal(problem.field, "header");
}

static void test_negative_number(void **state)
{
    TcProblem problem;
    json_t *json = json_loads("{\"fault\":{\"code\":-1,\"session_ends\":true}}", 0, NULL);
    (void)state;
    assert_null(tc_json_pack(&tc__frame__descriptor, json, &problem));
    json_decref(json);
    assert_string_equal(problem.field, "fault.code");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_message),
        cmocka_unit_test(test_to_message),
        cmocka_unit_test(test_rounds),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_not_an_object),
        cmocka_unit_test(test_negative_number),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
