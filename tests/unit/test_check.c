/* The check: a good message passes; each way of spoiling it is refused with the right code and the right field. */
#include "unit.h"

#include "hex.h"
#include "proto/check.h"
#include "proto/limits.h"
#include "sample.h"

static bool check_header(const SampleHeader *sample, TcProblem *problem)
{
    return tc_check_message(&sample->header.base, TC_UNKNOWN_REFUSED, problem);
}

static void test_good(void **state)
{
    SampleHeader sample;
    TcProblem problem;
    (void)state;
    sample_header(&sample);
    if (!check_header(&sample, &problem))
        fail_msg("%s", tc_problem_sentence(&problem));
}

static void no_release(SampleHeader *s) { s->header.release = NULL; }
static void empty_sender(SampleHeader *s) { s->header.sender = (char *)""; }
static void null_sender(SampleHeader *s) { s->header.sender = NULL; }
static void sender_with_space(SampleHeader *s) { s->header.sender = (char *)"carat lei"; }
static void sender_with_dots(SampleHeader *s) { s->header.sender = (char *)"../lei"; }
static void long_sender(SampleHeader *s)
{
    s->header.sender = (char *)"a0123456789012345678901234567890123456789012345678901234567890123";
}
static void bad_utf8(SampleHeader *s) { s->header.sender = (char *)"car\xff" "at"; }
static void overlong_utf8(SampleHeader *s) { s->header.sender = (char *)"car\xc0\x80t"; }
static void short_id(SampleHeader *s) { s->header.id.len = 15; }
static void no_id(SampleHeader *s) { s->header.id.len = 0; }
static void long_digest(SampleHeader *s) { s->header.content_digest = sample_bytes(sample_64, 33); }
static void unknown_kind(SampleHeader *s) { s->header.kind = (Tc__Kind__Code)4; }
static void no_kind(SampleHeader *s) { s->header.kind = TC__KIND__CODE__NONE; }
static void negative_kind(SampleHeader *s) { s->header.kind = (Tc__Kind__Code)-1; }
static void unknown_route(SampleHeader *s) { s->release.route = (Tc__Route__Code)13; }
static void bad_day(SampleHeader *s) { s->release.expected_date = (char *)"2026-02-29"; }
static void day_with_tail(SampleHeader *s) { s->release.expected_date = (char *)"2026-11-13T00:00"; }
static void negative_time(SampleHeader *s) { s->header.created_at = -1; }
static void late_time(SampleHeader *s) { s->header.created_at = G_GINT64_CONSTANT(253402300800000000); }
static void short_commitment(SampleHeader *s) { s->seal.commitment.len = 31; }
static void unknown_part(SampleHeader *s) { s->seal.part = (Tc__Part__Code)9; }
static void many_parts(SampleHeader *s)
{
    static Tc__PartSeal *five[5];
    for (int i = 0; i < 5; i++)
        five[i] = &s->seal;
    s->header.parts = five;
    s->header.n_parts = 5;
}

