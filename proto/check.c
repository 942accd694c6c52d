#include "proto/check.h"

#include "proto/date.h"
#include "proto/limits.h"
#include "proto/problem.h"
#include "throughcare.pb-c.h"

#include <string.h>

enum {
    CHECK_MAX_FIELDS = 64,  /* fields in one type */
    CHECK_MAX_UNKNOWN = 32, /* unknown fields in one message of content */
    CHECK_NAME_MAX = 64,
    WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5,
    WIRE_SHORT_MAX = 5, /* bytes of a tag or a length: 32 bits; protobuf-c reads no longer one */
};

typedef struct Check {
    TcUnknown unknown;
    TcProblem *problem;
} Check;

/* What is left to read of one message. */
typedef struct Wire {
    const uint8_t *at, *end;
} Wire;

typedef struct Value {
    uint64_t number;
    const uint8_t *bytes; /* WIRE_BYTES: number is their length */
} Value;

static bool wire_varint(Wire *wire, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && wire->at < wire->end; shift += 7) {
        uint8_t byte = *wire->at++;
        if (shift == 63 && byte > 1)
            return false;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* A tag or a length. */
static bool wire_short(Wire *wire, uint64_t *value)
{
    const uint8_t *start = wire->at;
    return wire_varint(wire, value) && wire->at - start <= WIRE_SHORT_MAX;
}

static bool wire_skip(Wire *wire, uint64_t len)
{
    if (len > (uint64_t)(wire->end - wire->at))
        return false;
    wire->at += len;
    return true;
}

/* Groups (3, 4) are not part of this protocol. */
static bool wire_value(Wire *wire, unsigned wire_type, Value *value)
{
    switch (wire_type) {
    case WIRE_VARINT: return wire_varint(wire, &value->number);
    case WIRE_64: return wire_skip(wire, 8);
    case WIRE_32: return wire_skip(wire, 4);
    case WIRE_BYTES:
        if (!wire_short(wire, &value->number))
            return false;
        value->bytes = wire->at;
        return wire_skip(wire, value->number);
    default: return false;
    }
}

static bool check_message(const Check *check, const ProtobufCMessageDescriptor *type, Wire wire, const TcPlace *place);

static bool check_code(const Check *check, const ProtobufCFieldDescriptor *field, uint64_t number,
                       const TcPlace *place)
{
    const ProtobufCEnumValue *value = NULL;
    if (number <= G_MAXINT32)
        value = protobuf_c_enum_descriptor_get_value(field->descriptor, (int)number);
    if (value != NULL && strcmp(value->name, "NONE") != 0)
        return true;
    tc_problem_set(check->problem, TC_CODE_UNKNOWN_CODE, place);
    tc_problem_hint_codes(check->problem, field->descriptor);
    return false;
}

static bool check_number(const Check *check, const ProtobufCFieldDescriptor *field, const TcLimit *limit,
                         uint64_t number, const TcPlace *place)
{
    uint64_t most = limit->most;
    switch (field->type) {
    case PROTOBUF_C_TYPE_ENUM: return check_code(check, field, number, place);
    case PROTOBUF_C_TYPE_BOOL: most = 1; break;
    case PROTOBUF_C_TYPE_UINT32: most = MIN(most, UINT32_MAX); break;
    case PROTOBUF_C_TYPE_INT64:
        if (limit->form == TC_FORM_TIME && number > (uint64_t)TC_DATE_MAX_TIME)
            return tc_problem_set(check->problem, TC_CODE_BAD_DATE, place);
        break;
    default: break;
    }
    if (number >= limit->least && number <= most)
        return true;
    tc_problem_set(check->problem, number > most ? TC_CODE_TOO_LONG : TC_CODE_MISSING_FIELD, place);
    tc_problem_hint(check->problem, "%" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, (guint64)limit->least, (guint64)most);
    return false;
}

static const char *check_form_hint(TcForm form)
{
    switch (form) {
    case TC_FORM_LINE: return "one line, without control characters";
    case TC_FORM_NAME: return "letters, digits, '.', '_' and '-', beginning with a letter or a digit";
    case TC_FORM_DAY: return "a day as YYYY-MM-DD";
    case TC_FORM_DECIMAL: return "milligrams as a number above zero, such as 40 or 0.4";
    case TC_FORM_NHS: return "ten digits with a right check digit";
    default: return "UTF-8 without NUL";
    }
}

static bool check_text(const Check *check, const TcLimit *limit, const Value *value, const TcPlace *place)
{
    const char *text = (const char *)value->bytes;
    TcForm form = limit->form;
    if (value->number == 0 && limit->least > 0)
        return tc_problem_set(check->problem, TC_CODE_MISSING_FIELD, place);
    if (!g_utf8_validate_len(text, value->number, NULL))
        form = TC_FORM_ANY;
    else if (form != TC_FORM_DAY && form != TC_FORM_NHS && value->number > limit->most) {
        tc_problem_set(check->problem, TC_CODE_TOO_LONG, place);
        tc_problem_hint(check->problem, "at most %u characters; one with an accent counts as two", (unsigned)limit->most);
        return false;
    } else if (tc_limits_form_holds(form, text, value->number))
        return true;
    tc_problem_set(check->problem, form == TC_FORM_DAY ? TC_CODE_BAD_DATE : TC_CODE_BAD_TEXT, place);
    tc_problem_hint(check->problem, "%s", check_form_hint(form));
    return false;
}

static bool check_bytes(const Check *check, const TcLimit *limit, uint64_t len, const TcPlace *place)
{
    if (len >= limit->least && len <= limit->most)
        return true;
    if (limit->least == limit->most) {
        tc_problem_set(check->problem, len == 0 ? TC_CODE_MISSING_FIELD : TC_CODE_WRONG_LENGTH, place);
        tc_problem_hint(check->problem, "%u bytes", limit->least);
        return false;
    }
    return tc_problem_set(check->problem, len > limit->most ? TC_CODE_TOO_LONG : TC_CODE_MISSING_FIELD, place);
}

static bool check_one(const Check *check, const ProtobufCFieldDescriptor *field, const TcLimit *limit,
                      const Value *value, const TcPlace *place)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: return check_text(check, limit, value, place);
    case PROTOBUF_C_TYPE_BYTES: return check_bytes(check, limit, value->number, place);
    case PROTOBUF_C_TYPE_MESSAGE:
        return check_message(check, field->descriptor, (Wire){ value->bytes, value->bytes + value->number }, place);
    default: return check_number(check, field, limit, value->number, place);
    }
}

