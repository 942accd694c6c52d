/* throughcare-tier3: a service's case system, by CSV both ways: what came for it goes out as cases.csv, what it did comes back as lists. */
#include "adapters/cases/adapter.h"
#include "adapters/cases/person.h"

#include <string.h>

typedef enum ColumnId {
#define CASE_COLUMN(id, ...) COLUMN_##id,
#include "adapters/tier3/column.def"
#include "adapters/cases/person.def"
#undef CASE_COLUMN
    COLUMN_COUNT
} ColumnId;

static const Column columns[COLUMN_COUNT] = {
#define CASE_COLUMN(id, name, need, form, list, most, path) [COLUMN_##id] = { name, NEED_##need, FORM_##form, list, most, path },
#include "adapters/tier3/column.def"
#include "adapters/cases/person.def"
#undef CASE_COLUMN
};

#define GIVEN(row, id) ((row)->values[COLUMN_##id][0] != '\0')

static bool neither(const Row *row) { return !GIVEN(row, CASE) && !GIVEN(row, REFERENCE); }
static bool two_ways(const Row *row) { return GIVEN(row, TO) && (GIVEN(row, AREA) || GIVEN(row, SERVICE_KIND) || GIVEN(row, NEEDS)); }

static bool nobody_accepts(const Row *row) { return strcmp(row->values[COLUMN_ACT], "accept") == 0 && !GIVEN(row, WORKER_NAME); }

static const RowRule rules[] = {
    { neither, COLUMN_CASE, "is empty, and so is reference: one of them says which client it is about" },
    { two_ways, COLUMN_TO, "names a service, and area, service_kind or needs ask for any that fits: which is right?" },
    { nobody_accepts, COLUMN_WORKER_NAME, "is needed to accept: who will see the client, and how to reach them" },
    PERSON_RULES,
};
static const size_t whose[] = { COLUMN_CASE, COLUMN_REFERENCE, COLUMN_SURNAME };
static const RowTable table = { columns, COLUMN_COUNT, rules, G_N_ELEMENTS(rules), whose, G_N_ELEMENTS(whose) };

static const Act acts[] = {
#define TIER3_ACT(name, place, on, kind, fields) { name, ACT_##place, on, kind, fields },
#include "adapters/tier3/act.def"
#undef TIER3_ACT
};

static const CaseAdapter adapter = {
    .program = "throughcare-tier3", .group = "tier3", .acts = { &table, acts, G_N_ELEMENTS(acts) }, .reference = "case",
    .empty = "the list has columns and no rows",
    .summary = "Joins a service's case system by lists. Drop a CSV file into the folder's in/: one row an act on a case.\n"
               "\n"
               "  in/        put lists here; write under another name, then rename to NAME.csv\n"
               "  done/      lists that were read, as they came\n"
               "  rejected/  NAME.rejects.csv: each row that was not sent: line, whose it is, column, what stands there, reason\n"
               "  answers/   cases.csv: what came for this service and what became of what it sent, with a reference for each\n"
               "\n"
               "act says what a row does: referral, offer, drop_out start something for a `case`; accept, decline, redirect, ask, already_open,\n"
               "appointment, moved, client_cancelled, service_cancelled, attendance, started, completed, left, attempt, re_engaged, withdraw follow what a\n"
               "`reference` of cases.csv (or the case) stands for. A row that was there before changes nothing, so a list may be a whole export.",
    .description = "Settings (CONFIG is a key file):\n"
                   "  [tier3]\n"
                   "  passport=tier3.passport        as the area's authority gave it\n"
                   "  folder=/srv/tier3              the folder above\n"
                   "  notify=/usr/local/bin/tell     run with two more arguments, a word and a sentence, when somebody must look\n"
                   "\n"
                   "A list must have the column act. All columns and codes: throughcare-tier3(1).\n"
                   "\n"
                   "Exit codes: 0 fine; 1 could not begin; 2 wrong words or settings; 3 with --once, some rows were rejected or refused.\n",
};

int main(int argc, char **argv) { return adapter_main(&adapter, argc, argv); }
