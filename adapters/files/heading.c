#include "adapters/files/heading.h"

#include <string.h>

/* A name from outside is repeated only when it looks like a column's name: a file without a header would show a client. */
static char *heading_quoted(const char *name, guint place)
{
    size_t plain = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (name[0] == '\0')
        return g_strdup_printf("column %u has no name", place + 1);
    if (name[plain] != '\0' || plain > 40)
        return g_strdup_printf("column %u has a name that is not one of a list's columns; is the header row missing?", place + 1);
    return g_strdup_printf("column %u, \"%s\", is not one of a list's columns", place + 1, name);
}

static bool heading_one(const char *name, guint place, const HeadingColumn *columns, size_t count, int *places, char **why)
{
    for (size_t i = 0; i < count; i++) {
        if (g_ascii_strcasecmp(name, columns[i].name) != 0)
            continue;
        if (places[i] >= 0) {
            *why = g_strdup_printf("the column \"%s\" stands twice", columns[i].name);
            return false;
        }
        places[i] = (int)place;
        return true;
    }
    *why = heading_quoted(name, place);
    return false;
}

bool heading_match(const Sheet *sheet, const HeadingColumn *columns, size_t count, int *places, char **why)
{
    *why = NULL;
    for (size_t i = 0; i < count; i++)
        places[i] = -1;
    for (guint i = 0; i < sheet->header->len; i++)
        if (!heading_one(sheet->header->pdata[i], i, columns, count, places, why))
            return false;
    for (size_t i = 0; i < count; i++) {
        if (columns[i].required && places[i] < 0) {
            *why = g_strdup_printf("the column \"%s\" is missing", columns[i].name);
            return false;
        }
    }
    return true;
}
