/* A row as a release notification (row_message of row.h).
 *
 * Each column goes where column.def says, the substances into the assessment by their national numbers; what the wire has no place for
 * (reasons, the stay) is put into words in the sealed notes: clinical things in the clinical part, the rest in the minimum. An empty cell of a code that the message
 * must have becomes "not_asked". Fails never: the SDK checks the result against the wire's limits. */
#include "adapters/carat/codes.h"
#include "adapters/carat/row.h"

#include <string.h>

#define VALUE(row, id) ((row)->values[COLUMN_##id])
#define GIVEN(row, id) (VALUE(row, id)[0] != '\0')

/* The member `name` of an object, made when it is missing; "doses[0]" is the first of a list. Borrowed. */
static json_t *message_inside(json_t *object, const char *name, size_t len)
{
    bool listed = len > 3 && strncmp(name + len - 3, "[0]", 3) == 0;
    g_autofree char *key = g_strndup(name, listed ? len - 3 : len);
    json_t *inside = json_object_get(object, key);
    if (inside == NULL) {
        inside = listed ? json_pack("[{}]") : json_object();
        json_object_set_new(object, key, inside);
    }
    return listed ? json_array_get(inside, 0) : inside;
}

static void message_set(json_t *object, const char *path, const char *value)
{
    const char *dot;
    while ((dot = strchr(path, '.')) != NULL) {
        object = message_inside(object, path, (size_t)(dot - path));
        path = dot + 1;
    }
    size_t len = strlen(path);
    if (g_str_has_suffix(path, "[0]")) {
        g_autofree char *key = g_strndup(path, len - 3);
        json_object_set_new(object, key, json_pack("[s]", value));
    } else {
        json_object_set_new(object, path, json_string(value));
    }
}

static void message_default(json_t *message, const char *path, const char *given)
{
    if (given[0] == '\0')
        message_set(message, path, "not_asked");
}

static void message_defaults(json_t *message, const Row *row)
{
    message_default(message, "release.route", VALUE(row, ROUTE));
    message_default(message, "release.area_certainty", VALUE(row, AREA_CERTAINTY));
    message_default(message, "release.meet_asked", VALUE(row, MEET_ASKED));
    if (!GIVEN(row, MOBILE))
        return;
    message_set(message, "parts.minimum.contacts[0].kind", "mobile");
    message_set(message, "parts.minimum.contacts[0].state", "live");
    message_set(message, "parts.minimum.contacts[0].letter_allowed", "no");
    message_default(message, "parts.minimum.contacts[0].owner", VALUE(row, MOBILE_OWNER));
    message_default(message, "parts.minimum.contacts[0].text_allowed", VALUE(row, MOBILE_TEXT));
    message_default(message, "parts.minimum.contacts[0].voicemail_allowed", VALUE(row, MOBILE_VOICEMAIL));
}

static void words_add(GString *words, const char *what, const char *value)
{
    if (value[0] != '\0')
        g_string_append_printf(words, "%s%s: %s.", words->len > 0 ? "\n" : "", what, value);
}

/* The substances in order, by their national numbers. Whether crack is among them is always said; where it is not, it was not asked. */
static void clinical_substances(json_t *message, const Row *row)
{
    enum { CRACK = 3201 };
    const char *drugs[] = { VALUE(row, DRUG_1), VALUE(row, DRUG_2), VALUE(row, DRUG_3) };
    json_t *substances = json_array();
    bool crack = false;
    for (size_t i = 0; i < G_N_ELEMENTS(drugs); i++) {
        int number = drugs[i][0] == '\0' ? 0 : codes_number("drug", drugs[i]);
        if (number != 0)
            json_array_append_new(substances, json_pack("{s:i}", "code", number));
        crack = crack || number == CRACK;
    }
    if (json_array_size(substances) > 0) {
        message_set(message, "parts.clinical.assessment.crack", crack ? "yes" : "not_asked");
        json_object_set(json_object_get(json_object_get(json_object_get(message, "parts"), "clinical"), "assessment"), "substances", substances);
    }
    json_decref(substances);
}

static void clinical_words(json_t *message, const Row *row)
{
    g_autoptr(GString) words = g_string_new(NULL);
    words_add(words, "Discharge from treatment in prison", VALUE(row, DISCHARGE_REASON));
    if (words->len > 0)
        message_set(message, "parts.clinical.note", words->str);
}

static void minimum_words(json_t *message, const Row *row)
{
    g_autoptr(GString) words = g_string_new(VALUE(row, NOTE));
    words_add(words, "Received into prison", VALUE(row, RECEPTION_DATE));
    words_add(words, "Left prison", VALUE(row, EXIT_DATE));
    words_add(words, "Why", VALUE(row, EXIT_REASON));
    words_add(words, "Area gone to", VALUE(row, EXIT_DESTINATION));
    words_add(words, "Referral on release", VALUE(row, REFERRAL_ON_RELEASE));
    if (words->len > 0)
        message_set(message, "parts.minimum.note", words->str);
}

static void message_team(json_t *message, const RowTeam *team)
{
    const struct { const char *path, *value; } fields[] = {
        { "parts.minimum.worker.name", team->name },   { "parts.minimum.worker.phone", team->phone },
        { "parts.minimum.worker.email", team->email }, { "parts.minimum.worker.available", team->available },
    };
    for (size_t i = 0; team->name[0] != '\0' && i < G_N_ELEMENTS(fields); i++)
        if (fields[i].value[0] != '\0')
            message_set(message, fields[i].path, fields[i].value);
}

json_t *row_message(const Row *row, const RowTeam *team, const char *prison)
{
    json_t *message = json_object();
    message_set(message, "kind", "release_notification");
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (columns[i].path[0] != '\0' && row->values[i][0] != '\0')
            message_set(message, columns[i].path, row->values[i]);
    message_set(message, "release.prison", prison);
    if (row_expected(row)[0] != '\0')
        message_set(message, "release.expected_date", row_expected(row));
    message_defaults(message, row);
    clinical_substances(message, row);
    clinical_words(message, row);
    minimum_words(message, row);
    message_team(message, team);
    return message;
}
