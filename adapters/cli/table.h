/* A table for a person, as CSV for a spreadsheet, or as JSON. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Table {
    size_t rows, columns;
    char **names;   /* of columns, with _ between words; ends with NULL */
    bool *left;     /* column by column: text, which stands at the left */
    char **cells;   /* row by row; ends with NULL */
} Table;

Table table_new(size_t rows, size_t columns); /* empty: names and cells are to be filled with owned texts */
void table_clear(Table *table);
void table_print(const Table *table, bool csv); /* or as JSON, where --json was given */

#endif
