/* What a browser sends in a form: what is taken is bounded text, whatever came. */
#include "fuzz.h"

#include "adapters/worklist/query.h"

#include <stdlib.h>
#include <string.h>

static void look(const char *name, const char *value)
{
    if (strlen(name) > QUERY_NAME_MAX || strlen(value) > QUERY_VALUE_MAX || !g_utf8_validate(name, -1, NULL) || !g_utf8_validate(value, -1, NULL))
        abort();
    for (const char *c = value; *c != '\0'; c++)
        if (((unsigned char)*c < 32 && *c != '\t' && *c != '\n') || *c == 127)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GHashTable) fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer name, value;
    if (query_read(text, fields) && g_hash_table_size(fields) > QUERY_FIELDS_MAX)
        abort();
    g_hash_table_iter_init(&iter, fields);
    while (g_hash_table_iter_next(&iter, &name, &value))
        look(name, value);
    return 0;
}
