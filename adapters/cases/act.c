#include "adapters/cases/act.h"

#include <string.h>

static const Column *act_column(const Row *row, const char *name, size_t len, const char **value)
{
    for (size_t i = 0; i < row->table->count; i++) {
        const Column *column = &row->table->columns[i];
        if (strlen(column->name) == len && strncmp(column->name, name, len) == 0) {
            *value = row->values[i];
            return column;
        }
    }
    return NULL;
}

const char *act_value(const Row *row, const char *column)
{
    const char *value = "";
    (void)act_column(row, column, strlen(column), &value);
    return value;
}

const Act *act_find(const ActTable *table, const char *name, const char *on)
{
    for (size_t i = 0; i < table->count; i++) {
        const Act *act = &table->acts[i];
        if (strcmp(act->name, name) == 0 && (act->place == ACT_STARTS || *on == '\0' || strcmp(act->on, on) == 0))
            return act;
    }
    return NULL;
}

char *act_names(const ActTable *table)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (size_t i = 0; i < table->count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || strcmp(table->acts[i].name, table->acts[j].name) == 0;
        if (!again)
            g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", table->acts[i].name);
    }
    return g_strdup(names->str);
}

json_t *act_message(const Act *act, const Row *row)
{
    json_t *message = json_object();
    g_auto(GStrv) fields = g_strsplit(act->fields, " ", -1);
    build_set(message, "kind", act->kind);
    build_columns(message, row);
    for (size_t i = 0; fields[i] != NULL; i++) {
        char *sign = strpbrk(fields[i], "=>");
        if (sign == NULL)
            continue;
        const char *value = sign + 1;
        if (*sign == '=') {
            g_autofree char *path = g_strndup(fields[i], (gsize)(sign - fields[i]));
            build_set(message, path, value);
        } else if (act_column(row, fields[i], (size_t)(sign - fields[i]), &value) != NULL && *value != '\0') {
            build_set(message, sign + 1, value);
        }
    }
    return message;
}

const char *act_column_of(const Act *act, const Row *row, const char *field)
{
    g_auto(GStrv) fields = g_strsplit(act->fields, " ", -1);
    for (size_t i = 0; *field != '\0' && fields[i] != NULL; i++) {
        const char *sign = strchr(fields[i], '>'), *value;
        if (sign == NULL || strcmp(sign + 1, field) != 0)
            continue;
        const Column *column = act_column(row, fields[i], (size_t)(sign - fields[i]), &value);
        return column == NULL ? "" : column->name;
    }
    return row_column_of(row->table, field);
}
