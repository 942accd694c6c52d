/* Rows of a release list: cells, rules between columns, and the message each becomes. */
#include "unit.h"

#include "adapters/carat/config.h"
#include "adapters/carat/recipient.h"
#include "adapters/carat/row.h"
#include "adapters/lists/codes.h"
#include "proto/json.h"
#include "throughcare.pb-c.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void test_cells(void **state)
{
    static const struct { ColumnId column; const char *cell, *value; } table[] = {
        { COLUMN_SURNAME, " Ó Néill ", "Ó Néill" },
        { COLUMN_SURNAME, "", NULL },
        { COLUMN_SURNAME, "two\nlines", NULL },
        { COLUMN_FIRST_NAME, "", "" },
        { COLUMN_DATE_OF_BIRTH, "1997-02-28", "1997-02-28" },
        { COLUMN_DATE_OF_BIRTH, "28/02/1997", "1997-02-28" },
        { COLUMN_DATE_OF_BIRTH, "02/28/1997", NULL },
        { COLUMN_DATE_OF_BIRTH, "29/02/1997", NULL },
        { COLUMN_DATE_OF_BIRTH, "28/02/97", NULL },
        { COLUMN_DATE_OF_BIRTH, "0097-02-28", NULL },
        { COLUMN_SEX, "1", "male" },
        { COLUMN_SEX, "F", "female" },
        { COLUMN_SEX, "Not known", "not_known" },
        { COLUMN_SEX, "3", NULL },
        { COLUMN_PRISON_NUMBER, "a1234bc", "A1234BC" },
        { COLUMN_PRISON_NUMBER, "A1234 BC", "A1234BC" },
        { COLUMN_PRISON_NUMBER, "A123BC", NULL },
        { COLUMN_PRISON_NUMBER, "A1234B9", NULL },
        { COLUMN_NHS_NUMBER, "943 476 5919", "9434765919" },
        { COLUMN_NHS_NUMBER, "9434765918", NULL },
        { COLUMN_NHS_NUMBER, "94347659190", NULL },
        { COLUMN_CERTAINTY, "Planned", "planned" },
        { COLUMN_CERTAINTY, "maybe", NULL },
        { COLUMN_ROUTE, "Sentence end", "sentence_end" },
        { COLUMN_ROUTE, "re-release", "re_release" },
        { COLUMN_AREA, "northmoor", "northmoor" },
        { COLUMN_AREA, "north moor", NULL },
        { COLUMN_MG, "40", "40" },
        { COLUMN_MG, "0.4", "0.4" },
        { COLUMN_MG, "40mg", NULL },
        { COLUMN_MG, "40 ml", NULL },
        { COLUMN_MG, "-40", NULL },
        { COLUMN_MG, "0", NULL },
        { COLUMN_PRODUCT, "methadone 1mg ml", "methadone_1mg_ml" },
        { COLUMN_PRODUCT, "methadone", NULL },
        { COLUMN_DRUG_1, "3201", "crack" },
        { COLUMN_DRUG_1, "Crack", "crack" },
        { COLUMN_DRUG_1, "other_opiates", "other opiates" },
        { COLUMN_DRUG_1, "9999", NULL },
        { COLUMN_DISCHARGE_REASON, "5", "referred on" },
        { COLUMN_EXIT_REASON, "Released to hospital", "released to hospital" },
        { COLUMN_ADDRESS, "1 High St\nLeeds", "1 High St\nLeeds" },
        { COLUMN_ADDRESS, "1 High St\aLeeds", NULL },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *why = NULL, *value = column_read(&columns[table[i].column], table[i].cell, &why);
        if (g_strcmp0(value, table[i].value) != 0)
            fail_msg("%s \"%s\" is read as %s", columns[table[i].column].name, table[i].cell, value != NULL ? value : why);
        assert_true((value == NULL) == (why != NULL));
        if (why != NULL && strlen(table[i].cell) > 3 && columns[table[i].column].form != FORM_CODE && strstr(why, table[i].cell) != NULL)
            fail_msg("the reason repeats the cell: %s", why);
    }
}

static void test_long_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        g_autofree char *cell = g_strnfill(columns[i].most + 1, 'a'), *why = NULL;
        assert_null(column_read(&columns[i], cell, &why));
        assert_non_null(strstr(why, "longer than"));
    }
}

/* "name=value;name=value" over a whole row, read. */
static Row *row_of(const char *text, Rejects *rejects)
{
    SheetRow from = { .line = 7, .fields = g_ptr_array_new_with_free_func(g_free) };
    int places[COLUMN_COUNT];
    g_auto(GStrv) pairs = g_strsplit(text, ";", -1);
    memset(places, 0xff, sizeof places);
    for (size_t i = 0; pairs[i] != NULL; i++) {
        char *value = strchr(pairs[i], '=');
        assert_non_null(value);
        *value++ = '\0';
        size_t column = 0;
        while (column < COLUMN_COUNT && strcmp(columns[column].name, pairs[i]) != 0)
            column++;
        assert_true(column < COLUMN_COUNT);
        places[column] = (int)from.fields->len;
        g_ptr_array_add(from.fields, g_strdup(value));
    }
    Row *row = row_read(&row_table, &from, places, rejects);
    g_ptr_array_unref(from.fields);
    return row;
}

