#include "adapters/lists/failure.h"

#include <string.h>

static bool failure_passes(const TcError *error)
{
    static const char *const codes[] = { "spool", "spool_full", "keys", "passport", "directory_expired", "database_away",
                                         "busy", "clock_ahead", "clock_stopped" };
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (strcmp(error->code, codes[i]) == 0)
            return true;
    return false;
}

ListRow failure_of(const RowTable *table, const TcError *error, const char **column, char **why)
{
    *why = g_strdup_printf("%s (%s)", error->text, error->code);
    if (failure_passes(error))
        return LIST_ROW_LATER;
    *column = row_column_of(table, error->field);
    return LIST_ROW_REFUSED;
}

static const char *text_of(const json_t *json, const char *member)
{
    const char *text = json_string_value(json_object_get(json, member));
    return text != NULL ? text : "";
}

char *failure_sentence(const TcEvent *event)
{
    const json_t *error = json_object_get(event->json, "error");
    const char *code = text_of(json_is_object(error) ? error : event->json, "code");
    const char *text = text_of(json_is_object(error) ? error : event->json, "text");
    if (event->type == TC_EVENT_EXPIRED)
        return g_strdup("no broker could be reached for so long that the message is too old to send: put the row into a new list");
    return g_strdup_printf("the broker refused it: %s (%s)", text[0] != '\0' ? text : "see the log", code[0] != '\0' ? code : "no code");
}
