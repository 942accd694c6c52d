#include "adapters/worklist/record.h"

#include <glib.h>
#include <stdlib.h>

static char *entry_name(const char *record, int64_t number) { return g_strdup_printf("%s:%" G_GINT64_FORMAT, record, number); }

static json_t *read_entry(TcClient *client, const char *record, int64_t number)
{
    g_autofree char *name = entry_name(record, number);
    char *text = tc_client_secret_get(client, name);
    json_t *entry = text != NULL ? json_loads(text, 0, NULL) : NULL;
    free(text);
    return entry;
}

static bool is_there(TcClient *client, const char *record, int64_t number)
{
    g_autofree char *name = entry_name(record, number);
    char *text = tc_client_note_get(client, name);
    free(text);
    return text != NULL;
}

/* The count may lag by an entry after a crash: what is there is never written over. */
static int64_t count(TcClient *client, const char *record)
{
    char *text = tc_client_note_get(client, record);
    int64_t number = text != NULL ? g_ascii_strtoll(text, NULL, 10) : 0;
    free(text);
    while (is_there(client, record, number + 1))
        number++;
    return number;
}

bool record_add(TcClient *client, const char *record, json_t *entry)
{
    TcError error;
    int64_t number = count(client, record) + 1;
    g_autofree char *name = entry_name(record, number), *counted = g_strdup_printf("%" G_GINT64_FORMAT, number);
    json_object_set_new(entry, "at", json_integer((json_int_t)tc_client_now(client)));
    char *text = json_dumps(entry, JSON_COMPACT);
    bool good = tc_client_secret_set(client, name, text, &error) && tc_client_note_set(client, record, counted, &error);
    free(text);
    json_decref(entry);
    return good;
}

json_t *record_list(TcClient *client, const char *record, int limit)
{
    json_t *list = json_array();
    for (int64_t number = count(client, record); number > 0 && limit-- > 0; number--) {
        json_t *entry = read_entry(client, record, number);
        if (entry != NULL)
            json_array_append_new(list, entry);
    }
    return list;
}