#define JOHN "first_name=John;surname=Mercer;date_of_birth=1997-03-14;sex=1;prison_number=A1234BC;certainty=likely"
#define JOHN_OUT JOHN ";expected_date=2026-11-24;area=northmoor;area_certainty=confirmed;meet_asked=yes;route=bail"

static void test_rules(void **state)
{
    static const struct { const char *row, *column; } table[] = {
        { JOHN, NULL },
        { JOHN_OUT, NULL },
        { JOHN_OUT ";product=methadone_1mg_ml;mg=40;frequency=once_daily", NULL },
        { JOHN_OUT ";product=methadone_1mg_ml;mg=40", "mg" },
        { JOHN_OUT ";mg=40;frequency=once_daily", "mg" },
        { JOHN_OUT ";supervised=yes", "mg" },
        { JOHN_OUT ";product=other;mg=40;frequency=once_daily", "product_name" },
        { JOHN_OUT ";product=other;product_name=X;mg=40;frequency=once_daily", NULL },
        { JOHN ";withdrawal_reason=remanded", "withdrawal_reason" },
        { JOHN ";area_certainty=confirmed", "area" },
        { JOHN ";area_certainty=disputed", NULL },
        { JOHN ";exit_date=2026-11-24", "exit_date" },
        { JOHN ";mobile_text=yes", "mobile" },
        { JOHN ";mobile=07700 900123;mobile_text=yes", NULL },
        { JOHN ";staff_risk=dog", "two_workers" },
        { JOHN ";reception_date=1997-03-14", "reception_date" },
        { JOHN ";expected_date=1990-01-01", "date_of_birth" },
        { "surname=Mercer;date_of_birth=1997-03-14;prison_number=A1234BC;certainty=withdrawn", "withdrawal_reason" },
        { "surname=Mercer;date_of_birth=1997-03-14;prison_number=A1234BC", "certainty" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Rejects) rejects = rejects_new();
        g_autoptr(Row) row = row_of(table[i].row, rejects);
        if ((row != NULL) != (table[i].column == NULL) || rejects_count(rejects) != (table[i].column != NULL))
            fail_msg("%s: %u rejects: %s", table[i].row, rejects_count(rejects),
                     rejects_count(rejects) > 0 ? rejects_reason(rejects, 0) : "none");
        if (table[i].column != NULL)
            assert_string_equal(rejects_column(rejects, 0), table[i].column);
    }
}

/* Several mistakes are told at once. */
static void test_all_told(void **state)
{
    g_autoptr(Rejects) rejects = rejects_new();
    (void)state;
    assert_null(row_of("surname=;date_of_birth=x;prison_number=1;certainty=planned;mg=40 ml", rejects));
    assert_int_equal(rejects_count(rejects), 4);
}

static void part_fits(const json_t *message, const char *part, const ProtobufCMessageDescriptor *type)
{
    TcProblem problem = { 0 };
    const json_t *json = json_object_get(json_object_get(message, "parts"), part);
    if (json == NULL)
        return;
    g_autoptr(GByteArray) packed = tc_json_pack(type, json, &problem);
    if (packed == NULL)
        fail_msg("%s: %s", part, tc_problem_sentence(&problem));
}

static void message_fits(const json_t *message)
{
    TcProblem problem = { 0 };
    g_autoptr(GByteArray) packed = tc_json_pack(&tc__release_header__descriptor, json_object_get(message, "release"), &problem);
    if (packed == NULL)
        fail_msg("release: %s", tc_problem_sentence(&problem));
    part_fits(message, "minimum", &tc__minimum__descriptor);
    part_fits(message, "clinical", &tc__clinical__descriptor);
    part_fits(message, "risk", &tc__risk__descriptor);
}

