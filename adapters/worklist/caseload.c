#include "adapters/worklist/caseload.h"

#include "proto/date.h"

#include <string.h>

enum { CASELOAD_MAX = 200000 };

struct Caseload {
    TcClient *client;
    GHashTable *by_id;
    GPtrArray *order[CASE_ORDERS]; /* NULL: something changed since */
    GQueue unopened;               /* conversations, ours to free */
};

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

static void forget_order(Caseload *caseload)
{
    for (int i = 0; i < CASE_ORDERS; i++)
        g_clear_pointer(&caseload->order[i], g_ptr_array_unref);
}

/* Who it is about does not change with a newer message of the same version. */
static void keep_name(Case *it, Case *before)
{
    if (before == NULL || !before->looked || strcmp(case_text(it->request, "id"), case_text(before->request, "id")) != 0)
        return;
    it->looked = true;
    it->name = g_steal_pointer(&before->name);
    it->born = g_steal_pointer(&before->born);
}

void caseload_refresh(Caseload *caseload, const char *conversation)
{
    TcError error;
    Case *it = g_new0(Case, 1);
    forget_order(caseload);
    it->conversation = g_strdup(conversation);
    it->rows = tc_client_conversation(caseload->client, conversation, &error);
    case_fill(it);
    if (it->request == NULL) {
        g_hash_table_remove(caseload->by_id, conversation);
        case_free(it);
        return;
    }
    keep_name(it, g_hash_table_lookup(caseload->by_id, conversation));
    if (!it->looked)
        g_queue_push_tail(&caseload->unopened, g_strdup(conversation));
    g_hash_table_replace(caseload->by_id, it->conversation, it);
}

bool caseload_open_some(Caseload *caseload, int count)
{
    while (count-- > 0 && !g_queue_is_empty(&caseload->unopened)) {
        g_autofree char *conversation = g_queue_pop_head(&caseload->unopened);
        Case *it = caseload_find(caseload, conversation);
        if (it != NULL)
            case_open(caseload, it);
    }
    return !g_queue_is_empty(&caseload->unopened);
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
    caseload->client = client;
    caseload->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, case_free);
    g_queue_init(&caseload->unopened);
    read_side(caseload, false);
    read_side(caseload, true);
    return caseload;
}

void caseload_free(Caseload *caseload)
{
    if (caseload == NULL)
        return;
    forget_order(caseload);
    g_queue_clear_full(&caseload->unopened, g_free);
    g_hash_table_unref(caseload->by_id);
    g_free(caseload);
}

Case *caseload_find(Caseload *caseload, const char *conversation) { return g_hash_table_lookup(caseload->by_id, conversation); }

static gint by_age(gconstpointer a, gconstpointer b)
{
    const Case *x = *(Case *const *)a, *y = *(Case *const *)b;
    return strcmp(x->conversation, y->conversation); /* ids are in order of time */
}

static gint by_due(gconstpointer a, gconstpointer b)
{
    const Case *x = *(Case *const *)a, *y = *(Case *const *)b;
    int64_t p = x->due != 0 ? x->due : INT64_MAX, q = y->due != 0 ? y->due : INT64_MAX;
    return p != q ? (p > q) - (p < q) : by_age(a, b);
}

static gint by_release(gconstpointer a, gconstpointer b)
{
    const Case *x = *(Case *const *)a, *y = *(Case *const *)b;
    int order = strcmp(x->release_day, y->release_day);
    return order != 0 ? order : by_age(a, b);
}

const GPtrArray *caseload_in_order(Caseload *caseload, CaseOrder order)
{
    static const GCompareFunc compare[CASE_ORDERS] = { by_due, by_release, by_age };
    GHashTableIter iter;
    gpointer it;
    if (caseload->order[order] != NULL)
        return caseload->order[order];
    GPtrArray *all = caseload->order[order] = g_ptr_array_sized_new(g_hash_table_size(caseload->by_id));
    g_hash_table_iter_init(&iter, caseload->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &it))
        g_ptr_array_add(all, it);
    g_ptr_array_sort(all, compare[order]);
    return all;
}
