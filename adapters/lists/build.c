#include "adapters/lists/build.h"

#include "adapters/lists/codes.h"

#include <string.h>

/* The member `name` of an object, made when it is missing; "doses[0]" is the first of a list. Borrowed. */
static json_t *build_inside(json_t *object, const char *name, size_t len)
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

/* The object at a dotted path, made where it is missing. Borrowed. */
static json_t *build_inside_all(json_t *object, const char *path)
{
    for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1)
        object = build_inside(object, path, (size_t)(dot - path));
    return build_inside(object, path, strlen(path));
}

void build_set(json_t *object, const char *path, const char *value)
{
    const char *dot;
    while ((dot = strchr(path, '.')) != NULL) {
        object = build_inside(object, path, (size_t)(dot - path));
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

void build_default(json_t *message, const char *path, const char *given)
{
    if (given[0] == '\0')
        build_set(message, path, "not_asked");
}

static void build_list(json_t *message, const char *path, const char *value)
{
    const char *dot = strrchr(path, '.');
    g_autofree char *parent = dot == NULL ? NULL : g_strndup(path, (gsize)(dot - path));
    json_t *object = parent == NULL ? message : build_inside_all(message, parent), *list = json_array();
    g_auto(GStrv) each = g_strsplit(value, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++)
        json_array_append_new(list, json_string(each[i]));
    json_object_set_new(object, dot == NULL ? path : dot + 1, list);
}

void build_columns(json_t *message, const Row *row)
{
    for (size_t i = 0; i < row->table->count; i++) {
        const Column *column = &row->table->columns[i];
        if (column->path[0] == '\0' || row->values[i][0] == '\0' || g_str_has_prefix(column->path, "count."))
            continue;
        if (column->form == FORM_CODES || column->form == FORM_NAMES)
            build_list(message, column->path, row->values[i]);
        else
            build_set(message, column->path, row->values[i]);
    }
}

void build_words(GString *words, const char *what, const char *value)
{
    if (value[0] != '\0')
        g_string_append_printf(words, "%s%s: %s.", words->len > 0 ? "\n" : "", what, value);
}

void build_substances(json_t *message, const char *const *labels, size_t count, const char *crack)
{
    enum { CRACK = 3201 };
    json_t *substances = json_array();
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        int number = labels[i][0] == '\0' ? 0 : codes_number("drug", labels[i]);
        if (number != 0)
            json_array_append_new(substances, json_pack("{s:i}", "code", number));
        found = found || number == CRACK;
    }
    if (json_array_size(substances) > 0 || crack[0] != '\0') {
        build_set(message, "parts.clinical.assessment.crack", found ? "yes" : crack[0] != '\0' ? crack : "not_asked");
        json_object_set(build_inside_all(message, "parts.clinical.assessment"), "substances", substances);
    }
    json_decref(substances);
}

void build_mobile(json_t *message)
{
    static const char *const asked[] = { "owner", "text_allowed", "voicemail_allowed" };
    json_t *minimum = json_object_get(json_object_get(message, "parts"), "minimum");
    json_t *channel = json_array_get(json_object_get(minimum, "contacts"), 0);
    if (channel == NULL)
        return;
    json_object_set_new(channel, "kind", json_string("mobile"));
    json_object_set_new(channel, "state", json_string("live"));
    json_object_set_new(channel, "letter_allowed", json_string("no"));
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++)
        if (json_object_get(channel, asked[i]) == NULL)
            json_object_set_new(channel, asked[i], json_string("not_asked"));
}
