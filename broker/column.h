/* One column of many rows, as a PostgreSQL array in binary: what unnest turns back into rows.
 *
 * A Column is begun with its element type, gets one value a row, and is closed before it is sent. It owns its bytes and can be used
 * again after column_begin. Nothing here fails. */
#ifndef BROKER_COLUMN_H
#define BROKER_COLUMN_H

#include "broker/item.h"

typedef enum ColumnType { COLUMN_BOOL = 16, COLUMN_BYTEA = 17, COLUMN_INT8 = 20, COLUMN_INT2 = 21, COLUMN_INT4 = 23, COLUMN_TEXT = 25,
                          COLUMN_UUID = 2950 } ColumnType; /* the element types' own numbers */

typedef struct Column { GByteArray *bytes; ColumnType type; uint32_t count; bool has_null; } Column;

void column_begin(Column *column, ColumnType type);
void column_end(Column *column);                    /* writes the array's head: ready to send */
const char *column_next(const Column *column, size_t *at, int *len); /* its values one by one, *at 0 first; NULL: null */
void column_clear(Column *column);
unsigned column_array_oid(ColumnType type);

void column_int(Column *column, int64_t value);     /* BOOL, INT2, INT4, INT8 */
void column_text(Column *column, const char *text); /* NULL: "" */
void column_bytes(Column *column, const void *data, size_t len); /* data NULL: null */
void column_uuid(Column *column, const TcId *id);   /* none: null */
void column_uuid_always(Column *column, const TcId *id);

#endif
