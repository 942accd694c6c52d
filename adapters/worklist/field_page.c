/* A field on the page: what stands there at first, what may be chosen, and how it looks. */
#include "adapters/station/words.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/colleague.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/request.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"
#include "throughcare.pb-c.h"

#include <glib/gi18n.h>
#include <string.h>

enum { RADIOS_MAX = 7, ALIKE_MAX = 12, SHORT_MAX = 32 };

/* Parts that are sent on only when a worker ticks them. */
#define CARRIED "clinical,risk"
#define DRUGS "1011,3201,3200,1105,1000,2200,7000,3100,3406,5000" /* codes.csv has them all; these are its numbers in the order that the field asks */

/* ---- At first ---- */

static char *given_service(const FormSaying *saying, const Field *field)
{
    json_auto_t *options = field_options(saying, field);
    const char *other = saying->it != NULL ? saying->it->facts.other : "";
    size_t i;
    json_t *option;
    json_array_foreach (options, i, option)
        if (strcmp(case_text(option, "value"), other) == 0)
            return g_strdup(other);
    return g_strdup(json_array_size(options) == 1 ? case_text(json_array_get(options, 0), "value") : "");
}

static bool is_known(const FormSaying *saying, const char *part)
{
    json_auto_t *known = saying->it != NULL ? client_sendable(saying->worklist, saying->it, part) : NULL;
    return json_object_size(known) > 0;
}

static char *given_known(const FormSaying *saying)
{
    GString *list = g_string_new(NULL);
    g_auto(GStrv) each = g_strsplit(CARRIED, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++)
        if (is_known(saying, each[i]))
            g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", each[i]);
    return g_string_free(list, FALSE);
}

char *field_given(const FormSaying *saying, const Field *field)
{
    const char *given = field->given != NULL ? field->given : "";
    int64_t now = tc_client_now(saying->worklist->client);
    const Account *account = saying->account;
    const struct { const char *name, *value; } known[] = { { "@person", account->person }, { "@phone", account->phone }, { "@team", account->team }, { "@worker", account->worker },
        { "@area", saying->worklist->area }, { "@appointment", saying->it != NULL ? case_text(case_last(saying->it, "appointment"), "event_at") : "" } };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(given, known[i].name) == 0)
            return g_strdup(known[i].value);
    if (strcmp(given, "@today") == 0)
        return say_date_of(now, 0);
    if (strcmp(given, "@now") == 0)
        return tc_date_format_time(now);
    if (strcmp(given, "@made") == 0) /* where one stands: moved or cancelled, which is for the worker to say */
        return g_strdup(form_stands(saying->form, saying->it) == NULL ? "made" : "");
    if (strcmp(given, "@known") == 0)
        return given_known(saying);
    return strcmp(form_field_path(field), "recipient") == 0 ? given_service(saying, field) : g_strdup(given);
}

/* ---- What may be chosen ---- */

static void add_option(json_t *options, const char *value, const char *label)
{
    json_array_append_new(options, json_pack("{s:s, s:s}", "value", value, "label", label));
}

static void add_code(json_t *options, const Field *field, const char *code)
{
    g_autofree char *label = say_sentence(words_in(field_tail(form_field_path(field)), code));
    add_option(options, code, label);
}

static json_t *codes_listed(const Field *field, const char *list)
{
    json_t *options = json_array();
    g_auto(GStrv) each = g_strsplit(list, ",", -1);
    for (size_t i = 0; each[i] != NULL; i++)
        add_code(options, field, each[i]);
    return options;
}

/* In the order of the protocol; what is not known, and what was not asked, are no answers here unless the form offers them. */
static json_t *codes_of(const Field *field, const ProtobufCEnumDescriptor *list)
{
    json_t *options = json_array();
    for (unsigned i = 0; i < list->n_values; i++) {
        g_autofree char *code = g_ascii_strdown(list->values[i].name, -1);
        if (list->values[i].value != 0 && strcmp(code, "not_asked") != 0)
            add_code(options, field, code);
    }
    return options;
}

