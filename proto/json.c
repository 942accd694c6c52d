#include "proto/json.h"

#include "proto/date.h"
#include "proto/limits.h"
#include "proto/uuid.h"

#include <string.h>

static json_t *json_of_message(const ProtobufCMessage *message);

char *tc_json_code_name(const ProtobufCEnumDescriptor *list, int code)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(list, code);
    return value == NULL ? NULL : g_ascii_strdown(value->name, -1);
}

bool tc_json_code_of(const ProtobufCEnumDescriptor *list, const char *name, int *code)
{
    for (unsigned i = 0; i < list->n_values; i++) {
        g_autofree char *known = g_ascii_strdown(list->values[i].name, -1);
        if (strcmp(known, name) != 0 || strcmp(known, "none") == 0)
            continue;
        *code = list->values[i].value;
        return true;
    }
    return false;
}

static json_t *json_of_code(const ProtobufCEnumDescriptor *list, int code)
{
    g_autofree char *name = tc_json_code_name(list, code);
    return name == NULL ? json_integer(code) : json_string(name);
}

static json_t *json_of_bytes(const ProtobufCBinaryData *bytes)
{
    if (bytes->len == TC_UUID_LEN) {
        char text[TC_UUID_TEXT_LEN + 1];
        tc_uuid_format(bytes->data, text);
        return json_string(text);
    }
    g_autoptr(GString) text = g_string_sized_new(2 * bytes->len);
    for (size_t i = 0; i < bytes->len; i++)
        g_string_append_printf(text, "%02x", bytes->data[i]);
    return json_string(text->str);
}

static json_t *json_of_int64(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field,
                             int64_t value)
{
    bool time = tc_limits_of(type)[field - type->fields].form == TC_FORM_TIME;
    if (!time || value < 0 || value > TC_DATE_MAX_TIME)
        return json_integer(value);
    g_autofree char *text = tc_date_format_time(value);
    return json_string(text);
}

/* One value, which lies at `at`. */
static json_t *json_of_value(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field,
                             const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: return json_string(*(char *const *)at);
    case PROTOBUF_C_TYPE_BYTES: return json_of_bytes(at);
    case PROTOBUF_C_TYPE_MESSAGE: return json_of_message(*(const ProtobufCMessage *const *)at);
    case PROTOBUF_C_TYPE_ENUM: return json_of_code(field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_BOOL: return json_boolean(*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_UINT32: return json_integer(*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_UINT64: return json_integer((json_int_t)*(const uint64_t *)at);
    case PROTOBUF_C_TYPE_INT64: return json_of_int64(type, field, *(const int64_t *)at);
    default: g_error("%s.%s has a type that the protocol does not use", type->name, field->name);
    }
}

static size_t json_value_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_ENUM: return sizeof(int);
    case PROTOBUF_C_TYPE_BOOL: return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_UINT32: return sizeof(uint32_t);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_INT64: return sizeof(uint64_t);
    default: return sizeof(void *);
    }
}

/* Repeated fields lie in an array behind a pointer. NULL when there are none. */
static json_t *json_of_list(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const uint8_t *base = (const uint8_t *)message;
    size_t count = *(const size_t *)(base + field->quantifier_offset);
    const uint8_t *values = *(const uint8_t *const *)(base + field->offset);
    if (count == 0)
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_of_value(message->descriptor, field, values + i * json_value_size(field)));
    return list;
}

static bool json_field_present(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const uint8_t *base = (const uint8_t *)message;
    if (field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE)
        return *(const void *const *)(base + field->offset) != NULL;
    return field->label == PROTOBUF_C_LABEL_REQUIRED
           || *(const protobuf_c_boolean *)(base + field->quantifier_offset);
}

static json_t *json_of_message(const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    json_t *object = json_object();
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        json_t *value = NULL;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            value = json_of_list(message, field);
        else if (json_field_present(message, field))
            value = json_of_value(type, field, (const uint8_t *)message + field->offset);
        if (value != NULL)
            json_object_set_new(object, field->name, value);
    }
    return object;
}

json_t *tc_json_from_message(const ProtobufCMessage *message)
{
    return json_of_message(message);
}
