/* throughcare-arrest-referral: a custody suite's export, with screening and test-on-arrest results, becomes referrals; who took each comes back. */
#include "adapters/cases/adapter.h"
#include "adapters/cases/person.h"

#include <string.h>

typedef enum ColumnId {
#define CASE_COLUMN(id, ...) COLUMN_##id,
#include "adapters/arrest-referral/column.def"
#include "adapters/cases/person.def"
#undef CASE_COLUMN
    COLUMN_COUNT
} ColumnId;

static const Column columns[COLUMN_COUNT] = {
#define CASE_COLUMN(id, name, need, form, list, most, path) [COLUMN_##id] = { name, NEED_##need, FORM_##form, list, most, path },
#include "adapters/arrest-referral/column.def"
#include "adapters/cases/person.def"
#undef CASE_COLUMN
};

#define VALUE(row, id) ((row)->values[COLUMN_##id])
#define GIVEN(row, id) (VALUE(row, id)[0] != '\0')

static bool refers(const Row *row) { return strcmp(VALUE(row, REFER), "yes") == 0; }
static bool surname_missing(const Row *row) { return refers(row) && !GIVEN(row, SURNAME); }
static bool birth_missing(const Row *row) { return refers(row) && !GIVEN(row, DATE_OF_BIRTH); }
static bool two_ways(const Row *row) { return GIVEN(row, TO) && (GIVEN(row, AREA) || GIVEN(row, SERVICE_KIND) || GIVEN(row, NEEDS)); }

static const RowRule rules[] = {
    { surname_missing, COLUMN_SURNAME, "is empty, and a referral needs it" },
    { birth_missing, COLUMN_DATE_OF_BIRTH, "is empty, and a referral needs it" },
    { two_ways, COLUMN_TO, "names a service, and area, service_kind or needs ask for any that fits: which is right?" },
    PERSON_RULES,
};
static const size_t whose[] = { COLUMN_CUSTODY_NUMBER, COLUMN_SURNAME };
static const RowTable table = { columns, COLUMN_COUNT, rules, G_N_ELEMENTS(rules), whose, G_N_ELEMENTS(whose) };
static const Act acts[] = { { "referral", ACT_STARTS, "", "referral", "" } };

/* ---- What the custody record does not say in the protocol's words ---- */

static bool takes_crack(const json_t *message)
{
    const json_t *clinical = json_object_get(json_object_get(message, "parts"), "clinical");
    const char *crack = json_string_value(json_object_get(json_object_get(clinical, "assessment"), "crack"));
    return crack != NULL && strcmp(crack, "yes") == 0;
}

static void finish_words(json_t *message, const Row *row)
{
    g_autoptr(GString) words = g_string_new(VALUE(row, NOTE)), clinical = g_string_new(NULL);
    build_words(words, "Required assessment", VALUE(row, REQUIRED_ASSESSMENT));
    build_words(words, "Screened by", VALUE(row, SCREENED_BY));
    build_words(clinical, "Test on arrest", VALUE(row, TEST_ON_ARREST));
    if (words->len > 0)
        build_set(message, "parts.minimum.note", words->str);
    if (clinical->len > 0)
        build_set(message, "parts.clinical.note", clinical->str);
}

/* To whoever fits in the own area, unless the row says more; by the hour that they leave the cell, else the same day. */
static void finish(json_t *message, const Row *row, const char *own_area)
{
    finish_words(message, row);
    if (!GIVEN(row, URGENCY))
        build_set(message, "urgency", GIVEN(row, LEAVES_CELL_AT) ? "before_leaves_cell" : "same_day");
    if (!GIVEN(row, PATHWAY))
        build_set(message, "referral.pathway", takes_crack(message) ? "crack" : "community_stabilisation");
    if (GIVEN(row, TO))
        return;
    if (!GIVEN(row, AREA))
        build_set(message, "request.area", own_area);
    if (!GIVEN(row, SERVICE_KIND))
        build_set(message, "request.kind", "cjip");
}

static const CaseAdapter adapter = {
    .program = "throughcare-arrest-referral", .group = "arrest-referral", .acts = { &table, acts, G_N_ELEMENTS(acts) },
    .reference = "custody_number", .wanted = refers, .finish = finish,
    .empty = "the export has columns and no rows",
    .summary = "Refers people from a custody suite. Drop its export, a CSV file, into the folder's in/: one row a custody record.\n"
               "\n"
               "  in/        put exports here; write under another name, then rename to NAME.csv\n"
               "  done/      exports that were read, as they came\n"
               "  rejected/  NAME.rejects.csv: each row that was not sent: line, whose it is, column, what stands there, reason\n"
               "  answers/   cases.csv: who took each person on, and how to reach them\n"
               "\n"
               "Rows with refer=no are left alone. The same custody number in the next export is a newer version if something changed, and\n"
               "nothing if not. A row that names no service goes to whichever CJIP team of the area fits.",
    .description = "Settings (CONFIG is a key file):\n"
                   "  [arrest-referral]\n"
                   "  passport=arrest.passport       as the area's authority gave it\n"
                   "  folder=/srv/arrest             the folder above\n"
                   "  notify=/usr/local/bin/tell     run with two more arguments, a word and a sentence, when somebody must look\n"
                   "\n"
                   "Columns that an export must have: custody_number, refer. All columns and codes: throughcare-arrest-referral(1).\n"
                   "\n"
                   "Exit codes: 0 fine; 1 could not begin; 2 wrong words or settings; 3 with --once, some rows were rejected or refused.\n",
};

int main(int argc, char **argv) { return adapter_main(&adapter, argc, argv); }
