/* Values of a binary result, of a column whose type the statement fixes. Borrowed from the result. */
#include "broker/store_inner.h"

int64_t row_int(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return 0;
    const uint8_t *data = (const uint8_t *)PQgetvalue(result, row, column);
    int len = PQgetlength(result, row, column);
    int64_t value = (int8_t)data[0];
    for (int i = 1; i < len; i++)
        value = (int64_t)((uint64_t)value << 8 | data[i]);
    return value;
}

TcId row_uuid(const PGresult *result, int row, int column)
{
    TcId id = { { 0 } };
    if (PQgetlength(result, row, column) == 16)
        memcpy(id.b, PQgetvalue(result, row, column), 16);
    return id;
}

void row_digest(const PGresult *result, int row, int column, TcDigest *out)
{
    memset(out, 0, sizeof *out);
    if (PQgetlength(result, row, column) == 32)
        memcpy(out->b, PQgetvalue(result, row, column), 32);
}

Span row_span(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return (Span){ NULL, 0 };
    return (Span){ (const uint8_t *)PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column) };
}

void row_text(const PGresult *result, int row, int column, char *out, size_t size)
{
    g_strlcpy(out, PQgetvalue(result, row, column), size);
}
