#include "adapters/worklist/field.h"

#include "adapters/worklist/request.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"
#include "throughcare.pb-c.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

enum { ELEMENTS_MAX = 8 };

/* ---- What it is ---- */

static const ProtobufCMessageDescriptor *part_of(const char *name)
{
    const struct { const char *name; const ProtobufCMessageDescriptor *descriptor; } parts[] = { { "minimum", &tc__minimum__descriptor },
        { "clinical", &tc__clinical__descriptor }, { "risk", &tc__risk__descriptor }, { "safeguarding", &tc__safeguarding__descriptor } };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strcmp(name, parts[i].name) == 0)
            return parts[i].descriptor;
    return NULL;
}

const ProtobufCFieldDescriptor *field_at(const char *path)
{
    const ProtobufCMessageDescriptor *within = &tc__header__descriptor;
    const ProtobufCFieldDescriptor *found = NULL;
    g_auto(GStrv) each = g_strsplit(path, ".", -1);
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
    return found;
}

const ProtobufCFieldDescriptor *field_descriptor(const Field *field) { return field_at(form_field_path(field)); }

const char *field_tail(const char *path)
{
    const char *tail = path;
    for (const char *dot = strchr(path, '.'), *next; dot != NULL && (next = strchr(dot + 1, '.')) != NULL; dot = next)
        tail = dot + 1;
    return tail;
}

/* Texts of the header that name a service, an area or a message are chosen, not typed. */
static bool is_chosen_text(const char *path)
{
    static const char *const chosen[] = { "recipient", "request.area", "referral_answer.redirect_to", "transfer_offer.residual", "prescribing.other", "dose_answer.moved_to", NULL };
    return g_strv_contains(chosen, path);
}

FieldType field_type(const Field *field)
{
    const ProtobufCFieldDescriptor *descriptor = field_descriptor(field);
    const char *path = form_field_path(field);
    bool list = descriptor == NULL || (descriptor->label == PROTOBUF_C_LABEL_REPEATED && !g_str_has_suffix(path, "]"));
    if (list)
        return FIELD_MANY;
    if (field->area)
        return FIELD_AREA;
    if (is_chosen_text(path) || descriptor->type == PROTOBUF_C_TYPE_ENUM || descriptor->type == PROTOBUF_C_TYPE_BYTES || g_strcmp0(field->offered, "@drugs") == 0)
        return FIELD_CHOICE;
    switch (descriptor->type) {
    case PROTOBUF_C_TYPE_BOOL: return FIELD_TICK;
    case PROTOBUF_C_TYPE_INT64: return FIELD_TIME;
    case PROTOBUF_C_TYPE_UINT32: return g_strcmp0(field->offered, "unknown") == 0 ? FIELD_COUNT : FIELD_NUMBER;
    default: break;
    }
    static const char *const days[] = { "_date", "date_of_birth", ".date", "_on", "script_end", "period_from", "period_to", "last_seen", "script_until" };
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
        if (g_str_has_suffix(path, days[i]))
            return FIELD_DAY;
    return FIELD_TEXT;
}

static bool is_number(const Field *field)
{
    const ProtobufCFieldDescriptor *descriptor = field_descriptor(field);
    return descriptor != NULL && descriptor->type == PROTOBUF_C_TYPE_UINT32;
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
    *problem = g_str_has_suffix(field->path, "date_of_birth") ? N_("Write a day that exists, as 3 2 1997") : N_("Write a day that exists, in numbers: day, month and year");
    return NULL;
}

