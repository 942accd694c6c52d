/* Reading CSV: what is taken, what is a fault of one row and what of the whole file. */
#include "unit.h"

#include "adapters/files/heading.h"
#include "adapters/files/sheet.h"

static const SheetLimits small = { .bytes = 4096, .row_bytes = 64, .field_bytes = 16, .rows = 5, .columns = 4 };

/* The sheet as one text: fields with |, rows with their line, faults with ! line:column. */
static char *shown(const Sheet *sheet)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < sheet->header->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "|" : "", (char *)sheet->header->pdata[i]);
    for (guint i = 0; i < sheet->rows->len; i++) {
        const SheetRow *row = sheet->rows->pdata[i];
        g_string_append_printf(out, "\n%u ", row->line);
        for (guint j = 0; j < row->fields->len; j++)
            g_string_append_printf(out, "%s%s", j > 0 ? "|" : "", (char *)row->fields->pdata[j]);
    }
    for (guint i = 0; i < sheet->faults->len; i++) {
        const SheetFault *fault = sheet->faults->pdata[i];
        g_string_append_printf(out, "\n!%u:%u", fault->line, fault->column);
        assert_non_null(fault->text);
        assert_true(g_utf8_validate(fault->text, -1, NULL));
    }
    return g_string_free(out, FALSE);
}

#define TEXT(literal) literal, sizeof literal - 1

