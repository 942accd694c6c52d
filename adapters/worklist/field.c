#include "adapters/worklist/field.h"

#include "adapters/station/words.h"
#include "adapters/worklist/request.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"
#include "throughcare.pb-c.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

/* ---- What it is ---- */

static const ProtobufCMessageDescriptor *part_of(const char *name)
{
    const struct { const char *name; const ProtobufCMessageDescriptor *descriptor; } parts[] = {
        { "minimum", &tc__minimum__descriptor }, { "clinical", &tc__clinical__descriptor }, { "risk", &tc__risk__descriptor } };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strcmp(name, parts[i].name) == 0)
            return parts[i].descriptor;
    return NULL;
}

static const ProtobufCFieldDescriptor *descriptor_of(const Field *field)
{
    const ProtobufCMessageDescriptor *within = &tc__header__descriptor;
    const ProtobufCFieldDescriptor *found = NULL;
    g_auto(GStrv) each = g_strsplit(field->path, ".", -1);
    size_t i = 0;
    if (strcmp(each[0], "parts") == 0) {
        within = part_of(each[1]);
        i = 2;
    }
    for (; each[i] != NULL && within != NULL; i++) {
        each[i][strcspn(each[i], "[")] = '\0';
        found = protobuf_c_message_descriptor_get_field_by_name(within, each[i]);
        within = found != NULL && found->type == PROTOBUF_C_TYPE_MESSAGE ? found->descriptor : NULL;
    }
    g_assert(found != NULL); /* a path of forms.def */
    return found;
}

FieldType field_type(const Field *field)
{
    const ProtobufCFieldDescriptor *descriptor = descriptor_of(field);
    if (field->area)
        return FIELD_AREA;
    if (strcmp(field->path, "recipient") == 0 || descriptor->type == PROTOBUF_C_TYPE_ENUM)
        return FIELD_CHOICE;
    if (descriptor->type == PROTOBUF_C_TYPE_INT64)
        return FIELD_TIME;
    if (descriptor->type == PROTOBUF_C_TYPE_UINT32)
        return FIELD_NUMBER;
    return g_str_has_suffix(field->path, "_date") || g_str_has_suffix(field->path, "date_of_birth") ? FIELD_DAY : FIELD_TEXT;
}

/* ---- What was typed ---- */

static const char *typed_part(const GHashTable *typed, const Field *field, const char *part)
{
    g_autofree char *name = g_strconcat(field->path, "-", part, NULL);
    return request_value(typed, name);
}

/* "2026-11-25" of three boxes; NULL: nothing in any of them, or *problem. */
static char *typed_day(const Field *field, const GHashTable *typed, const char **problem)
{
    const char *day = typed_part(typed, field, "day"), *month = typed_part(typed, field, "month"), *year = typed_part(typed, field, "year");
    if (*day == '\0' && *month == '\0' && *year == '\0')
        return NULL;
    if (strspn(day, "0123456789") == strlen(day) && strspn(month, "0123456789") == strlen(month) && strspn(year, "0123456789") == strlen(year) && strlen(year) == 4) {
        g_autofree char *date = g_strdup_printf("%s-%02d-%02d", year, atoi(month), atoi(day));
        if (tc_date_valid(date, strlen(date)))
            return g_steal_pointer(&date);
    }
    *problem = N_("Write a day that exists, as 25 11 2026");
    return NULL;
}

static json_t *typed_time(const Field *field, const GHashTable *typed, const char **problem)
{
    g_autofree char *day = typed_day(field, typed, problem);
    const char *time = typed_part(typed, field, "time");
    if (*problem != NULL || (day == NULL && *time == '\0'))
        return NULL;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autofree char *whole = day != NULL ? g_strdup_printf("%sT%s%s:00", day, strlen(time) == 4 ? "0" : "", time) : NULL;
    g_autoptr(GDateTime) at = whole != NULL && g_regex_match_simple("^[0-9]{1,2}:[0-9]{2}$", time, 0, 0) ? g_date_time_new_from_iso8601(whole, zone) : NULL;
    if (at == NULL) {
        *problem = N_("Write the day, as 25 11 2026, and the time, as 14:30");
        return NULL;
    }
    g_autofree char *text = tc_date_format_time(g_date_time_to_unix(at) * G_USEC_PER_SEC);
    return json_string(text);
}

static json_t *typed_number(const char *text, const char **problem)
{
    if (strspn(text, "0123456789") == strlen(text) && strlen(text) <= 6)
        return json_integer(atoi(text));
    *problem = N_("Write a whole number");
    return NULL;
}

json_t *field_value(const Field *field, const GHashTable *typed, const char **problem)
{
    FieldType type = field_type(field);
    *problem = NULL;
    if (type == FIELD_TIME)
        return typed_time(field, typed, problem);
    if (type == FIELD_DAY) {
        g_autofree char *day = typed_day(field, typed, problem);
        return day != NULL ? json_string(day) : NULL;
    }
    g_autofree char *text = g_strstrip(g_strdup(request_value(typed, field->path)));
    if (*text == '\0')
        return NULL;
    return type == FIELD_NUMBER ? typed_number(text, problem) : json_string(text);
}

static const char *last_name(const Field *field) { return strrchr(field->path, '.') != NULL ? strrchr(field->path, '.') + 1 : field->path; }

/* A code as this field means it, with a capital. */
static char *choice_words(const Field *field, const char *code) { return say_sentence(words_in(last_name(field), code)); }