/* "14:30", "14.30", "2.30pm", "2 p.m.", and in Welsh "2yh", as "14:30"; NULL: it is no time of day. An hour alone may be of the morning or not. */
static char *clock_typed(const char *text)
{
    g_autoptr(GRegex) form = g_regex_new("^\\s*([0-9]{1,2})(?:[:.]([0-9]{2}))?\\s*(?:([ap])\\.?m\\.?|y\\.?([bh])\\.?)?\\s*$", G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    if (!g_regex_match(form, text, 0, &found))
        return NULL;
    g_autofree char *hours = g_match_info_fetch(found, 1), *minutes = g_match_info_fetch(found, 2), *english = g_match_info_fetch(found, 3), *welsh = g_match_info_fetch(found, 4);
    int hour = atoi(hours);
    const char *half = english != NULL && *english != '\0' ? english : welsh != NULL ? welsh : "";
    if (*half == '\0' ? minutes == NULL || *minutes == '\0' : hour < 1 || hour > 12)
        return NULL;
    if (*half != '\0')
        hour = hour % 12 + (strchr("pPhH", *half) != NULL ? 12 : 0);
    return g_strdup_printf("%02d:%s", hour, minutes != NULL && *minutes != '\0' ? minutes : "00");
}

static json_t *typed_time(const Field *field, const GHashTable *typed, const char **problem)
{
    g_autofree char *day = typed_day(field, typed, problem);
    const char *time = typed_part(typed, field, "time");
    if (*problem != NULL || (day == NULL && *time == '\0'))
        return NULL;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autofree char *clock = clock_typed(time), *whole = day != NULL && clock != NULL ? g_strdup_printf("%sT%s:00", day, clock) : NULL;
    g_autoptr(GDateTime) at = whole != NULL ? g_date_time_new_from_iso8601(whole, zone) : NULL;
    if (at == NULL) {
        *problem = N_("Write the day in numbers, and the time, as 14:30");
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

static bool is_ticked(const Field *field, const char *code, const GHashTable *typed)
{
    g_autofree char *name = g_strconcat(field->path, ":", code, NULL);
    return *request_value(typed, name) != '\0';
}

bool field_unknown(const Field *field, const GHashTable *typed) { return field_type(field) == FIELD_COUNT && is_ticked(field, "unknown", typed); }

static json_t *typed_many(const FormSaying *saying, const Field *field, const GHashTable *typed)
{
    json_t *list = json_array(), *option;
    size_t i;
    json_auto_t *options = field_options(saying, field);
    json_array_foreach (options, i, option)
        if (is_ticked(field, case_text(option, "value"), typed))
            json_array_append(list, json_object_get(option, "value"));
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return NULL;
}

/* A field that is not on the page says what is given, whatever came from a browser. */
static char *typed_text(const FormSaying *saying, const Field *field, const GHashTable *typed)
{
    return field->label == NULL ? field_given(saying, field) : g_strstrip(g_strdup(request_value(typed, field->path)));
}

json_t *field_value(const FormSaying *saying, const Field *field, const GHashTable *typed, const char **problem)
{
    FieldType type = field_type(field);
    *problem = NULL;
    if (type == FIELD_MANY)
        return typed_many(saying, field, typed);
    if (type == FIELD_TIME)
        return typed_time(field, typed, problem);
    if (type == FIELD_DAY && field->label != NULL) {
        g_autofree char *day = typed_day(field, typed, problem);
        return day != NULL ? json_string(day) : NULL;
    }
    g_autofree char *text = typed_text(saying, field, typed);
    if (type == FIELD_TICK)
        return json_boolean(*text != '\0');
    if (*text != '\0' && field_unknown(field, typed))
        *problem = N_("Write a number, or tick that it is not known: not both");
    if (*text == '\0' || *problem != NULL)
        return NULL;
    return is_number(field) ? typed_number(text, problem) : json_string(text);
}

bool field_touched(const FormSaying *saying, const Field *field, const GHashTable *typed)
{
    const char *problem = NULL;
    if (field->label == NULL)
        return false;
    json_auto_t *value = field_value(saying, field, typed, &problem);
    if (value == NULL)
        return problem != NULL || field_unknown(field, typed);
    g_autofree char *given = field_given(saying, field);
    return !json_is_string(value) || strcmp(json_string_value(value), given) != 0;
}

/* ---- As if it had been typed ---- */

static void put_part(GHashTable *typed, const Field *field, const char *part, char *text)
{
    g_hash_table_insert(typed, g_strconcat(field->path, "-", part, NULL), text);
}

static void retype_day(const Field *field, const char *day, GHashTable *typed)
{
    g_auto(GStrv) each = g_strsplit(day, "-", 3);
    if (g_strv_length(each) != 3)
        return;
    put_part(typed, field, "day", g_strdup_printf("%d", atoi(each[2])));
    put_part(typed, field, "month", g_strdup_printf("%d", atoi(each[1])));
    put_part(typed, field, "year", g_strdup(each[0]));
}

static void retype_time(const Field *field, const char *text, GHashTable *typed)
{
    int64_t time;
    if (!tc_date_parse_time(text, &time))
        return;
    g_autofree char *day = say_date_of(time, 0);
    retype_day(field, day, typed);
    put_part(typed, field, "time", say_clock(time));
}

void field_retype(const Field *field, const json_t *value, GHashTable *typed)
{
    size_t i;
    json_t *each;
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    switch (field_type(field)) {
    case FIELD_MANY:
        json_array_foreach (value, i, each)
            g_hash_table_insert(typed, g_strconcat(field->path, ":", json_string_value(each), NULL), g_strdup("yes"));
        break;
    case FIELD_DAY: retype_day(field, text, typed); break;
    case FIELD_TIME: retype_time(field, text, typed); break;
    case FIELD_TICK:
        if (json_is_true(value))
            g_hash_table_insert(typed, g_strdup(field->path), g_strdup("yes"));
        break;
    default:
        g_hash_table_insert(typed, g_strdup(field->path), json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : g_strdup(text));
    }
}

/* ---- In the message ---- */

/* "doses[1]": its name is cut short, and the place in the list given; -1: no list. */
static int element_of(char *name)
{
    char *index = strchr(name, '[');
    if (index == NULL)
        return -1;
    *index = '\0';
    return MIN(atoi(index + 1), ELEMENTS_MAX - 1);
}

json_t *field_get(const json_t *message, const char *path)
{
    g_auto(GStrv) each = g_strsplit(path, ".", -1);
    const json_t *at = message;
    for (size_t i = 0; each[i] != NULL && at != NULL; i++) {
        int element = element_of(each[i]);
        at = json_object_get(at, each[i]);
        if (element >= 0)
            at = json_array_get(at, (size_t)element);
    }
    return (json_t *)at;
}

static void put_element(json_t *list, int element, json_t *value)
{
    while (json_array_size(list) <= (size_t)element)
        json_array_append_new(list, json_object());
    if (value != NULL)
        json_array_set_new(list, (size_t)element, value);
    else
        json_array_set_new(list, (size_t)element, json_object());
}

/* The object or list element that this step of the path leads to, made where it is missing. */
static json_t *step_into(json_t *into, const char *name, int element)
{
    json_t *next = json_object_get(into, name);
    if (next == NULL)
        json_object_set_new(into, name, next = element >= 0 ? json_array() : json_object());
    if (element < 0)
        return next;
    if (json_array_size(next) <= (size_t)element)
        put_element(next, element, NULL);
    return json_array_get(next, (size_t)element);
}

void field_put(json_t *message, const char *path, json_t *value)
{
    g_auto(GStrv) each = g_strsplit(path, ".", -1);
    json_t *into = message;
    if (value == NULL && field_get(message, path) == NULL)
        return;
    for (size_t i = 0; each[i] != NULL; i++) {
        int element = element_of(each[i]);
        if (each[i + 1] != NULL) {
            into = step_into(into, each[i], element);
            continue;
        }
        if (element >= 0) {
            (void)step_into(into, each[i], element);
            put_element(json_object_get(into, each[i]), element, value);
        } else if (value != NULL)
            json_object_set_new(into, each[i], value);
        else
            json_object_del(into, each[i]);
    }
}

static bool says_nothing(json_t *value)
{
    return (json_is_object(value) && json_object_size(value) == 0) || (json_is_array(value) && json_array_size(value) == 0);
}

void field_prune(json_t *value)
{
    const char *name;
    json_t *each;
    void *next;
    json_object_foreach_safe (value, next, name, each) {
        field_prune(each);
        if (says_nothing(each))
            json_object_del(value, name);
    }
    for (size_t i = json_array_size(value); i-- > 0;) {
        field_prune(json_array_get(value, i));
        if (says_nothing(json_array_get(value, i)))
            json_array_remove(value, i);
    }
}
