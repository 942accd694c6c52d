/* A row as a release notification (row_message of row.h).
 *
 * Each column goes where column.def says, the substances into the assessment by their national numbers; what the wire has no place for
 * (reasons, the stay) is put into words in the sealed notes: clinical things in the clinical part, the rest in the minimum. An empty cell of a code that the message
 * must have becomes "not_asked". Fails never: the SDK checks the result against the wire's limits. */
#include "adapters/carat/row.h"
#include "adapters/lists/build.h"

#include <string.h>

#define VALUE(row, id) ((row)->values[COLUMN_##id])
#define GIVEN(row, id) (VALUE(row, id)[0] != '\0')

static void message_defaults(json_t *message, const Row *row)
{
    build_default(message, "release.route", VALUE(row, ROUTE));
    build_default(message, "release.area_certainty", VALUE(row, AREA_CERTAINTY));
    build_default(message, "release.meet_asked", VALUE(row, MEET_ASKED));
    build_mobile(message);
}

static void clinical_substances(json_t *message, const Row *row)
{
    const char *const drugs[] = { VALUE(row, DRUG_1), VALUE(row, DRUG_2), VALUE(row, DRUG_3) };
    build_substances(message, drugs, G_N_ELEMENTS(drugs), "");
}

static void clinical_words(json_t *message, const Row *row)
{
    g_autoptr(GString) words = g_string_new(NULL);
    build_words(words, "Discharge from treatment in prison", VALUE(row, DISCHARGE_REASON));
    if (words->len > 0)
        build_set(message, "parts.clinical.note", words->str);
}

static void minimum_words(json_t *message, const Row *row)
{
    g_autoptr(GString) words = g_string_new(VALUE(row, NOTE));
    build_words(words, "Received into prison", VALUE(row, RECEPTION_DATE));
    build_words(words, "Left prison", VALUE(row, EXIT_DATE));
    build_words(words, "Why", VALUE(row, EXIT_REASON));
    build_words(words, "Area gone to", VALUE(row, EXIT_DESTINATION));
    build_words(words, "Referral on release", VALUE(row, REFERRAL_ON_RELEASE));
    if (words->len > 0)
        build_set(message, "parts.minimum.note", words->str);
}

static void message_team(json_t *message, const RowTeam *team)
{
    const struct { const char *path, *value; } fields[] = {
        { "parts.minimum.worker.name", team->name },   { "parts.minimum.worker.phone", team->phone },
        { "parts.minimum.worker.email", team->email }, { "parts.minimum.worker.available", team->available },
    };
    for (size_t i = 0; team->name[0] != '\0' && i < G_N_ELEMENTS(fields); i++)
        if (fields[i].value[0] != '\0')
            build_set(message, fields[i].path, fields[i].value);
}

json_t *row_message(const Row *row, const RowTeam *team, const char *prison)
{
    json_t *message = json_object();
    build_set(message, "kind", "release_notification");
    build_columns(message, row);
    build_set(message, "release.prison", prison);
    if (row_expected(row)[0] != '\0')
        build_set(message, "release.expected_date", row_expected(row));
    message_defaults(message, row);
    clinical_substances(message, row);
    clinical_words(message, row);
    minimum_words(message, row);
    message_team(message, team);
    return message;
}