static void test_read(void **state)
{
    static const struct { const char *what, *data; size_t len; const char *shown; } table[] = {
        { "plain", TEXT("a,b\n1,2\n3,4\n"), "a|b\n2 1|2\n3 3|4" },
        { "byte order mark", TEXT("\xef\xbb\xbf" "a,b\n1,2\n"), "a|b\n2 1|2" },
        { "CRLF", TEXT("a,b\r\n1,2\r\n3,4\r\n"), "a|b\n2 1|2\n3 3|4" },
        { "CR alone", TEXT("a,b\r1,2\r3,4"), "a|b\n2 1|2\n3 3|4" },
        { "no last line end", TEXT("a,b\n1,2"), "a|b\n2 1|2" },
        { "quotes", TEXT("a,b\n\"1,\"\"x\"\"\",\"2\"\n"), "a|b\n2 1,\"x\"|2" },
        { "line end in quotes", TEXT("a,b\n\"1\r\nx\",2\n3,4\n"), "a|b\n2 1\r\nx|2\n4 3|4" },
        { "header with spaces", TEXT(" \"a\" , b \n1,2\n"), "a|b\n2 1|2" },
        { "blank rows", TEXT("\n \na,b\n\n,\n1,2\r\n\r\n,,\n"), "a|b\n6 1|2" },
        { "empty last field", TEXT("a,b\n1,\n"), "a|b\n2 1|" },
        { "only a header", TEXT("a,b\n"), "a|b" },
        { "too few fields", TEXT("a,b\n1\n3,4\n"), "a|b\n3 3|4\n!2:0" },
        { "too many fields", TEXT("a,b\n1,2,3\n3,4\n"), "a|b\n3 3|4\n!2:0" },
        { "more fields than any list has", TEXT("a,b\n1,2,3,4,5,6\n3,4\n"), "a|b\n3 3|4\n!2:0" },
        { "NUL", TEXT("a,b\n1,2\0x\n3,4\n"), "a|b\n3 3|4\n!2:2" },
        { "not UTF-8", TEXT("a,b\n\xe9,2\n3,4\n"), "a|b\n3 3|4\n!2:1" },
        { "cut UTF-8", TEXT("a,b\n1,2\n3,\xc3"), "a|b\n2 1|2\n!3:2" },
        { "long field", TEXT("a,b\n12345678901234567,2\n3,1234567890123456\n"), "a|b\n3 3|1234567890123456\n!2:1" },
        { "long row", TEXT("a,b\n0123456789012345678901234567890123456789012345678901234567890123,4\n3,4\n"),
          "a|b\n3 3|4\n!2:0" },
        { "quote inside a plain field", TEXT("a,b\n1\"x,2\n3,4\n"), "a|b\n3 3|4\n!2:0" },
        { "text behind a quote", TEXT("a,b\n\"1\"x,2\n3,4\n"), "a|b\n3 3|4\n!2:0" },
        { "open quote closed by the next row's", TEXT("a,b\n\"1,2\n\"3\",4\n5,6\n"), "a|b\n3 3|4\n4 5|6\n!2:0" },
        { "open quote to the end", TEXT("a,b\n\"1,2\n3,4\n5,6"), "a|b\n3 3|4\n4 5|6\n!2:0" },
        { "open quote in the last line", TEXT("a,b\n1,2\n3,\"4"), "a|b\n2 1|2\n!3:0" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *why = NULL;
        g_autoptr(Sheet) sheet = sheet_parse(table[i].data, table[i].len, &small, &why);
        if (sheet == NULL)
            fail_msg("%s: %s", table[i].what, why);
        g_autofree char *text = shown(sheet);
        if (strcmp(text, table[i].shown) != 0)
            fail_msg("%s: read as\n%s", table[i].what, text);
    }
}

static void test_whole_refused(void **state)
{
    static const struct { const char *data; size_t len; const char *why; } table[] = {
        { TEXT(""), "empty" },
        { TEXT("\n\n , \n"), "empty" },
        { TEXT("\xff\xfe" "a\0,\0"), "UTF-16" },
        { TEXT("PK\x03\x04..."), "workbook" },
        { TEXT("a,\"b\n1,2\n"), "line 1, the header" },
        { TEXT("a,b\xff\n1,2\n"), "line 1, the header" },
        { TEXT("a,b,c,d,e\n"), "line 1, the header" },
        { TEXT("a\n1\n2\n3\n4\n5\n6\n"), "more than 5 rows" },
        { TEXT("a\n1,\n2,\n3,\n4,\n5,\n6\n"), "more than 5 rows" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *why = NULL;
        g_autoptr(Sheet) sheet = sheet_parse(table[i].data, table[i].len, &small, &why);
        assert_null(sheet);
        if (strstr(why, table[i].why) == NULL)
            fail_msg("case %zu: %s", i, why);
    }
}

static void test_sizes(void **state)
{
    g_autofree char *large = g_strnfill(4097, 'x'), *why = NULL;
    (void)state;
    assert_null(sheet_parse(large, 4097, &small, &why));
    assert_non_null(strstr(why, "larger"));
    g_clear_pointer(&why, g_free);

    g_autoptr(GString) quotes = g_string_new("a\n");
    for (int i = 0; i < 200; i++)
        g_string_append(quotes, "\"1\"x\n");
    assert_null(sheet_parse(quotes->str, quotes->len, &sheet_limits, &why));
    assert_non_null(strstr(why, "not a CSV file"));
    g_clear_pointer(&why, g_free);

    /* One quote that never closes in a full-sized list costs one row, and not quadratic time. */
    g_autoptr(GString) list = g_string_new("a,b\n\"1,2\n");
    for (int i = 0; i < 49999; i++)
        g_string_append_printf(list, "%d,\xc3\xa9\n", i);
    g_autoptr(Sheet) sheet = sheet_parse(list->str, list->len, &sheet_limits, &why);
    assert_non_null(sheet);
    assert_int_equal(sheet->rows->len, 49999);
    assert_int_equal(sheet->faults->len, 1);
}

static void test_heading(void **state)
{
    static const HeadingColumn columns[] = { { "surname", true }, { "sex", false }, { "area", true } };
    static const struct { const char *data, *why; int places[3]; } table[] = {
        { "surname,sex,area\n", NULL, { 0, 1, 2 } },
        { "AREA,Surname\n", NULL, { 1, -1, 0 } },
        { "surname,area,shoe_size\n", "column 3, \"shoe_size\"", { 0 } },
        { "surname,area,Area\n", "\"area\" stands twice", { 0 } },
        { "surname,sex\n", "\"area\" is missing", { 0 } },
        { "surname,area,\n", "column 3 has no name", { 0 } },
        { "Bloggs,Joe O'Neill\n", "column 1, \"Bloggs\"", { 0 } },
        { "1 High Street,area\n", "header row missing", { 0 } },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *why = NULL;
        int places[3];
        g_autoptr(Sheet) sheet = sheet_parse(table[i].data, strlen(table[i].data), &small, &why);
        assert_non_null(sheet);
        assert_int_equal(heading_match(sheet, columns, 3, places, &why), table[i].why == NULL);
        if (table[i].why == NULL)
            assert_memory_equal(places, table[i].places, sizeof places);
        else if (strstr(why, table[i].why) == NULL)
            fail_msg("case %zu: %s", i, why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_whole_refused),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_heading),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
