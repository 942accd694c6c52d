#include "adapters/lists/codes.h"

#include "adapters/files/sheet.h"
#include "adapters/lists/lists_resource.h"

#include <gio/gio.h>
#include <stdlib.h>

enum { CODES_LIST, CODES_CODE, CODES_LABEL };

static char *codes_key(const char *list, const char *text)
{
    char *key = g_strdup_printf("%s/%s", list, text);
    for (char *c = key; *c != '\0'; c++)
        *c = *c == '_' || *c == '-' ? ' ' : g_ascii_tolower(*c);
    return key;
}

/* No label holds this sign. */
static char *codes_number_key(const char *list, const char *label)
{
    g_autofree char *key = codes_key(list, label);
    return g_strconcat(key, "#", NULL);
}

static GHashTable *codes_read(void)
{
    g_autofree char *why = NULL;
    g_autoptr(GBytes) bytes = g_resource_lookup_data(lists_get_resource(), "/throughcare/lists/codes.csv",
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_assert(bytes != NULL);
    Sheet *sheet = sheet_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &sheet_limits, &why);
    g_assert(sheet != NULL && sheet->faults->len == 0 && sheet->header->len > CODES_LABEL);
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < sheet->rows->len; i++) {
        char **fields = (char **)((const SheetRow *)sheet->rows->pdata[i])->fields->pdata;
        if (fields[CODES_CODE][0] != '\0') {
            g_hash_table_insert(table, codes_key(fields[CODES_LIST], fields[CODES_CODE]), g_strdup(fields[CODES_LABEL]));
            g_hash_table_insert(table, codes_number_key(fields[CODES_LIST], fields[CODES_LABEL]), g_strdup(fields[CODES_CODE]));
        }
        g_hash_table_insert(table, codes_key(fields[CODES_LIST], fields[CODES_LABEL]), g_strdup(fields[CODES_LABEL]));
    }
    sheet_free(sheet);
    return table;
}

static GHashTable *codes_table(void)
{
    static GHashTable *table;
    if (g_once_init_enter(&table)) {
        GHashTable *read = codes_read();
        g_once_init_leave(&table, read);
    }
    return table;
}

const char *codes_label(const char *list, const char *text)
{
    g_autofree char *key = codes_key(list, text);
    return g_hash_table_lookup(codes_table(), key);
}

int codes_number(const char *list, const char *label)
{
    g_autofree char *key = codes_number_key(list, label);
    const char *number = g_hash_table_lookup(codes_table(), key);
    return number == NULL ? 0 : atoi(number);
}
