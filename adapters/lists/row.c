#include "adapters/lists/row.h"

#include <string.h>

static const char *cell_of(const SheetRow *from, const int *places, size_t column) { return places[column] >= 0 ? from->fields->pdata[places[column]] : ""; }

static char *whose_of(const RowTable *table, const SheetRow *from, const int *places)
{
    GString *whose = g_string_new(NULL);
    for (size_t i = 0; i < table->whose_count; i++) {
        const char *cell = cell_of(from, places, table->whose[i]);
        if (*cell != '\0')
            g_string_append_printf(whose, "%s%s", whose->len > 0 ? ", " : "", cell);
    }
    return g_string_free(whose, FALSE);
}

static Row *row_new(const RowTable *table, const SheetRow *from, const int *places)
{
    Row *row = g_new0(Row, 1);
    row->line = from->line;
    row->whose = whose_of(table, from, places);
    row->table = table;
    row->values = g_new0(char *, table->count);
    return row;
}

void row_free(Row *row)
{
    if (row == NULL)
        return;
    for (size_t i = 0; i < row->table->count; i++)
        g_free(row->values[i]);
    g_free(row->values);
    g_free(row->whose);
    g_free(row);
}

static bool row_cells(Row *row, const SheetRow *from, const int *places, Rejects *rejects)
{
    bool good = true;
    for (size_t i = 0; i < row->table->count; i++) {
        g_autofree char *why = NULL;
        const char *cell = cell_of(from, places, i);
        row->values[i] = column_read(&row->table->columns[i], cell, &why);
        if (row->values[i] == NULL) {
            rejects_add(rejects, (RejectPlace){ row->line, row->table->columns[i].name, row->whose, cell }, "%s", why);
            good = false;
        }
    }
    return good;
}

static bool row_holds(const Row *row, Rejects *rejects)
{
    bool good = true;
    for (size_t i = 0; i < row->table->rule_count; i++) {
        const RowRule *rule = &row->table->rules[i];
        if (!rule->broken(row))
            continue;
        rejects_add(rejects, row_place(row, row->table->columns[rule->column].name), "%s", rule->reason);
        good = false;
    }
    return good;
}

Row *row_read(const RowTable *table, const SheetRow *from, const int *places, Rejects *rejects)
{
    g_autoptr(Row) row = row_new(table, from, places);
    if (row_cells(row, from, places, rejects) && row_holds(row, rejects))
        return g_steal_pointer(&row);
    return NULL;
}

Row *row_read_some(const RowTable *table, const SheetRow *from, const int *places, const size_t *which, size_t count)
{
    g_autoptr(Row) row = row_new(table, from, places);
    for (size_t i = 0; i < count; i++) {
        g_autofree char *why = NULL;
        const char *cell = cell_of(from, places, which[i]);
        row->values[which[i]] = column_read(&table->columns[which[i]], cell, &why);
        if (row->values[which[i]] == NULL)
            return NULL;
    }
    return g_steal_pointer(&row);
}

RejectPlace row_place(const Row *row, const char *column)
{
    const char *value = NULL;
    for (size_t i = 0; i < row->table->count; i++)
        if (strcmp(row->table->columns[i].name, column) == 0)
            value = row->values[i];
    return (RejectPlace){ row->line, column, row->whose, value };
}

char *row_digest_but(const Row *row, size_t column)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (size_t i = 0; i < row->table->count; i++)
        if (i != column && row->values[i][0] != '\0')
            g_string_append_printf(text, "%s=%zu:%s\n", row->table->columns[i].name, strlen(row->values[i]), row->values[i]);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
}

const char *row_column_of(const RowTable *table, const char *field)
{
    size_t best = table->count, best_len = 0;
    for (size_t i = 0; i < table->count; i++) {
        size_t len = strlen(table->columns[i].path);
        if (len > best_len && strncmp(field, table->columns[i].path, len) == 0) {
            best = i;
            best_len = len;
        }
    }
    for (size_t i = 0; best == table->count && strchr(field, '.') != NULL && i < table->count; i++)
        if (strncmp(table->columns[i].path, field, strlen(field)) == 0) /* the whole of what several columns make */
            best = i;
    return best < table->count ? table->columns[best].name : "";
}
