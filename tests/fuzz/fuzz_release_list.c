/* Rows under every column a release list may have. Whatever row is taken must make a message that the wire takes. */
#include "fuzz.h"

#include "adapters/carat/row.h"
#include "proto/json.h"
#include "throughcare.pb-c.h"

static void part_check(const json_t *parts, const char *name, const ProtobufCMessageDescriptor *type)
{
    TcProblem problem = { 0 };
    const json_t *part = json_object_get(parts, name);
    g_autoptr(GByteArray) packed = part != NULL ? tc_json_pack(type, part, &problem) : NULL;
    if (part != NULL && packed == NULL)
        g_error("%s: %s", name, tc_problem_sentence(&problem));
}

static void row_check(const Row *row)
{
    static const RowTeam team = { "Team", "", "", "" };
    TcProblem problem = { 0 };
    json_t *message = row_message(row, &team, "oakdale");
    const json_t *parts = json_object_get(message, "parts");
    g_autoptr(GByteArray) packed = tc_json_pack(&tc__release_header__descriptor, json_object_get(message, "release"), &problem);
    if (packed == NULL)
        g_error("release: %s", tc_problem_sentence(&problem));
    part_check(parts, "minimum", &tc__minimum__descriptor);
    part_check(parts, "clinical", &tc__clinical__descriptor);
    part_check(parts, "risk", &tc__risk__descriptor);
    json_decref(message);
    g_autofree char *digest = row_digest(row), *person = row_person(row);
    g_assert(strlen(digest) == 64 && strlen(person) == 64);
}

/* The columns come first, in the order of the table, so that the fuzzer spends its time on cells. */
static GString *list_of(const uint8_t *data, size_t size)
{
    GString *list = g_string_new(NULL);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        g_string_append_printf(list, "%s%s", i > 0 ? "," : "", columns[i].name);
    g_string_append_c(list, '\n');
    g_string_append_len(list, (const char *)data, (gssize)size);
    return list;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *why = NULL;
    int places[COLUMN_COUNT];
    g_autoptr(GString) list = list_of(data, size);
    g_autoptr(Sheet) sheet = sheet_parse(list->str, list->len, &sheet_limits, &why);
    if (sheet == NULL)
        return 0;
    g_autofree HeadingColumn *heading = column_heading(columns, COLUMN_COUNT);
    g_assert(heading_match(sheet, heading, COLUMN_COUNT, places, &why));
    for (guint i = 0; i < sheet->rows->len; i++) {
        g_autoptr(Rejects) rejects = rejects_new();
        g_autoptr(Row) row = row_read(&row_table, sheet->rows->pdata[i], places, rejects);
        g_assert((row == NULL) == (rejects_count(rejects) > 0));
        if (row != NULL)
            row_check(row);
    }
    return 0;
}