static void test_spoilt_headers(void **state)
{
    static const struct { void (*spoil)(SampleHeader *); TcCode code; const char *field; } table[] = {
        { empty_sender, TC_CODE_MISSING_FIELD, "header.sender" },
        { null_sender, TC_CODE_MISSING_FIELD, "header.sender" },
        { sender_with_space, TC_CODE_BAD_TEXT, "header.sender" },
        { sender_with_dots, TC_CODE_BAD_TEXT, "header.sender" },
        { long_sender, TC_CODE_TOO_LONG, "header.sender" },
        { bad_utf8, TC_CODE_BAD_TEXT, "header.sender" },
        { overlong_utf8, TC_CODE_BAD_TEXT, "header.sender" },
        { short_id, TC_CODE_WRONG_LENGTH, "header.id" },
        { no_id, TC_CODE_MISSING_FIELD, "header.id" },
        { long_digest, TC_CODE_WRONG_LENGTH, "header.content_digest" },
        { unknown_kind, TC_CODE_UNKNOWN_CODE, "header.kind" },
        { no_kind, TC_CODE_UNKNOWN_CODE, "header.kind" },
        { negative_kind, TC_CODE_UNKNOWN_CODE, "header.kind" },
        { unknown_route, TC_CODE_UNKNOWN_CODE, "header.release.route" },
        { bad_day, TC_CODE_BAD_DATE, "header.release.expected_date" },
        { day_with_tail, TC_CODE_BAD_DATE, "header.release.expected_date" },
        { negative_time, TC_CODE_BAD_DATE, "header.created_at" },
        { late_time, TC_CODE_BAD_DATE, "header.created_at" },
        { short_commitment, TC_CODE_WRONG_LENGTH, "header.parts[0].commitment" },
        { unknown_part, TC_CODE_UNKNOWN_CODE, "header.parts[0].part" },
        { many_parts, TC_CODE_TOO_LONG, "header.parts[4]" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        SampleHeader sample;
        TcProblem problem = { 0 };
        sample_header(&sample);
        table[i].spoil(&sample);
        assert_false(check_header(&sample, &problem));
        assert_string_equal(problem.field, table[i].field);
        assert_int_equal(problem.code, table[i].code);
    }
    SampleHeader sample;
    TcProblem problem;
    sample_header(&sample);
    no_release(&sample); /* which group a kind needs is the broker's rule */
    assert_true(check_header(&sample, &problem));
}

/* Bytes that no packer makes. Query is {required uint32 id = 1; required QueryType type = 2; ...}. */
static void test_spoilt_bytes(void **state)
{
    static const struct { const char *what, *hex; TcCode code; const char *field; } table[] = {
        { "good query", "3204" "08011001", TC_CODE_OK, NULL },
        { "empty frame", "", TC_CODE_MALFORMED, "" },
        { "two fields of a frame", "3204" "08011001" "4204" "08641801", TC_CODE_MALFORMED, "" },
        { "the same field twice", "3204" "08011001" "3204" "08011001", TC_CODE_SURPLUS_FIELD, "query" },
        { "single field twice", "3206" "080108021001", TC_CODE_SURPLUS_FIELD, "query.id" },
        { "missing field", "3202" "0801", TC_CODE_MISSING_FIELD, "query.type" },
        { "unknown field", "3206" "080110017801", TC_CODE_UNKNOWN_FIELD, "query.field 15" },
        { "field number 0", "3206" "080110010001", TC_CODE_MALFORMED, "query" },
        { "group", "3206" "08011001" "0b0c", TC_CODE_MALFORMED, "query" },
        { "truncated", "3204" "080110", TC_CODE_MALFORMED, "" },
        { "truncated inside", "3203" "080110", TC_CODE_MALFORMED, "query" },
        { "length past the end", "32ffffffff0f" "0801", TC_CODE_MALFORMED, "" },
        { "length of 64 bits", "32ffffffffffffffffff01" "0801", TC_CODE_MALFORMED, "" },
        { "length of six bytes", "32848080808000" "08011001", TC_CODE_MALFORMED, "" },
        { "tag of six bytes", "b28080808000" "04" "08011001", TC_CODE_MALFORMED, "" },
        { "varint of 11 bytes", "320d" "08ffffffffffffffffffff01" "1001", TC_CODE_MALFORMED, "query" },
        { "number over 32 bits", "3209" "08808080801010011001", TC_CODE_TOO_LONG, "query.id" },
        { "code over 32 bits", "320b" "0801" "108180808080808001", TC_CODE_UNKNOWN_CODE, "query.type" },
        { "wrong wire type", "3205" "0a0131" "1001", TC_CODE_MALFORMED, "query.id" },
        { "a bool of 2", "4204" "08641802", TC_CODE_TOO_LONG, "fault.session_ends" },
        { "NUL in a text", "420a" "0864" "1204" "61006263" "1801", TC_CODE_BAD_TEXT, "fault.field" },
        { "trailing byte", "3204" "08011001" "00", TC_CODE_MALFORMED, "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        TcProblem problem = { 0 };
        g_autoptr(GByteArray) bytes = hex_bytes(table[i].hex);
        bool good = tc_check(&tc__frame__descriptor, bytes->data, bytes->len, TC_UNKNOWN_REFUSED, &problem);
        if (problem.code != table[i].code)
            fail_msg("%s: %s %s", table[i].what, tc_errors_name(problem.code), problem.field);
        assert_int_equal(good, table[i].code == TC_CODE_OK);
        if (!good)
            assert_string_equal(problem.field, table[i].field);
    }
}

/* Header.parts is repeated; Confirmation.parts (8) is a repeated code, which may come packed. */
static void test_packed_codes(void **state)
{
    static const struct { const char *parts; TcCode code; const char *field; } table[] = {
        { "4001" "4002", TC_CODE_OK, NULL },
        { "42020102", TC_CODE_OK, NULL },
        { "4200", TC_CODE_OK, NULL },
        { "42020109", TC_CODE_UNKNOWN_CODE, "confirmation.parts[1]" },
        { "420401020304" "4001", TC_CODE_TOO_LONG, "confirmation.parts[4]" },
        { "42050102030401", TC_CODE_TOO_LONG, "confirmation.parts[4]" },
        { "420181", TC_CODE_MALFORMED, "confirmation.parts[0]" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        TcProblem problem = { 0 };
        g_autofree char *hex = g_strconcat("0805" "120161" "1a0162" "4801", table[i].parts, NULL);
        g_autoptr(GByteArray) bytes = hex_bytes(hex);
        bool good = tc_check(&tc__confirmation__descriptor, bytes->data, bytes->len, TC_UNKNOWN_REFUSED, &problem);
        assert_int_equal(good, table[i].code == TC_CODE_OK);
        assert_int_equal(problem.code, table[i].code);
        if (table[i].field != NULL)
            assert_string_equal(problem.field, table[i].field);
    }
}

static void test_content_keeps_what_it_does_not_know(void **state)
{
    TcProblem problem;
    g_autoptr(GByteArray) bytes = hex_bytes("12026869" "a00601" "aa0602ffff" "b1060000000000000000" "b50600000000");
    (void)state;
    assert_true(tc_check(&tc__safeguarding__descriptor, bytes->data, bytes->len, TC_UNKNOWN_KEPT, &problem));
    assert_false(tc_check(&tc__safeguarding__descriptor, bytes->data, bytes->len, TC_UNKNOWN_REFUSED, &problem));
    assert_string_equal(problem.field, "safeguarding.field 100");
    for (int i = 0; i < 40; i++)
        g_byte_array_append(bytes, (const guint8 *)"\xa0\x06\x01", 3);
    assert_false(tc_check(&tc__safeguarding__descriptor, bytes->data, bytes->len, TC_UNKNOWN_KEPT, &problem));
    assert_int_equal(problem.code, TC_CODE_TOO_LONG);
}

static void test_forms(void **state)
{
    static const struct { TcForm form; const char *text; bool holds; } table[] = {
        { TC_FORM_NAME, "w-017", true }, { TC_FORM_NAME, "a.b_c", true }, { TC_FORM_NAME, "-a", false },
        { TC_FORM_NAME, "a/b", false }, { TC_FORM_NAME, "é", false }, { TC_FORM_NAME, "", false },
        { TC_FORM_LINE, "Siân O'Neill", true }, { TC_FORM_LINE, "a\nb", false }, { TC_FORM_LINE, "a\x1b[2J", false },
        { TC_FORM_LINE, "a\xc2\x85", false }, { TC_FORM_LINE, "a\u2028", false }, { TC_FORM_LINE, "", true },
        { TC_FORM_DECIMAL, "40", true }, { TC_FORM_DECIMAL, "0.4", true }, { TC_FORM_DECIMAL, "12345.678", true },
        { TC_FORM_DECIMAL, "0", false }, { TC_FORM_DECIMAL, "0.0", false }, { TC_FORM_DECIMAL, ".4", false },
        { TC_FORM_DECIMAL, "4.", false }, { TC_FORM_DECIMAL, "-4", false }, { TC_FORM_DECIMAL, "4,5", false },
        { TC_FORM_DECIMAL, "40ml", false }, { TC_FORM_DECIMAL, "4 0", false }, { TC_FORM_DECIMAL, "123456", false },
        { TC_FORM_DECIMAL, "1.2345", false }, { TC_FORM_DECIMAL, "1e3", false }, { TC_FORM_DECIMAL, "", false },
        { TC_FORM_NHS, "9434765919", true }, { TC_FORM_NHS, "9434765918", false }, { TC_FORM_NHS, "943476591", false },
        { TC_FORM_NHS, "943 476 59", false }, { TC_FORM_NHS, "94347659190", false },
        { TC_FORM_DAY, "2028-02-29", true }, { TC_FORM_DAY, "2027-02-29", false }, { TC_FORM_DAY, "2027-13-01", false },
        { TC_FORM_DAY, "2027-1-01", false }, { TC_FORM_DAY, "01/02/2027", false }, { TC_FORM_DAY, "0000-01-01", false },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        if (tc_limits_form_holds(table[i].form, table[i].text, strlen(table[i].text)) != table[i].holds)
            fail_msg("form %d of \"%s\"", table[i].form, table[i].text);
}

static void assert_rows(const ProtobufCMessageDescriptor *type, GHashTable *seen)
{
    const TcLimit *limits = tc_limits_of(type);
    if (!g_hash_table_add(seen, (void *)type))
        return;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if ((field->type == PROTOBUF_C_TYPE_BYTES || field->label == PROTOBUF_C_LABEL_REPEATED) && !limits[i].listed)
            fail_msg("%s.%s has no row in limits.def", type->short_name, field->name);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE)
            assert_rows(field->descriptor, seen);
    }
}

/* No length and no count from outside is without a limit. Also shows that no type holds itself: this would not end. */
static void test_every_list_and_every_bytes_has_a_row(void **state)
{
    static const ProtobufCMessageDescriptor *const roots[] = {
        &tc__frame__descriptor, &tc__header__descriptor, &tc__wrap__descriptor, &tc__confirmation__descriptor,
        &tc__content__descriptor, &tc__minimum__descriptor, &tc__clinical__descriptor, &tc__risk__descriptor,
        &tc__safeguarding__descriptor, &tc__snapshot__descriptor,
    };
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(roots); i++)
        assert_rows(roots[i], seen);
    assert_true(g_hash_table_size(seen) > 40);
}

static void test_sentence(void **state)
{
    SampleHeader sample;
    TcProblem problem;
    (void)state;
    sample_header(&sample);
    sample.release.meet_asked = (Tc__YesNo__Code)77;
    assert_false(check_header(&sample, &problem));
    g_autofree char *sentence = tc_problem_sentence(&problem);
    assert_string_equal(sentence, "header.release.meet_asked: The value is not in this field's code list. "
                                  "Use a value from the code list. (one of: unknown, not_asked, yes, no)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_spoilt_headers),
        cmocka_unit_test(test_spoilt_bytes),
        cmocka_unit_test(test_packed_codes),
        cmocka_unit_test(test_content_keeps_what_it_does_not_know),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_every_list_and_every_bytes_has_a_row),
        cmocka_unit_test(test_sentence),
    };
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
