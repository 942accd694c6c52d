/* One row of a list: read cell by cell, and held to the rules between columns. Pure. Everything that is wrong with a row is told at
 * once, so that it is mended in one go. */
#ifndef LISTS_ROW_H
#define LISTS_ROW_H

#include "adapters/files/rejects.h"
#include "adapters/lists/column.h"

typedef struct Row Row;
typedef struct RowRule {
    bool (*broken)(const Row *row);
    size_t column;
    const char *reason;
} RowRule;

typedef struct RowTable {
    const Column *columns;
    size_t count;
    const RowRule *rules;
    size_t rule_count;
    const size_t *whose; /* the columns by which the people of the list find a row in their own system, for its reject file */
    size_t whose_count;
} RowTable;

struct Row {
    guint line;
    const RowTable *table;
    char *whose;   /* "Marlow, A1234BC": as the list has it, for the reject file alone */
    char **values; /* normal form; "" where there is nothing */
};

/* places: from heading_match. NULL when rejects got one or more lines about it. */
Row *row_read(const RowTable *table, const SheetRow *from, const int *places, Rejects *rejects) G_GNUC_WARN_UNUSED_RESULT;
/* A row of which only some columns are read, as far as they can be; NULL when one of them cannot. */
Row *row_read_some(const RowTable *table, const SheetRow *from, const int *places, const size_t *which, size_t count);
void row_free(Row *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Row, row_free)

/* Where in the list one of the row's columns is, with what stands there; borrowed from the row. column: a name, or "" for the whole row. */
RejectPlace row_place(const Row *row, const char *column);
/* What the row says, whatever the order of its columns: 64 hexadecimal digits, but for one column (or the count: none). Caller frees. */
char *row_digest_but(const Row *row, size_t column);
/* The column whose cell went to this field of the message, or the first that is a part of it; "" for none. Borrowed. */
const char *row_column_of(const RowTable *table, const char *field);

#endif