static unsigned check_wire_type(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BYTES
                   || field->type == PROTOBUF_C_TYPE_MESSAGE
               ? WIRE_BYTES
               : WIRE_VARINT;
}

/* Counts one more value of a field, and refuses one too many. */
static bool check_count(const Check *check, const ProtobufCFieldDescriptor *field, const TcLimit *limit,
                        uint32_t *count, const TcPlace *place)
{
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    if (++*count <= limit->many)
        return true;
    tc_problem_set(check->problem, repeated ? TC_CODE_TOO_LONG : TC_CODE_SURPLUS_FIELD, place);
    tc_problem_hint(check->problem, "at most %u", limit->many);
    return false;
}

/* A repeated code or number may come packed: its values one after another in one run of bytes. */
static bool check_packed(const Check *check, const ProtobufCFieldDescriptor *field, const TcLimit *limit,
                         const Value *run, uint32_t *count, TcPlace *place)
{
    Wire wire = { run->bytes, run->bytes + run->number };
    while (wire.at < wire.end) {
        Value value = { 0, NULL };
        place->index = (int)*count;
        if (!wire_varint(&wire, &value.number))
            return tc_problem_set(check->problem, TC_CODE_MALFORMED, place);
        if (!check_count(check, field, limit, count, place) || !check_one(check, field, limit, &value, place))
            return false;
    }
    return true;
}

