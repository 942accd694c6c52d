/* The reading half of json.h: JSON to the wire format, one member at a time. What JSON alone can get wrong (an unknown
 * member, a value of another type, a code's name, a UUID's or a time's text) is refused here; everything else is left
 * to check.h, which reads the bytes made here as it reads bytes from anybody. */
#include "proto/json.h"

#include "proto/date.h"
#include "proto/limits.h"
#include "proto/problem.h"
#include "proto/unpack.h"
#include "proto/uuid.h"

#include <string.h>

typedef struct Target {
    GByteArray *out;
    TcProblem *problem;
} Target;

static bool json_pack_object(const Target *target, const ProtobufCMessageDescriptor *type, const json_t *json,
                             const TcPlace *place);

static bool json_wrong_type(const Target *target, const char *wanted, const TcPlace *place)
{
    tc_problem_set(target->problem, TC_CODE_BAD_TEXT, place);
    tc_problem_hint(target->problem, "%s", wanted);
    return false;
}

static void json_put_varint(GByteArray *out, uint64_t value)
{
    guint8 byte;
    for (; value >= 0x80; value >>= 7) {
        byte = (guint8)(value | 0x80);
        g_byte_array_append(out, &byte, 1);
    }
    byte = (guint8)value;
    g_byte_array_append(out, &byte, 1);
}

static bool json_put_number(const Target *target, const ProtobufCFieldDescriptor *field, uint64_t value)
{
    json_put_varint(target->out, (uint64_t)field->id << 3);
    json_put_varint(target->out, value);
    return true;
}

static bool json_put_bytes(const Target *target, const ProtobufCFieldDescriptor *field, const void *bytes, size_t len)
{
    json_put_varint(target->out, (uint64_t)field->id << 3 | 2);
    json_put_varint(target->out, len);
    g_byte_array_append(target->out, len > 0 ? bytes : (const void *)"", (guint)len);
    return true;
}

static bool json_pack_string(const Target *target, const ProtobufCFieldDescriptor *field, const json_t *json,
                             const TcPlace *place)
{
    if (!json_is_string(json))
        return json_wrong_type(target, "text", place);
    return json_put_bytes(target, field, json_string_value(json), json_string_length(json));
}

/* Bytes are written as a UUID or as hexadecimal; which of them fits, check.h finds by the length. */
static bool json_pack_bytes(const Target *target, const ProtobufCFieldDescriptor *field, const json_t *json,
                            const TcPlace *place)
{
    const char *text = json_string_value(json);
    uint8_t uuid[TC_UUID_LEN];
    if (text != NULL && tc_uuid_parse(text, uuid))
        return json_put_bytes(target, field, uuid, sizeof uuid);
    size_t len = text == NULL ? 1 : strlen(text);
    if (len % 2 != 0 || strspn(text, "0123456789abcdefABCDEF") != len)
        return json_wrong_type(target, "a UUID or hexadecimal digits", place);
    g_autofree uint8_t *bytes = g_malloc(len / 2 + 1);
    for (size_t i = 0; i < len / 2; i++)
        bytes[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 | g_ascii_xdigit_value(text[2 * i + 1]));
    return json_put_bytes(target, field, bytes, len / 2);
}

static bool json_pack_code(const Target *target, const ProtobufCFieldDescriptor *field, const json_t *json,
                           const TcPlace *place)
{
    int code;
    if (json_is_string(json) && tc_json_code_of(field->descriptor, json_string_value(json), &code))
        return json_put_number(target, field, (uint64_t)code);
    tc_problem_set(target->problem, TC_CODE_UNKNOWN_CODE, place);
    tc_problem_hint_codes(target->problem, field->descriptor);
    return false;
}

static bool json_pack_time(const Target *target, const ProtobufCFieldDescriptor *field, const json_t *json,
                           const TcPlace *place)
{
    int64_t time;
    if (json_is_string(json) && tc_date_parse_time(json_string_value(json), &time))
        return json_put_number(target, field, (uint64_t)time);
    tc_problem_set(target->problem, TC_CODE_BAD_DATE, place);
    tc_problem_hint(target->problem, "a time such as 2026-11-13T09:30:00Z");
    return false;
}