char *field_said(const Worklist *worklist, const Field *field, const GHashTable *typed)
{
    const char *problem;
    json_auto_t *value = field_value(field, typed, &problem);
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    switch (field_type(field)) {
    case FIELD_DAY: return say_short_day(text);
    case FIELD_TIME: return say_time_text(text);
    case FIELD_CHOICE: return strcmp(field->path, "recipient") == 0 ? g_strdup(worklist_service_name(worklist, text)) : choice_words(field, text);
    default: return g_strdup(text);
    }
}

/* ---- On the page ---- */

static bool is_in(const char *list, const char *word)
{
    g_auto(GStrv) each = g_strsplit(list, ",", -1);
    return g_strv_contains((const char *const *)each, word);
}

static const char *first_value(const Worklist *worklist, const Field *field, const Account *account)
{
    (void)worklist;
    const struct { const char *name, *value; } known[] = { { "@person", account->person }, { "@phone", account->phone }, { "@team", account->team }, { "@worker", account->worker } };
    for (size_t i = 0; field->given != NULL && i < G_N_ELEMENTS(known); i++)
        if (strcmp(field->given, known[i].name) == 0)
            return known[i].value;
    return field->given != NULL ? field->given : "";
}

static void add_choice(json_t *options, const Field *field, const char *value, const char *label, const char *chosen)
{
    g_autofree char *id = json_array_size(options) == 0 ? g_strdup(field->path) : g_strdup_printf("%s-%zu", field->path, json_array_size(options) + 1);
    json_array_append_new(options, json_pack("{s:s, s:s, s:s, s:b}", "id", id, "value", value, "label", label, "chosen", strcmp(value, chosen) == 0));
}

static json_t *services_offered(const Worklist *worklist, const Field *field, const Form *form, const char *chosen)
{
    json_t *options = json_array(), *service;
    size_t i;
    json_array_foreach (json_object_get(worklist->directory, "services"), i, service) {
        const char *id = case_text(service, "id");
        if (strcmp(id, worklist->service) != 0 && is_in(form->to != NULL ? form->to : "", case_text(service, "kind")))
            add_choice(options, field, id, case_text(service, "name"), chosen);
    }
    return options;
}

static void add_code(json_t *options, const Field *field, const char *code, const char *chosen)
{
    g_autofree char *label = choice_words(field, code);
    add_choice(options, field, code, label, chosen);
}

/* In the order of the form, or of the protocol. */
static json_t *codes_offered(const Field *field, const char *chosen)
{
    const ProtobufCEnumDescriptor *list = descriptor_of(field)->descriptor;
    json_t *options = json_array();
    g_auto(GStrv) offered = g_strsplit(field->offered != NULL ? field->offered : "", ",", -1);
    for (size_t i = 0; offered[i] != NULL && *offered[i] != '\0'; i++)
        add_code(options, field, offered[i], chosen);
    for (unsigned i = 0; field->offered == NULL && i < list->n_values; i++) {
        g_autofree char *code = g_ascii_strdown(list->values[i].name, -1);
        if (list->values[i].value != 0 && strcmp(code, "not_asked") != 0)
            add_code(options, field, code, chosen);
    }
    return options;
}

static void add_day(json_t *page, const Field *field, const GHashTable *typed, bool time)
{
    const char *parts[] = { "day", "month", "year", "time" };
    json_t *boxes = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        json_object_set_new(boxes, parts[i], json_string(typed != NULL ? typed_part(typed, field, parts[i]) : ""));
    json_object_set_new(page, "day_boxes", boxes);
    json_object_set_new(page, "with_time", json_boolean(time));
}

json_t *field_page(const Worklist *worklist, const Field *field, const Form *form, const Account *account, const GHashTable *typed)
{
    const char *value = typed != NULL ? request_value(typed, field->path) : first_value(worklist, field, account);
    json_t *page = json_pack("{s:s, s:s, s:s, s:s}", "name", field->path, "label", _(field->label), "hint", field->hint != NULL ? _(field->hint) : "", "value", value);
    FieldType type = field_type(field);
    if (type == FIELD_CHOICE) {
        json_t *options = strcmp(field->path, "recipient") == 0 ? services_offered(worklist, field, form, value) : codes_offered(field, value);
        json_object_set_new(page, json_array_size(options) > 7 ? "select" : "radios", json_pack("{s:o}", "options", options));
    } else if (type == FIELD_DAY || type == FIELD_TIME) {
        add_day(page, field, typed, type == FIELD_TIME);
    } else {
        json_object_set_new(page, type == FIELD_AREA ? "lines" : "line", json_true());
    }
    return page;
}

void field_put(json_t *message, const char *path, json_t *value)
{
    g_auto(GStrv) each = g_strsplit(path, ".", -1);
    json_t *into = message;
    for (size_t i = 0; each[i] != NULL; i++) {
        char *index = strchr(each[i], '[');
        bool last = each[i + 1] == NULL;
        if (index != NULL)
            *index = '\0';
        json_t *next = json_object_get(into, each[i]);
        if (last && index == NULL) {
            json_object_set_new(into, each[i], value);
            return;
        }
        if (next == NULL)
            json_object_set_new(into, each[i], next = index != NULL ? json_array() : json_object());
        if (index != NULL && last) {
            json_array_append_new(next, value);
            return;
        }
        if (index != NULL && json_array_size(next) == 0)
            json_array_append_new(next, json_object());
        into = index != NULL ? json_array_get(next, 0) : next;
    }
}