/* Every service, or those to whom this kind of message may go. */
static json_t *services(const FormSaying *saying, bool recipients)
{
    json_t *options = json_array(), *service;
    size_t i;
    json_array_foreach (json_object_get(saying->worklist->directory, "services"), i, service)
        if (recipients ? form_may_go_to(saying->worklist, saying->form, saying->it, service) : strcmp(case_text(service, "kind"), "dat") != 0)
            add_option(options, case_text(service, "id"), case_text(service, "name"));
    return options;
}

static json_t *areas(const FormSaying *saying)
{
    json_t *options = json_array(), *area;
    size_t i;
    json_array_foreach (json_object_get(saying->worklist->directory, "areas"), i, area)
        add_option(options, case_text(area, "code"), case_text(area, "name"));
    return options;
}

static json_t *messages(const FormSaying *saying)
{
    json_t *options = json_array(), *row;
    size_t i;
    json_array_foreach (saying->it != NULL ? saying->it->rows : NULL, i, row) {
        if (!case_may_recall(saying->it, row))
            continue;
        g_autofree char *kind = say_sentence(words_of(case_text(row, "kind"))), *at = say_time_text(case_text(row, "at")), *label = g_strdup_printf("%s, %s", kind, at);
        add_option(options, case_text(row, "id"), label);
    }
    return options;
}

static json_t *clients(const FormSaying *saying)
{
    json_t *options = json_array();
    g_autoptr(GPtrArray) alike = saying->it != NULL ? client_alike(saying->worklist, saying->it, ALIKE_MAX) : g_ptr_array_new();
    for (guint i = 0; i < alike->len; i++) {
        const Case *other = alike->pdata[i];
        g_autofree char *born = say_short_day(other->born != NULL ? other->born : ""), *kind = say_sentence(words_of(other->kind));
        g_autofree char *label = g_strdup_printf("%s, %s: %s", other->name, born, kind);
        add_option(options, other->conversation, label);
    }
    return options;
}

static json_t *parts(const FormSaying *saying, const Field *field)
{
    json_t *options = json_array();
    g_auto(GStrv) each = g_strsplit(CARRIED ",safeguarding", ",", -1);
    for (size_t i = 0; each[i] != NULL; i++)
        if (is_known(saying, each[i]))
            add_code(options, field, each[i]);
    return options;
}

json_t *field_options(const FormSaying *saying, const Field *field)
{
    const char *path = form_field_path(field);
    const ProtobufCFieldDescriptor *descriptor = field_descriptor(field);
    if (descriptor == NULL)
        return parts(saying, field);
    if (g_strcmp0(field->offered, "@drugs") == 0)
        return codes_listed(field, DRUGS);
    if (field->offered != NULL)
        return codes_listed(field, field->offered);
    if (descriptor->type == PROTOBUF_C_TYPE_ENUM)
        return codes_of(field, descriptor->descriptor);
    if (strcmp(path, "request.area") == 0)
        return areas(saying);
    if (descriptor->type == PROTOBUF_C_TYPE_BYTES)
        return strcmp(path, "in_reply_to") == 0 ? messages(saying) : clients(saying);
    return services(saying, strcmp(path, "recipient") == 0);
}

/* ---- On the page ---- */

static const char *label_of(const json_t *options, const char *value)
{
    size_t i;
    json_t *option;
    json_array_foreach (options, i, option)
        if (strcmp(case_text(option, "value"), value) == 0)
            return case_text(option, "label");
    return value;
}

static char *said_many(const json_t *options, const json_t *values)
{
    GString *said = g_string_new(NULL);
    size_t i;
    json_t *value;
    json_array_foreach (values, i, value)
        g_string_append_printf(said, "%s%s", i > 0 ? ", " : "", label_of(options, json_string_value(value)));
    return g_string_free(said, FALSE);
}

