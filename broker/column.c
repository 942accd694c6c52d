#include "broker/column.h"

#define HEAD_LEN 20

static void put32(GByteArray *bytes, uint32_t value)
{
    uint32_t wire = GUINT32_TO_BE(value);
    g_byte_array_append(bytes, (const uint8_t *)&wire, sizeof wire);
}

static void set32(GByteArray *bytes, size_t at, uint32_t value)
{
    uint32_t wire = GUINT32_TO_BE(value);
    memcpy(bytes->data + at, &wire, sizeof wire);
}

void column_begin(Column *column, ColumnType type)
{
    if (!column->bytes)
        column->bytes = g_byte_array_new();
    g_byte_array_set_size(column->bytes, HEAD_LEN);
    column->type = type;
    column->count = 0;
    column->has_null = false;
}

/* Dimensions, nulls, element type, length, first index. An array without rows has no dimensions. */
void column_end(Column *column)
{
    set32(column->bytes, 0, column->count ? 1 : 0);
    set32(column->bytes, 4, column->has_null);
    set32(column->bytes, 8, column->type);
    set32(column->bytes, 12, column->count);
    set32(column->bytes, 16, 1);
    if (!column->count)
        g_byte_array_set_size(column->bytes, 12);
}

const char *column_next(const Column *column, size_t *at, int *len)
{
    const uint8_t *here = column->bytes->data + HEAD_LEN + *at;
    uint32_t wire;
    memcpy(&wire, here, sizeof wire);
    *len = (int)GUINT32_FROM_BE(wire);
    *at += sizeof wire + (size_t)MAX(*len, 0);
    return *len < 0 ? NULL : (const char *)here + sizeof wire;
}

void column_clear(Column *column) { g_clear_pointer(&column->bytes, g_byte_array_unref); }

unsigned column_array_oid(ColumnType type)
{
    switch (type) {
    case COLUMN_BOOL: return 1000;
    case COLUMN_BYTEA: return 1001;
    case COLUMN_INT8: return 1016;
    case COLUMN_INT2: return 1005;
    case COLUMN_INT4: return 1007;
    case COLUMN_TEXT: return 1009;
    case COLUMN_UUID: return 2951;
    }
    g_assert_not_reached();
}

static void put(Column *column, const void *data, uint32_t len)
{
    put32(column->bytes, len);
    g_byte_array_append(column->bytes, data, len);
    column->count++;
}

static void put_null(Column *column)
{
    put32(column->bytes, UINT32_MAX);
    column->has_null = true;
    column->count++;
}

void column_int(Column *column, int64_t value)
{
    uint64_t wide = GUINT64_TO_BE((uint64_t)value);
    const uint8_t *end = (const uint8_t *)&wide + 8;
    uint32_t len = column->type == COLUMN_BOOL ? 1 : column->type == COLUMN_INT2 ? 2 : column->type == COLUMN_INT4 ? 4 : 8;
    put(column, end - len, len);
}

void column_text(Column *column, const char *text) { put(column, text ? text : "", text ? (uint32_t)strlen(text) : 0); }

void column_bytes(Column *column, const void *data, size_t len)
{
    if (data)
        put(column, data, (uint32_t)len);
    else
        put_null(column);
}

void column_uuid_always(Column *column, const TcId *id) { put(column, id->b, sizeof id->b); }

void column_uuid(Column *column, const TcId *id)
{
    if (tc_id_is_none(id))
        put_null(column);
    else
        column_uuid_always(column, id);
}
