#include "adapters/worklist/caseload.h"

#include "proto/date.h"

#include <stdlib.h>
#include <string.h>

enum { CASELOAD_MAX = 200000, REPORTED_AFTER_HOURS = 2 }; /* of a release: DOMAIN, "contact on the day of release" */

struct Caseload {
    TcClient *client;
    char *service;
    GHashTable *by_id;
    GSequence *list[CASE_LISTS];
    GQueue unopened; /* conversations, ours to free */
    guint64 changes;
};

/* ---- One case ---- */

const char *case_text(const json_t *row, const char *name) { return facts_text(row, name); }

int case_messages(const Case *it)
{
    size_t i;
    json_t *row;
    int count = 0;
    json_array_foreach (it->rows, i, row)
        count += facts_is_message(row);
    return count;
}

const json_t *case_last(const Case *it, const char *kind)
{
    size_t i;
    json_t *row;
    const json_t *last = NULL;
    json_array_foreach (it->rows, i, row)
        if (facts_is_message(row) && strcmp(case_text(row, "kind"), kind) == 0)
            last = row;
    return last;
}

static void leave_lists(Case *it)
{
    for (int i = 0; i < CASE_LISTS; i++)
        if (it->place[i] != NULL)
            g_sequence_remove(it->place[i]);
    memset(it->place, 0, sizeof it->place);
}

static void case_free(gpointer data)
{
    Case *it = data;
    leave_lists(it);
    json_decref(it->rows);
    g_free(it->conversation);
    g_free(it->name);
    g_free(it->born);
    g_strfreev(it->numbers);
    g_free(it->assigned);
    g_free(it);
}

/* Its first version says it. */
static const char *about_of(const json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row)
        if (facts_is_message(row) && json_object_get(row, "about") != NULL)
            return case_text(row, "about");
    return "";
}

static void case_fill(Case *it)
{
    it->about = about_of(it->rows);
    it->facts = facts_from_rows(it->rows);
    it->request = it->facts.request;
    it->waiting = it->facts.waiting;
    it->kind = it->facts.kind;
    it->state = it->facts.state;
    it->release_day = it->facts.release_day;
    it->due = it->facts.due;
    it->ours = it->facts.ours;
    it->worker = it->assigned != NULL ? it->assigned : it->facts.worker;
}

static void add_number(GPtrArray *numbers, const char *text)
{
    g_autofree char *number = g_strdelimit(g_ascii_strup(text, -1), " -/", '/');
    g_auto(GStrv) each = g_strsplit(number, "/", -1);
    char *joined = g_strjoinv("", each);
    if (*joined != '\0')
        g_ptr_array_add(numbers, joined);
    else
        g_free(joined);
}

static char **numbers_of(const json_t *person)
{
    GPtrArray *numbers = g_ptr_array_new();
    size_t i;
    json_t *number;
    add_number(numbers, case_text(person, "nhs_number"));
    add_number(numbers, case_text(person, "pnc_id"));
    json_array_foreach (json_object_get(person, "prison_numbers"), i, number)
        add_number(numbers, json_string_value(number));
    g_ptr_array_add(numbers, NULL);
    return (char **)g_ptr_array_free(numbers, FALSE);
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
    it->numbers = numbers_of(person);
}

/* ---- Its place in the lists ---- */

/* Ten in the morning, when prisons let people go; 0: no such day. */
static int64_t release_time(const Case *it)
{
    int64_t time;
    g_autofree char *text = g_strconcat(it->release_day, "T10:00:00Z", NULL);
    return *it->release_day != '\0' && tc_date_parse_time(text, &time) ? time : 0;
}

static bool state_is(const Case *it, const char *const *states)
{
    for (size_t i = 0; states[i] != NULL; i++)
        if (strcmp(it->state, states[i]) == 0)
            return true;
    return false;
}

static int64_t missed_key(const Case *it)
{
    static const char *const gone[] = { "missed", "not_met", "woken", "trying", NULL }, *const unreported[] = { "open", "named", "cannot", NULL };
    int64_t release = release_time(it);
    if (state_is(it, gone))
        return it->facts.outcome_at != 0 ? it->facts.outcome_at : it->facts.asked_at;
    return release != 0 && state_is(it, unreported) ? release + REPORTED_AFTER_HOURS * G_TIME_SPAN_HOUR : 0;
}

/* When another's silence counts: when they had to answer, or when the broker said that they did not. */
static int64_t sent_key(const Case *it)
{
    bool unanswered = it->facts.answered_at == 0 && it->facts.answer_by != 0;
    int64_t by = unanswered ? it->facts.answer_by : INT64_MAX;
    return it->facts.silent_at != 0 ? MIN(by, it->facts.silent_at) : by;
}

/* 0: it does not belong into that list. */
static int64_t key_of(const Caseload *caseload, const Case *it, CaseList list)
{
    static const char *const nobody_comes[] = { "withdrawn", "recalled", NULL };
    switch (list) {
    case CASES_WAITING: return it->waiting == NULL ? 0 : it->due != 0 ? it->due : INT64_MAX;
    case CASES_OUT: return state_is(it, nobody_comes) ? 0 : release_time(it);
    case CASES_BOOKED: return strcmp(it->state, "booked") == 0 ? it->facts.appointment_at : 0;
    case CASES_MISSED: return missed_key(it);
    case CASES_SENT: return facts_wait_for_other(&it->facts) ? sent_key(it) : 0;
    case CASES_NEWS: return it->facts.news_at;
    case CASES_MATCHES: return it->facts.match_at;
    default: return facts_closed(&it->facts, caseload->service) ? 0 : it->facts.begun_at;
    }
}

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
        it->key[i] = key_of(caseload, it, (CaseList)i);
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

bool caseload_assign(Caseload *caseload, const char *conversation, const char *worker, TcError *error)
{
    g_autofree char *note = note_of(conversation);
    if (!tc_client_note_set(caseload->client, note, worker != NULL && *worker != '\0' ? worker : NULL, error))
        return false;
    caseload_refresh(caseload, conversation);
    return true;
}

/* Who it is about does not change with a newer message of the same version. */
static void keep_name(Case *it, Case *before)
{
    if (before == NULL || !before->looked || strcmp(case_text(it->request, "id"), case_text(before->request, "id")) != 0)
        return;
    it->looked = true;
    it->name = g_steal_pointer(&before->name);
    it->born = g_steal_pointer(&before->born);
    it->numbers = g_steal_pointer(&before->numbers);
}

void caseload_refresh(Caseload *caseload, const char *conversation)
{
    TcError error;
    Case *it = g_new0(Case, 1);
    caseload->changes++;
    it->conversation = g_strdup(conversation);
    it->rows = tc_client_conversation(caseload->client, conversation, &error);
    it->assigned = assigned_of(caseload, conversation);
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
    caseload->by_id = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, case_free);
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
    g_hash_table_unref(caseload->by_id);
    for (int i = 0; i < CASE_LISTS; i++)
        g_sequence_free(caseload->list[i]);
    g_free(caseload->service);
    g_free(caseload);
}

Case *caseload_find(Caseload *caseload, const char *conversation) { return g_hash_table_lookup(caseload->by_id, conversation); }

void caseload_each(const Caseload *caseload, void (*visit)(void *ctx, const Case *it), void *ctx)
{
    GHashTableIter iter;
    gpointer it;
    g_hash_table_iter_init(&iter, caseload->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &it))
        visit(ctx, it);
}

guint64 caseload_changes(const Caseload *caseload) { return caseload->changes; }