static void test_message(void **state)
{
    static const RowTeam team = { "CARAT team", "0113 496 0000", "", "" };
    g_autoptr(Rejects) rejects = rejects_new();
    g_autoptr(Row) row = row_of(JOHN_OUT ";product=methadone_1mg_ml;mg=40;frequency=once_daily;drug_1=1011;drug_2=3201;"
                                "reception_date=2026-10-01;mobile=07700 900123;mobile_text=yes;overdose_history=yes", rejects);
    (void)state;
    assert_non_null(row);
    json_t *message = row_message(row, &team, "oakdale");
    json_t *expected = json_loads(
        "{\"kind\":\"release_notification\",\"release\":{\"certainty\":\"likely\",\"route\":\"bail\",\"expected_date\":\"2026-11-24\","
        "\"prison\":\"oakdale\",\"area\":\"northmoor\",\"area_certainty\":\"confirmed\",\"meet_asked\":\"yes\"},\"parts\":{"
        "\"minimum\":{\"person\":{\"surname\":\"Mercer\",\"forenames\":\"John\",\"date_of_birth\":\"1997-03-14\",\"sex\":\"male\","
        "\"prison_numbers\":[\"A1234BC\"]},\"contacts\":[{\"kind\":\"mobile\",\"value\":\"07700 900123\",\"owner\":\"not_asked\","
        "\"text_allowed\":\"yes\",\"voicemail_allowed\":\"not_asked\",\"letter_allowed\":\"no\",\"state\":\"live\"}],"
        "\"worker\":{\"name\":\"CARAT team\",\"phone\":\"0113 496 0000\"},\"note\":\"Received into prison: 2026-10-01.\"},"
        "\"clinical\":{\"doses\":[{\"product\":\"methadone_1mg_ml\",\"mg\":\"40\",\"frequency\":\"once_daily\"}],"
        "\"assessment\":{\"crack\":\"yes\",\"substances\":[{\"code\":1011},{\"code\":3201}]}},\"risk\":{\"overdose_history\":\"yes\"}}}", 0, NULL);
    assert_non_null(expected);
    if (!json_equal(message, expected))
        fail_msg("the message is %s", json_dumps(message, JSON_INDENT(1)));
    message_fits(message);
    json_decref(expected);
    json_decref(message);
}

static void test_smallest_and_left(void **state)
{
    static const RowTeam nobody = { "", "", "", "" };
    g_autoptr(Rejects) rejects = rejects_new();
    g_autoptr(Row) small = row_of(JOHN, rejects);
    g_autoptr(Row) left = row_of("surname=Mercer;date_of_birth=1997-03-14;prison_number=A1234BC;certainty=happened;"
                                 "expected_date=2026-11-24;exit_date=2026-11-23", rejects);
    (void)state;
    json_t *message = row_message(small, &nobody, "oakdale");
    message_fits(message);
    assert_null(json_object_get(json_object_get(message, "parts"), "clinical"));
    json_decref(message);
    message = row_message(left, &nobody, "oakdale");
    message_fits(message);
    assert_string_equal(json_string_value(json_object_get(json_object_get(message, "release"), "expected_date")), "2026-11-23");
    json_decref(message);
}

/* What each column writes must be where the message has it, and what comes back names the column. */
static void test_paths(void **state)
{
    (void)state;
    assert_string_equal(row_column_of(&row_table, "parts.minimum.person.surname"), "surname");
    assert_string_equal(row_column_of(&row_table, "parts.clinical.doses[0].mg"), "mg");
    assert_string_equal(row_column_of(&row_table, "release.expected_date"), "expected_date");
    assert_string_equal(row_column_of(&row_table, "recipient"), "");
}

static void test_digests(void **state)
{
    g_autoptr(Rejects) rejects = rejects_new();
    g_autoptr(Row) one = row_of(JOHN_OUT, rejects);
    g_autoptr(Row) other_way = row_of("first_name= John ;surname=Mercer;date_of_birth=14/03/1997;sex=M;prison_number=a1234bc;"
                                      "certainty=LIKELY;expected_date=24/11/2026;area=northmoor;area_certainty=confirmed;"
                                      "meet_asked=yes;route=Bail;note=", rejects);
    g_autoptr(Row) changed = row_of(JOHN_OUT ";note=x", rejects);
    g_autofree char *a = row_digest(one), *b = row_digest(other_way), *c = row_digest(changed);
    g_autofree char *who = row_person(one), *same = row_person(changed);
    (void)state;
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    assert_string_equal(who, same);
}

