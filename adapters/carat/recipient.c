#include "adapters/carat/recipient.h"

#include <stdbool.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

static const json_t *entry_of(const json_t *directory, const char *list, const char *member, const char *value)
{
    size_t i;
    const json_t *entry;
    json_array_foreach(json_object_get(directory, list), i, entry)
        if (strcmp(text_of(entry, member), value) == 0)
            return entry;
    return NULL;
}

const json_t *recipient_service(const json_t *directory, const char *service)
{
    return entry_of(directory, "services", "id", service);
}

/* The first by name, so that the choice does not hang on the order of the directory. */
static const char *team_of(const json_t *directory, const char *area)
{
    const char *team = NULL;
    size_t i;
    const json_t *entry;
    json_array_foreach(json_object_get(directory, "services"), i, entry) {
        if (strcmp(text_of(entry, "kind"), "cjip") != 0 || strcmp(text_of(entry, "area"), area) != 0)
            continue;
        if (team == NULL || strcmp(text_of(entry, "id"), team) < 0)
            team = text_of(entry, "id");
    }
    return team;
}

static Recipient recipient_spoc(const json_t *directory, const char *area, const char *reason)
{
    const json_t *entry = entry_of(directory, "areas", "code", area);
    const char *spoc = text_of(entry, "spoc");
    return (Recipient){ .service = spoc[0] != '\0' ? g_strdup(spoc) : NULL, .reason = reason };
}

Recipient recipient_find(const json_t *directory, GHashTable *teams, const char *own_area, const char *area, const char *certainty)
{
    bool known = area[0] != '\0' && entry_of(directory, "areas", "code", area) != NULL;
    const char *team = area[0] != '\0' ? g_hash_table_lookup(teams, area) : NULL;
    if (strcmp(certainty, "disputed") == 0)
        return recipient_spoc(directory, known ? area : own_area, "the area is disputed");
    if (area[0] == '\0')
        return recipient_spoc(directory, own_area, "the area is not known");
    if (team == NULL)
        team = known ? team_of(directory, area) : NULL;
    if (team != NULL)
        return (Recipient){ .service = g_strdup(team), .reason = "" };
    return recipient_spoc(directory, known ? area : own_area,
                          known ? "the area has no criminal justice team in the directory" : "the area is not in the directory");
}
