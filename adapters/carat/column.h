/* column.def as a table. */
#ifndef CARAT_COLUMN_H
#define CARAT_COLUMN_H

#include "adapters/lists/column.h"

typedef enum ColumnId {
#define CARAT_COLUMN(id, ...) COLUMN_##id,
#include "adapters/carat/column.def"
#undef CARAT_COLUMN
    COLUMN_COUNT
} ColumnId;

extern const Column columns[COLUMN_COUNT];

#endif
