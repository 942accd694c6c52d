#include "adapters/worklist/caseload.h"

#include "adapters/worklist/kin.h"

#include <stdlib.h>

enum { CASELOAD_MAX = 200000 };

struct Caseload {
    TcClient *client;
    char *service;
    GHashTable *by_id;
    GSequence *list[CASE_LISTS];
    Kin *kin;
    GQueue unopened; /* conversations, ours to free */
    guint64 changes;
};

/* Whatever is about it, and about that in turn, is called as it is now, as long as nothing there says who it is about. */
static void tell_heirs(const Caseload *caseload, Case *it)
{
    g_autoptr(GPtrArray) told = g_ptr_array_new();
    g_ptr_array_add(told, it);
    for (guint i = 0; i < told->len; i++) {
        const Case *origin = told->pdata[i];
        g_autoptr(GPtrArray) near = caseload_near(caseload, origin);
        for (guint j = 0; j < near->len; j++)
            if (case_know_from(near->pdata[j], origin))
                g_ptr_array_add(told, near->pdata[j]);
    }
}

void case_open(Caseload *caseload, Case *it)
{
    TcError error;
    if (it->looked || !case_about_somebody(it))
        return;
    json_auto_t *message = tc_client_message(caseload->client, case_text(it->request, "id"), &error);
    const json_t *person = json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "person");
    if (person == NULL) /* keys may still come */
        return;
    kin_remove(caseload->kin, it);
    case_know(it, person);
    kin_add(caseload->kin, it);
    tell_heirs(caseload, it);
}

/* ---- Its place in the lists ---- */

static gint by_key(gconstpointer a, gconstpointer b, gpointer list)
{
    const Case *x = a, *y = b;
    int at = GPOINTER_TO_INT(list);
    if (x->key[at] != y->key[at])
        return x->key[at] < y->key[at] ? -1 : 1;
    return strcmp(x->conversation, y->conversation); /* ids are in order of time */
}

static void join_lists(Caseload *caseload, Case *it)
{
    for (int i = 0; i < CASE_LISTS; i++) {
        it->key[i] = case_key(it, (CaseList)i, caseload->service);
        if (it->key[i] != 0)
            it->place[i] = g_sequence_insert_sorted(caseload->list[i], it, by_key, GINT_TO_POINTER(i));
    }
}

GSequence *caseload_list(const Caseload *caseload, CaseList list) { return caseload->list[list]; }

GSequenceIter *caseload_from(const Caseload *caseload, CaseList list, int64_t time)
{
    char none[] = ""; /* before every conversation */
    Case before = { .conversation = none };
    before.key[list] = time;
    return g_sequence_search(caseload->list[list], &before, by_key, GINT_TO_POINTER((int)list));
}

/* ---- All of them ---- */

static char *note_of(const char *conversation) { return g_strconcat("worklist:worker:", conversation, NULL); }

static char *assigned_of(const Caseload *caseload, const char *conversation)
{
    g_autofree char *note = note_of(conversation);
    char *text = tc_client_note_get(caseload->client, note), *worker = g_strdup(text);
    free(text);
    return worker;
}

static char *moved_of(const char *conversation) { return g_strconcat("worklist:moved:", conversation, NULL); }

bool caseload_assign(Caseload *caseload, const char *conversation, const char *worker, const char *by, TcError *error)
{
    g_autofree char *note = note_of(conversation), *moved = moved_of(conversation), *who = g_strdup_printf("%" G_GINT64_FORMAT " %s", tc_client_now(caseload->client), by);
    bool to = worker != NULL && *worker != '\0';
    if (!tc_client_note_set(caseload->client, note, to ? worker : NULL, error) || !tc_client_note_set(caseload->client, moved, to ? who : NULL, error))
        return false;
    caseload_refresh(caseload, conversation);
    return true;
}

char *caseload_moved(const Caseload *caseload, const char *conversation, int64_t *at)
{
    g_autofree char *note = moved_of(conversation);
    char *text = tc_client_note_get(caseload->client, note), *by = NULL;
    *at = text != NULL ? g_ascii_strtoll(text, &by, 10) : 0;
    by = g_strdup(by != NULL && *by == ' ' ? by + 1 : NULL);
    free(text);
    return by;
}

void caseload_refresh(Caseload *caseload, const char *conversation)
{
    TcError error;
    Case *before = caseload_find(caseload, conversation), *it = case_new(conversation, tc_client_conversation(caseload->client, conversation, &error), assigned_of(caseload, conversation));
    caseload->changes++;
    if (before != NULL)
        kin_remove(caseload->kin, before);
    if (it->request == NULL) {
        g_hash_table_remove(caseload->by_id, conversation);
        case_free(it);
        return;
    }
    if (before != NULL)
        case_know_as_before(it, before);
    if (!it->looked && case_about_somebody(it))
        g_queue_push_tail(&caseload->unopened, g_strdup(conversation));
    g_hash_table_replace(caseload->by_id, it->conversation, it);
    kin_add(caseload->kin, it);
    const Case *origin = caseload_find(caseload, it->about);
    if (origin != NULL)
        (void)case_know_from(it, origin);
    tell_heirs(caseload, it);
    join_lists(caseload, it);
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

bool caseload_is_opening(const Caseload *caseload) { return caseload->unopened.length > 0; }

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

Caseload *caseload_new(TcClient *client, const char *service)
{
    Caseload *caseload = g_new0(Caseload, 1);
    caseload->client = client;
    caseload->service = g_strdup(service);
    caseload->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)case_free);
    caseload->kin = kin_new();
    for (int i = 0; i < CASE_LISTS; i++)
        caseload->list[i] = g_sequence_new(NULL);
    g_queue_init(&caseload->unopened);
    read_side(caseload, false);
    read_side(caseload, true);
    return caseload;
}

void caseload_free(Caseload *caseload)
{
    if (caseload == NULL)
        return;
    g_queue_clear_full(&caseload->unopened, g_free);
    kin_free(caseload->kin);
    g_hash_table_unref(caseload->by_id);
    for (int i = 0; i < CASE_LISTS; i++)
        g_sequence_free(caseload->list[i]);
    g_free(caseload->service);
    g_free(caseload);
}

Case *caseload_find(Caseload *caseload, const char *conversation) { return g_hash_table_lookup(caseload->by_id, conversation); }

GPtrArray *caseload_near(const Caseload *caseload, const Case *it)
{
    GPtrArray *found = g_ptr_array_new();
    kin_near(caseload->kin, it, found);
    return found;
}

void caseload_each(const Caseload *caseload, void (*visit)(void *ctx, const Case *it), void *ctx)
{
    GHashTableIter iter;
    gpointer it;
    g_hash_table_iter_init(&iter, caseload->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &it))
        visit(ctx, it);
}

guint64 caseload_changes(const Caseload *caseload) { return caseload->changes; }