char *field_said(const FormSaying *saying, const Field *field, const GHashTable *typed)
{
    const char *problem;
    json_auto_t *value = field_value(saying, field, typed, &problem);
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    FieldType type = field_type(field);
    json_auto_t *options = type == FIELD_CHOICE || type == FIELD_MANY ? field_options(saying, field) : NULL;
    switch (type) {
    case FIELD_DAY: return say_short_day(text);
    case FIELD_TIME: return say_time_text(text);
    case FIELD_CHOICE: return g_strdup(label_of(options, request_value(typed, field->path)));
    case FIELD_MANY: return said_many(options, value);
    case FIELD_TICK: return g_strdup(json_is_true(value) ? _("yes") : _("no"));
    case FIELD_TEXT:
        if (colleague_field(field))
            return colleague_said(saying, text);
        return g_strdup(text);
    case FIELD_COUNT:
        if (field_unknown(field, typed))
            return g_strdup(_("not known"));
        return json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : g_strdup("");
    default: return json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : g_strdup(text);
    }
}

/* The first has the field's own name for its id, so that a link to the problem leads there. */
static void mark_options(json_t *options, const Field *field, bool many, const GHashTable *typed)
{
    size_t i;
    json_t *option;
    json_array_foreach (options, i, option) {
        g_autofree char *id = i == 0 ? g_strdup(field->path) : g_strdup_printf("%s-%zu", field->path, i + 1), *box = g_strdup_printf("%s:%s", field->path, case_text(option, "value"));
        bool chosen = many ? *request_value(typed, box) != '\0' : strcmp(case_text(option, "value"), request_value(typed, field->path)) == 0;
        json_object_set_new(option, "id", json_string(id));
        json_object_set_new(option, "box", json_string(box));
        json_object_set_new(option, "chosen", json_boolean(chosen));
    }
}

/* Yes, no, not known: beside one another. */
static bool are_short(const json_t *options)
{
    size_t i, together = 0;
    json_t *option;
    json_array_foreach (options, i, option)
        together += json_string_length(json_object_get(option, "label"));
    return together <= SHORT_MAX;
}

static void add_options(const FormSaying *saying, json_t *page, const Field *field, bool many, const GHashTable *typed)
{
    json_t *options = field_options(saying, field);
    mark_options(options, field, many, typed);
    const char *as = many ? "boxes" : json_array_size(options) > RADIOS_MAX || json_array_size(options) == 0 ? "select" : "radios";
    json_object_set_new(page, as, json_pack("{s:o, s:b}", "options", options, "short", are_short(options)));
}

static void add_day(json_t *page, const Field *field, const GHashTable *typed, bool time)
{
    const char *names[] = { "day", "month", "year", "time" };
    json_t *boxes = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = g_strconcat(field->path, "-", names[i], NULL);
        json_object_set_new(boxes, names[i], json_string(request_value(typed, name)));
    }
    json_object_set_new(page, "day_boxes", boxes);
    json_object_set_new(page, "with_time", json_boolean(time));
}

json_t *field_page(const FormSaying *saying, const Field *field, const GHashTable *typed)
{
    const char *value = request_value(typed, field->path);
    g_autofree char *hint = say_example(field->hint != NULL ? _(field->hint) : "", tc_client_now(saying->worklist->client));
    json_t *page = json_pack("{s:s, s:s, s:s, s:s}", "name", field->path, "label", _(field->label), "hint", hint, "value", value);
    FieldType type = field_type(field);
    switch (type) {
    case FIELD_CHOICE:
    case FIELD_MANY: add_options(saying, page, field, type == FIELD_MANY, typed); break;
    case FIELD_DAY:
    case FIELD_TIME: add_day(page, field, typed, type == FIELD_TIME); break;
    case FIELD_COUNT: json_object_set_new(page, "amount", json_pack("{s:b}", "unknown", field_unknown(field, typed))); break;
    case FIELD_TICK: json_object_set_new(page, "tick", json_boolean(true)); json_object_set_new(page, "ticked", json_boolean(*value != '\0')); break;
    default:
        if (colleague_field(field))
            json_object_set_new(page, "colleagues", colleague_page(saying, value));
        else
            json_object_set_new(page, type == FIELD_AREA ? "lines" : "line", json_true());
    }
    return page;
}
