/* The table of codes: well formed, and the same as the one in PROTOCOL.md. */
#include "unit.h"

#include "proto/errors.h"

#include <stdlib.h>

static void test_rows(void **state)
{
    uint32_t last = 0;
    (void)state;
    for (const TcErrorInfo *row = tc_errors_all(); row->code != TC_CODE_OK; row++) {
        assert_true((uint32_t)row->code > last);
        last = row->code;
        assert_true(g_str_has_suffix(row->sentence, ".") && g_str_has_suffix(row->advice, "."));
        assert_true(g_ascii_isupper(row->sentence[0]) && g_ascii_isupper(row->advice[0]));
        assert_ptr_equal(tc_errors_find(row->code), row);
        assert_string_equal(tc_errors_name(row->code), row->name);
    }
}

static void test_unknown(void **state)
{
    (void)state;
    assert_null(tc_errors_find(0));
    assert_null(tc_errors_find(999999));
    assert_string_equal(tc_errors_name(999999), "unknown");
}

/* Rows of the document look like "| 107 | standby | retry with the next host |". */
static void test_the_document_has_the_same(void **state)
{
    g_autofree char *page = NULL;
    g_autoptr(GRegex) regex = g_regex_new("^\\| (\\d{3}) \\| (\\w+) \\| (retry|fix|operator)\\b", G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    const TcErrorInfo *row = tc_errors_all();
    (void)state;
    assert_true(g_file_get_contents(TC_SOURCE_DIR "/proto/PROTOCOL.md", &page, NULL, NULL));
    for (g_regex_match(regex, page, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL), row++) {
        g_autofree char *number = g_match_info_fetch(match, 1), *name = g_match_info_fetch(match, 2);
        g_autofree char *remedy = g_match_info_fetch(match, 3);
        assert_int_equal(row->code, atoi(number));
        assert_string_equal(row->name, name);
        assert_string_equal(tc_errors_remedy_name(row->remedy), remedy);
    }
    assert_int_equal(row->code, TC_CODE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_the_document_has_the_same),
    };
    return cmocka_run_group_tests_name("errors", tests, NULL, NULL);
}
