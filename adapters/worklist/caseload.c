#include "adapters/worklist/caseload.h"

#include "proto/date.h"

#include <string.h>

enum { CASELOAD_MAX = 200000 };

struct Caseload { TcClient *client; GHashTable *by_id; };

/* ---- One case ---- */

const char *case_text(const json_t *row, const char *name)
{
    char member[64];
    const char *dot;
    while ((dot = strchr(name, '.')) != NULL && (size_t)(dot - name) < sizeof member) {
        memcpy(member, name, (size_t)(dot - name));
        member[dot - name] = '\0';
        row = json_object_get(row, member);
        name = dot + 1;
    }
    row = json_object_get(row, name);
    return json_is_string(row) ? json_string_value(row) : "";
}

static bool is_message(const json_t *row)
{
    return strcmp(case_text(row, "row"), "message") == 0 && !json_is_true(json_object_get(row, "related"));
}

int case_messages(const Case *it)
{
    size_t i;
    json_t *row;
    int count = 0;
    json_array_foreach (it->rows, i, row)
        count += is_message(row);
    return count;
}

const json_t *case_last(const Case *it, const char *kind)
{
    size_t i;
    json_t *row;
    const json_t *last = NULL;
    json_array_foreach (it->rows, i, row)
        if (is_message(row) && strcmp(case_text(row, "kind"), kind) == 0)
            last = row;
    return last;
}

static void case_free(gpointer data)
{
    Case *it = data;
    json_decref(it->rows);
    g_free(it->conversation);
    g_free(it->name);
    g_free(it->born);
    g_free(it);
}

/* The newest version of what began it has "versions"; else its first message. */
static void case_fill(Case *it)
{
    size_t i;
    json_t *row;
    json_array_foreach (it->rows, i, row) {
        if (!is_message(row))
            continue;
        if (it->request == NULL || json_object_get(row, "versions") != NULL)
            it->request = row;
        if (json_is_true(json_object_get(row, "waiting")))
            it->waiting = row;
    }
    it->kind = case_text(it->request, "kind");
    it->state = case_text(it->request, "state");
    it->release_day = case_text(it->request, "release.expected_date");
    it->ours = it->request != NULL && strcmp(case_text(it->request, "direction"), "out") == 0;
    if (it->waiting == NULL || !tc_date_parse_time(case_text(it->waiting, "due_at"), &it->due))
        it->due = 0;
}

void case_open(Caseload *caseload, Case *it)
{
    TcError error;
    if (it->looked)
        return;
    json_auto_t *message = tc_client_message(caseload->client, case_text(it->request, "id"), &error);
    const json_t *person = json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "person");
    it->looked = person != NULL; /* keys may still come */
    if (person == NULL)
        return;
    const char *forenames = case_text(person, "forenames"), *born = case_text(person, "date_of_birth");
    it->name = g_strconcat(forenames, *forenames != '\0' ? " " : "", case_text(person, "surname"), NULL);
    it->born = *born != '\0' ? g_strdup(born) : NULL;
}

/* ---- All of them ---- */

void caseload_refresh(Caseload *caseload, const char *conversation)
{
    TcError error;
    Case *it = g_new0(Case, 1);
    it->conversation = g_strdup(conversation);
    it->rows = tc_client_conversation(caseload->client, conversation, &error);
    case_fill(it);
    if (it->request == NULL) {
        g_hash_table_remove(caseload->by_id, conversation);
        case_free(it);
        return;
    }
    g_hash_table_replace(caseload->by_id, it->conversation, it);
}

static void read_side(Caseload *caseload, bool sent)
{
    TcError error;
    size_t i;
    json_t *row;
    json_auto_t *filter = json_pack("{s:i, s:b}", "limit", CASELOAD_MAX, "sent", sent), *rows = tc_client_inbox(caseload->client, filter, &error);
    json_array_foreach (rows, i, row)
        if (!g_hash_table_contains(caseload->by_id, case_text(row, "conversation")))
            caseload_refresh(caseload, case_text(row, "conversation"));
}

Caseload *caseload_new(TcClient *client)
{
    Caseload *caseload = g_new0(Caseload, 1);
    *caseload = (Caseload){ client, g_hash_table_new_full(g_str_hash, g_str_equal, NULL, case_free) };
    read_side(caseload, false);
    read_side(caseload, true);
    return caseload;
}

void caseload_free(Caseload *caseload)
{
    if (caseload == NULL)
        return;
    g_hash_table_unref(caseload->by_id);
    g_free(caseload);
}

Case *caseload_find(Caseload *caseload, const char *conversation) { return g_hash_table_lookup(caseload->by_id, conversation); }

GPtrArray *caseload_all(const Caseload *caseload)
{
    GHashTableIter iter;
    gpointer it;
    GPtrArray *all = g_ptr_array_sized_new(g_hash_table_size(caseload->by_id));
    g_hash_table_iter_init(&iter, caseload->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &it))
        g_ptr_array_add(all, it);
    return all;
}
