#include "adapters/cli/table.h"

#include "adapters/cli/command.h"

#include <stdio.h>

Table table_new(size_t rows, size_t columns)
{
    return (Table){ rows, columns, g_new0(char *, columns + 1), g_new0(bool, columns), g_new0(char *, rows * columns + 1) };
}

void table_clear(Table *table)
{
    g_strfreev(table->names);
    g_strfreev(table->cells);
    g_free(table->left);
}

static char *heading(const Table *table, size_t column) { return g_strdelimit(g_strdup(table->names[column]), "_", ' '); }

static void print_text(const Table *table)
{
    g_autofree glong *widths = g_new0(glong, table->columns);
    for (size_t column = 0; column < table->columns; column++) {
        widths[column] = g_utf8_strlen(table->names[column], -1);
        for (size_t row = 0; row < table->rows; row++)
            widths[column] = MAX(widths[column], g_utf8_strlen(table->cells[row * table->columns + column], -1));
    }
    for (size_t row = 0; row <= table->rows; row++) {
        for (size_t column = 0; column < table->columns; column++) {
            g_autofree char *name = heading(table, column);
            const char *cell = row == 0 ? name : table->cells[(row - 1) * table->columns + column];
            glong pad = widths[column] - g_utf8_strlen(cell, -1);
            printf("%*s%s%*s%s", table->left[column] ? 0 : (int)pad, "", cell, table->left[column] ? (int)pad : 0, "", column + 1 < table->columns ? "  " : "\n");
        }
    }
    if (table->rows == 0)
        puts(_("(nothing in this period)"));
}

static void print_csv_cell(const char *cell)
{
    g_auto(GStrv) pieces = g_strsplit(cell, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", pieces);
    printf("\"%s\"", doubled);
}

static void print_csv(const Table *table)
{
    for (size_t row = 0; row <= table->rows; row++)
        for (size_t column = 0; column < table->columns; column++) {
            g_autofree char *name = heading(table, column);
            print_csv_cell(row == 0 ? name : table->cells[(row - 1) * table->columns + column]);
            fputs(column + 1 < table->columns ? "," : "\r\n", stdout);
        }
}

static json_t *json_of(const Table *table)
{
    json_t *rows = json_array();
    for (size_t row = 0; row < table->rows; row++) {
        json_t *one = json_object();
        for (size_t column = 0; column < table->columns; column++)
            json_object_set_new(one, table->names[column], json_string(table->cells[row * table->columns + column]));
        json_array_append_new(rows, one);
    }
    return rows;
}

void table_print(const Table *table, bool csv)
{
    if (csv)
        print_csv(table);
    else if (!command_print_json(json_of(table)))
        print_text(table);
}