static bool check_field(const Check *check, const ProtobufCFieldDescriptor *field, const TcLimit *limit,
                        unsigned wire_type, const Value *value, uint32_t *count, const TcPlace *outer)
{
    bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
    unsigned expected = check_wire_type(field);
    TcPlace place = { outer, field->name, repeated ? (int)*count : -1 };
    if (repeated && expected == WIRE_VARINT && wire_type == WIRE_BYTES)
        return check_packed(check, field, limit, value, count, &place);
    if (wire_type != expected)
        return tc_problem_set(check->problem, TC_CODE_MALFORMED, &place);
    return check_count(check, field, limit, count, &place) && check_one(check, field, limit, value, &place);
}

static bool check_unknown(const Check *check, uint64_t number, unsigned *unknown, const TcPlace *outer)
{
    char name[CHECK_NAME_MAX];
    TcPlace place = { outer, name, -1 };
    g_snprintf(name, sizeof name, "field %" G_GUINT64_FORMAT, (guint64)number);
    if (check->unknown == TC_UNKNOWN_REFUSED)
        return tc_problem_set(check->problem, TC_CODE_UNKNOWN_FIELD, &place);
    if (++*unknown > CHECK_MAX_UNKNOWN)
        return tc_problem_set(check->problem, TC_CODE_TOO_LONG, outer);
    return true;
}

static bool check_complete(const Check *check, const ProtobufCMessageDescriptor *type, const uint32_t *counts,
                           const TcPlace *place)
{
    uint32_t total = 0;
    for (unsigned i = 0; i < type->n_fields; i++) {
        TcPlace missing = { place, type->fields[i].name, -1 };
        total += counts[i];
        if (type->fields[i].label == PROTOBUF_C_LABEL_REQUIRED && counts[i] == 0)
            return tc_problem_set(check->problem, TC_CODE_MISSING_FIELD, &missing);
    }
    if (type == &tc__frame__descriptor && total != 1)
        return tc_problem_set(check->problem, TC_CODE_MALFORMED, place);
    return true;
}

static bool check_message(const Check *check, const ProtobufCMessageDescriptor *type, Wire wire, const TcPlace *place)
{
    const TcLimit *limits = tc_limits_of(type);
    uint32_t counts[CHECK_MAX_FIELDS] = { 0 };
    unsigned unknown = 0;
    g_assert(type->n_fields <= CHECK_MAX_FIELDS);
    while (wire.at < wire.end) {
        uint64_t tag;
        Value value = { 0, NULL };
        if (!wire_short(&wire, &tag) || tag >> 3 == 0 || tag > UINT32_MAX || !wire_value(&wire, tag & 7, &value))
            return tc_problem_set(check->problem, TC_CODE_MALFORMED, place);
        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(type, (unsigned)(tag >> 3));
        if (field == NULL) {
            if (!check_unknown(check, tag >> 3, &unknown, place))
                return false;
            continue;
        }
        size_t i = (size_t)(field - type->fields);
        if (!check_field(check, field, &limits[i], tag & 7, &value, &counts[i], place))
            return false;
    }
    return check_complete(check, type, counts, place);
}

bool tc_check(const ProtobufCMessageDescriptor *type, const void *data, size_t len, TcUnknown unknown,
              TcProblem *problem)
{
    char name[CHECK_NAME_MAX];
    TcPlace root = tc_problem_root(type, name, sizeof name);
    Check check = { unknown, problem };
    const uint8_t *bytes = len == 0 ? (const uint8_t *)"" : data;
    return check_message(&check, type, (Wire){ bytes, bytes + len }, &root);
}

bool tc_check_message(const ProtobufCMessage *message, TcUnknown unknown, TcProblem *problem)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    g_autofree uint8_t *packed = g_malloc(len);
    protobuf_c_message_pack(message, packed);
    return tc_check(message->descriptor, packed, len, unknown, problem);
}
