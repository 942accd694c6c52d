/* The tables a batch writes to, and their rows as columns. */
#ifndef BROKER_TABLE_H
#define BROKER_TABLE_H

#include "broker/batch.h"
#include "broker/column.h"

#define TABLE_MAX_COLUMNS 22

typedef struct Table {
    const char *statement;                       /* of broker/sql/ */
    const ColumnType *types; unsigned column_count;
    void (*fill)(Column *columns, const Batch *batch); /* adds this table's rows of a batch */
} Table;

extern const Table tables[];
extern const unsigned table_count;

#endif
