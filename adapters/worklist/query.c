#include "adapters/worklist/query.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdlib.h>
#include <string.h>

/* CR LF becomes LF. NULL: it does not fit. */
static char *clean(const char *value)
{
    size_t len = strlen(value);
    if (len > QUERY_VALUE_MAX || !g_utf8_validate(value, (gssize)len, NULL))
        return NULL;
    GString *out = g_string_sized_new(len);
    for (const char *c = value; *c != '\0'; c++) {
        if ((unsigned char)*c == 127 || ((unsigned char)*c < 32 && *c != '\t' && *c != '\n' && *c != '\r'))
            return g_string_free(out, TRUE), NULL;
        if (*c != '\r')
            g_string_append_c(out, *c);
    }
    return g_string_free(out, FALSE);
}

static bool add(GHashTable *into, const struct evkeyval *field)
{
    char *name = evhttp_uridecode(field->key, 1, NULL); /* libevent decodes values only */
    g_autofree char *value = clean(field->value);
    bool good = value != NULL && name != NULL && g_hash_table_size(into) < QUERY_FIELDS_MAX && strlen(name) <= QUERY_NAME_MAX && g_utf8_validate(name, -1, NULL);
    if (good && !g_hash_table_contains(into, name))
        g_hash_table_insert(into, g_strdup(name), g_steal_pointer(&value));
    free(name);
    return good;
}

bool query_read(const char *text, GHashTable *into)
{
    struct evkeyvalq fields = { 0 };
    if (text == NULL)
        return true;
    bool good = evhttp_parse_query_str(text, &fields) == 0;
    for (const struct evkeyval *each = fields.tqh_first; good && each != NULL; each = each->next.tqe_next)
        good = add(into, each);
    evhttp_clear_headers(&fields);
    return good;
}