static void test_recipient(void **state)
{
    static const struct { const char *area, *certainty, *service; } table[] = {
        { "northmoor", "confirmed", "northmoor-cjip" },
        { "northmoor", "assumed", "northmoor-cjip" },
        { "northmoor", "disputed", "northmoor-spoc" },
        { "southmoor", "confirmed", "southmoor-spoc" },
        { "southmoor", "disputed", "southmoor-spoc" },
        { "", "unknown", "northmoor-spoc" },
        { "", "disputed", "northmoor-spoc" },
        { "elsewhere", "confirmed", "northmoor-spoc" },
        { "westmoor", "confirmed", "chosen" },
        { "westmoor", "disputed", "northmoor-spoc" },
    };
    (void)state;
    json_t *directory = json_loads(
        "{\"areas\":[{\"code\":\"northmoor\",\"spoc\":\"northmoor-spoc\"},{\"code\":\"southmoor\",\"spoc\":\"southmoor-spoc\"}],"
        "\"services\":[{\"id\":\"z-cjip\",\"kind\":\"cjip\",\"area\":\"northmoor\"},"
        "{\"id\":\"northmoor-cjip\",\"kind\":\"cjip\",\"area\":\"northmoor\"},"
        "{\"id\":\"a\",\"kind\":\"prescriber\",\"area\":\"southmoor\"}]}", 0, NULL);
    g_autoptr(GHashTable) teams = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(teams, "westmoor", "chosen");
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        Recipient recipient = recipient_find(directory, teams, "northmoor", table[i].area, table[i].certainty);
        if (g_strcmp0(recipient.service, table[i].service) != 0)
            fail_msg("%s, %s goes to %s", table[i].area, table[i].certainty, recipient.service);
        g_free(recipient.service);
    }
    json_decref(directory);
}

static char *document(const char *name)
{
    g_autofree char *path = g_build_filename(TC_SOURCE_DIR, "adapters", "carat", name, NULL);
    char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* The page and the manual name every column, the sample has no other, and every row of it is taken. */
static void test_documents(void **state)
{
    g_autofree char *page = document("README.md"), *manual = document("throughcare-carat.1.scd"), *why = NULL;
    g_autofree char *sample = document("sample-releases.csv");
    int places[COLUMN_COUNT];
    (void)state;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        g_autofree char *on_page = g_strdup_printf("`%s`", columns[i].name), *in_manual = g_strdup_printf("*%s*", columns[i].name);
        if (strstr(page, on_page) == NULL || strstr(manual, in_manual) == NULL)
            fail_msg("%s is not documented", columns[i].name);
    }
    g_autoptr(Sheet) sheet = sheet_parse(sample, strlen(sample), &sheet_limits, &why);
    g_autoptr(Rejects) rejects = rejects_new();
    assert_non_null(sheet);
    g_autofree HeadingColumn *heading = column_heading(columns, COLUMN_COUNT);
    if (!heading_match(sheet, heading, COLUMN_COUNT, places, &why))
        fail_msg("%s", why);
    assert_int_equal(sheet->rows->len, 3);
    for (guint i = 0; i < sheet->rows->len; i++) {
        static const RowTeam team = { "", "", "", "" };
        g_autoptr(Row) row = row_read(&row_table, sheet->rows->pdata[i], places, rejects);
        if (row == NULL)
            fail_msg("row %u: %s %s", i, rejects_column(rejects, 0), rejects_reason(rejects, 0));
        json_t *message = row_message(row, &team, "oakdale");
        message_fits(message);
        json_decref(message);
    }
}

static void test_config(void **state)
{
    static const struct { const char *text, *why; } table[] = {
        { "[carat]\npassport=p\nfolder=/f\n", NULL },
        { "[carat]\npassport=p\nfolder=/f\nnotify=/bin/tell 'a b'\nwhole_list=no\nlook_every=5\n[team]\nname=T\n"
          "[recipients]\nwestmoor=w-cjip\n", NULL },
        { "[carat]\npassport=p\n", "[carat] folder: is missing" },
        { "[carat]\npassport=p\nfolder=f\ncolour=red\n", "[carat] colour: is not a setting" },
        { "[carat]\npassport=p\nfolder=f\n[cart]\na=b\n", "[cart]: is not a group" },
        { "[carat]\npassport=p\nfolder=f\nwhole_list=maybe\n", "takes yes or no" },
        { "[carat]\npassport=p\nfolder=f\nlook_every=0\n", "[carat] look_every" },
        { "[carat]\npassport=p\nfolder=f\nnotify=\"\n", "takes a command" },
        { "passport=p\n", "" },
    };
    (void)state;
    g_autofree char *folder = g_dir_make_tmp("tc-carat-XXXXXX", NULL), *path = g_build_filename(folder, "carat.conf", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *why = NULL;
        assert_true(g_file_set_contents(path, table[i].text, -1, NULL));
        g_autoptr(Config) config = config_read(path, &why);
        if ((config != NULL) != (table[i].why == NULL) || (why != NULL && strstr(why, table[i].why) == NULL))
            fail_msg("case %zu: %s", i, why);
        if (config != NULL)
            assert_true(g_str_has_prefix(config->passport, folder));
    }
    g_remove(path);
    g_rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),     cmocka_unit_test(test_long_cells),        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_all_told),  cmocka_unit_test(test_message),           cmocka_unit_test(test_smallest_and_left),
        cmocka_unit_test(test_paths),     cmocka_unit_test(test_digests),           cmocka_unit_test(test_recipient),
        cmocka_unit_test(test_documents), cmocka_unit_test(test_config),
    };
    return cmocka_run_group_tests_name("carat_row", tests, NULL, NULL);
}