static bool json_pack_number(const Target *target, const ProtobufCFieldDescriptor *field, const json_t *json,
                             const TcPlace *place)
{
    if (!json_is_integer(json) || json_integer_value(json) < 0)
        return json_wrong_type(target, "a whole number, not negative", place);
    return json_put_number(target, field, (uint64_t)json_integer_value(json));
}

static bool json_pack_nested(const Target *target, const ProtobufCFieldDescriptor *field, const json_t *json,
                             const TcPlace *place)
{
    g_autoptr(GByteArray) inner = g_byte_array_new();
    Target nested = { inner, target->problem };
    return json_pack_object(&nested, field->descriptor, json, place)
           && json_put_bytes(target, field, inner->data, inner->len);
}

static bool json_pack_value(const Target *target, const ProtobufCMessageDescriptor *type,
                            const ProtobufCFieldDescriptor *field, const json_t *json, const TcPlace *place)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: return json_pack_string(target, field, json, place);
    case PROTOBUF_C_TYPE_BYTES: return json_pack_bytes(target, field, json, place);
    case PROTOBUF_C_TYPE_MESSAGE: return json_pack_nested(target, field, json, place);
    case PROTOBUF_C_TYPE_ENUM: return json_pack_code(target, field, json, place);
    case PROTOBUF_C_TYPE_BOOL:
        return json_is_boolean(json) ? json_put_number(target, field, json_is_true(json))
                                     : json_wrong_type(target, "true or false", place);
    default:
        if (tc_limits_of(type)[field - type->fields].form == TC_FORM_TIME)
            return json_pack_time(target, field, json, place);
        return json_pack_number(target, field, json, place);
    }
}

static bool json_pack_list(const Target *target, const ProtobufCMessageDescriptor *type,
                           const ProtobufCFieldDescriptor *field, const json_t *json, const TcPlace *outer)
{
    TcPlace place = { outer, field->name, -1 };
    if (!json_is_array(json))
        return json_wrong_type(target, "a list", &place);
    for (size_t i = 0; i < json_array_size(json); i++) {
        place.index = (int)i;
        if (!json_pack_value(target, type, field, json_array_get(json, i), &place))
            return false;
    }
    return true;
}

static bool json_pack_member(const Target *target, const ProtobufCMessageDescriptor *type, const char *name,
                             const json_t *json, const TcPlace *outer)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(type, name);
    TcPlace place = { outer, name, -1 };
    if (field == NULL)
        return tc_problem_set(target->problem, TC_CODE_UNKNOWN_FIELD, &place);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return json_pack_list(target, type, field, json, outer);
    return json_pack_value(target, type, field, json, &place);
}

static bool json_pack_object(const Target *target, const ProtobufCMessageDescriptor *type, const json_t *json,
                             const TcPlace *place)
{
    const char *name;
    json_t *member;
    if (!json_is_object(json))
        return json_wrong_type(target, "an object", place);
    json_object_foreach ((json_t *)json, name, member)
        if (!json_pack_member(target, type, name, member, place))
            return false;
    return true;
}

GByteArray *tc_json_pack(const ProtobufCMessageDescriptor *type, const json_t *json, TcProblem *problem)
{
    char name[64];
    g_autoptr(GByteArray) out = g_byte_array_new();
    Target target = { out, problem };
    TcPlace root = tc_problem_root(type, name, sizeof name);
    if (!json_pack_object(&target, type, json, &root)
        || !tc_check(type, out->data, out->len, TC_UNKNOWN_REFUSED, problem))
        return NULL;
    return g_steal_pointer(&out);
}

ProtobufCMessage *tc_json_to_message(TcArena *arena, const ProtobufCMessageDescriptor *type, const json_t *json,
                                     TcProblem *problem)
{
    g_autoptr(GByteArray) packed = tc_json_pack(type, json, problem);
    if (packed == NULL)
        return NULL;
    return tc_unpack(arena, type, packed->data, packed->len, TC_UNKNOWN_REFUSED, problem);
}
