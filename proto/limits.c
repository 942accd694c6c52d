#include "proto/limits.h"

#include "proto/date.h"
#include "throughcare.pb-c.h"

#include <glib.h>
#include <string.h>

enum { LIMITS_DEFAULT_TEXT = 200 };

/* Roots: what is unpacked from bytes. Everything else that travels hangs below one of them. */
static const ProtobufCMessageDescriptor *const limits_roots[] = {
    &tc__frame__descriptor,    &tc__header__descriptor,   &tc__wrap__descriptor,
    &tc__confirmation__descriptor, &tc__content__descriptor, &tc__minimum__descriptor,
    &tc__clinical__descriptor, &tc__risk__descriptor,     &tc__safeguarding__descriptor,
    &tc__signed_snapshot__descriptor, &tc__snapshot__descriptor,
};

static bool limits_is_time(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_INT64
           && (strcmp(field->name, "at") == 0 || g_str_has_suffix(field->name, "_at"));
}

static TcLimit limits_default(const ProtobufCFieldDescriptor *field)
{
    TcLimit limit = { TC_FORM_ANY, 0, UINT64_MAX, 1, false };
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        limit.least = field->label == PROTOBUF_C_LABEL_REQUIRED;
        limit.most = LIMITS_DEFAULT_TEXT;
    } else if (limits_is_time(field)) {
        limit.form = TC_FORM_TIME;
    } else if (field->type == PROTOBUF_C_TYPE_UINT64) {
        limit.most = G_MAXINT64; /* what the database and JSON hold */
    }
    return limit;
}

static void limits_add_type(GHashTable *table, const ProtobufCMessageDescriptor *type)
{
    if (g_hash_table_contains(table, type))
        return;
    TcLimit *limits = g_new(TcLimit, MAX(type->n_fields, 1));
    g_hash_table_insert(table, (void *)type, limits);
    for (unsigned i = 0; i < type->n_fields; i++) {
        limits[i] = limits_default(&type->fields[i]);
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            limits_add_type(table, type->fields[i].descriptor);
    }
}

static void limits_add_row(GHashTable *table, const ProtobufCMessageDescriptor *type, const char *name, TcLimit row)
{
    TcLimit *limits = g_hash_table_lookup(table, type);
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(type, name);
    if (limits == NULL || field == NULL)
        g_error("limits.def names %s.%s, which throughcare.proto does not have", type->short_name, name);
    limits[field - type->fields] = row;
}

static GHashTable *limits_build(void)
{
    GHashTable *table = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (size_t i = 0; i < G_N_ELEMENTS(limits_roots); i++)
        limits_add_type(table, limits_roots[i]);
#define TC_LIMIT(message, field, form, least, most, many) \
    limits_add_row(table, &tc__##message##__descriptor, #field, (TcLimit){ TC_FORM_##form, least, most, many, true });
#include "proto/limits.def"
#undef TC_LIMIT
    return table;
}

const TcLimit *tc_limits_of(const ProtobufCMessageDescriptor *type)
{
    static GHashTable *table;
    static gsize once;
    if (g_once_init_enter(&once)) {
        table = limits_build();
        g_once_init_leave(&once, 1);
    }
    const TcLimit *limits = g_hash_table_lookup(table, type);
    if (limits == NULL)
        g_error("%s does not travel", type->name);
    return limits;
}

static bool limits_is_name(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isalnum(text[i]) && text[i] != '.' && text[i] != '_' && text[i] != '-')
            return false;
    return len > 0 && g_ascii_isalnum(text[0]);
}

/* The C0 and C1 control characters and the separators that would break a line. */
static bool limits_is_line(const char *text, size_t len)
{
    for (const char *at = text; at < text + len; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
            return false;
    }
    return true;
}

/* Up to five digits before the point and up to three after it; more than zero. */
static bool limits_is_decimal(const char *text, size_t len)
{
    size_t whole = 0, part = 0;
    bool something = false;
    while (whole < len && g_ascii_isdigit(text[whole]))
        something |= text[whole++] != '0';
    bool point = whole < len && text[whole] == '.';
    for (size_t i = whole + 1; point && i < len && g_ascii_isdigit(text[i]); i++, part++)
        something |= text[i] != '0';
    return something && whole >= 1 && whole <= 5 && part <= 3 && point == (part > 0) && len == whole + point + part;
}

/* Ten digits, the last a check over the others, modulo 11. */
static bool limits_is_nhs(const char *text, size_t len)
{
    unsigned sum = 0;
    if (len != 10)
        return false;
    for (size_t i = 0; i < 10; i++) {
        if (!g_ascii_isdigit(text[i]))
            return false;
        sum += (unsigned)(text[i] - '0') * (i < 9 ? (unsigned)(10 - i) : 1);
    }
    return sum % 11 == 0;
}

bool tc_limits_form_holds(TcForm form, const char *text, size_t len)
{
    switch (form) {
    case TC_FORM_LINE: return limits_is_line(text, len);
    case TC_FORM_NAME: return limits_is_name(text, len);
    case TC_FORM_DAY: return tc_date_valid(text, len);
    case TC_FORM_DECIMAL: return limits_is_decimal(text, len);
    case TC_FORM_NHS: return limits_is_nhs(text, len);
    default: return true;
    }
}
