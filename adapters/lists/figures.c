#include "adapters/lists/figures.h"

#include "adapters/lists/build.h"

#include <string.h>

#define COUNT_PATH "count."
#define COUNT_AGREED COUNT_PATH "agreed"

static const char *text_in(const json_t *json, const char *const *path)
{
    for (; *path != NULL; path++)
        json = json_object_get(json, *path);
    const char *text = json_string_value(json);
    return text == NULL ? "" : text;
}

/* ---- Who counts ---- */

static json_t *service_of(const json_t *directory, const char *id)
{
    size_t i;
    json_t *service;
    json_array_foreach (json_object_get(directory, "services"), i, service)
        if (g_strcmp0(json_string_value(json_object_get(service, "id")), id) == 0)
            return service;
    return NULL;
}

/* The caller frees; NULL: this area has none. */
static char *reporting_service(TcClient *client)
{
    size_t i;
    json_t *service;
    json_auto_t *directory = tc_client_directory(client), *status = tc_client_status(client);
    const json_t *own = service_of(directory, json_string_value(json_object_get(status, "service")));
    const char *area = json_string_value(json_object_get(own, "area"));
    json_array_foreach (json_object_get(directory, "services"), i, service)
        if (g_strcmp0(json_string_value(json_object_get(service, "kind")), "dat") == 0 && area != NULL
            && g_strcmp0(json_string_value(json_object_get(service, "area")), area) == 0)
            return g_strdup(json_string_value(json_object_get(service, "id")));
    return NULL;
}

/* ---- What is counted ---- */

static const char *age_band(const char *born, int64_t now)
{
    static const struct { int from; const char *name; } bands[] = {
        { 65, "from_65" }, { 55, "from_55_to_64" }, { 45, "from_45_to_54" }, { 35, "from_35_to_44" }, { 25, "from_25_to_34" }, { 18, "from_18_to_24" }, { 0, "under_18" },
    };
    g_autoptr(GDateTime) today = g_date_time_new_from_unix_utc(now / G_USEC_PER_SEC);
    g_autofree char *text = g_date_time_format(today, "%Y-%m-%d");
    if (strlen(born) != strlen("1990-01-01"))
        return NULL;
    int age = atoi(text) - atoi(born) - (strcmp(text + 4, born + 4) < 0);
    for (size_t i = 0; i < G_N_ELEMENTS(bands); i++)
        if (age >= bands[i].from)
            return bands[i].name;
    return NULL;
}

static void count_one(json_t *figures, const char *what, const char *value)
{
    if (value != NULL && value[0] != '\0')
        json_object_set_new(figures, what, json_string(value));
}

static bool is_agreed(const Row *row)
{
    for (size_t i = 0; i < row->table->count; i++)
        if (strcmp(row->table->columns[i].path, COUNT_AGREED) == 0)
            return strcmp(row->values[i], "yes") == 0;
    return false;
}

static json_t *figures_of(const Row *row, int64_t now)
{
    json_auto_t *message = json_object();
    json_t *figures = json_object();
    build_columns(message, row);
    for (size_t i = 0; i < row->table->count; i++) {
        const char *path = row->table->columns[i].path;
        if (g_str_has_prefix(path, COUNT_PATH) && strcmp(path, COUNT_AGREED) != 0)
            count_one(figures, path + strlen(COUNT_PATH), row->values[i]);
    }
    count_one(figures, "age", age_band(text_in(message, (const char *const[]){ "parts", "minimum", "person", "date_of_birth", NULL }), now));
    count_one(figures, "sex", text_in(message, (const char *const[]){ "parts", "minimum", "person", "sex", NULL }));
    count_one(figures, "naloxone", text_in(message, (const char *const[]){ "parts", "clinical", "naloxone", NULL }));
    count_one(figures, "pregnant", text_in(message, (const char *const[]){ "parts", "risk", "pregnant", NULL }));
    return figures;
}

bool figures_send(TcClient *client, const Row *row, const char *key, TcError *error)
{
    char id[37];
    g_autofree char *recipient = is_agreed(row) ? reporting_service(client) : NULL, *sent_as = g_strdup_printf("figures.%s", key);
    json_t *figures = recipient == NULL ? NULL : figures_of(row, tc_client_now(client));
    if (figures == NULL || json_object_size(figures) == 0) {
        json_decref(figures);
        return true;
    }
    json_auto_t *message = json_pack("{s:s, s:s, s:{s:s, s:[s]}, s:{s:{s:o}}}", "kind", "figures", "recipient", recipient, "consent", "state", "given", "purposes",
                                     "reporting", "parts", "minimum", "figures", figures);
    return tc_client_send(client, message, sent_as, id, error);
}
