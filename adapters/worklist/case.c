#include "adapters/worklist/case.h"

#include "adapters/worklist/alphabet.h"
#include "proto/date.h"
#include "proto/linkage.h"

#include <string.h>

enum { REPORTED_AFTER_HOURS = 2 }; /* of a release: DOMAIN, "contact on the day of release" */

gint case_newest_first(gconstpointer a, gconstpointer b) { return -strcmp((*(Case *const *)a)->conversation, (*(Case *const *)b)->conversation); }

int case_by_name(const Case *a, const Case *b)
{
    if (a->by_name == NULL || b->by_name == NULL)
        return (a->by_name == NULL) - (b->by_name == NULL);
    return alphabet_compare(a->by_name, b->by_name);
}

const char *case_text(const json_t *row, const char *name) { return facts_text(row, name); }

bool case_about_somebody(const Case *it) { return strcmp(it->kind, "availability") != 0 && strcmp(it->kind, "figures") != 0; }

int case_messages(const Case *it)
{
    size_t i;
    json_t *row;
    int count = 0;
    json_array_foreach (it->rows, i, row)
        count += facts_is_message(row);
    return count;
}

bool case_counts(const json_t *row)
{
    const char *state = case_text(row, "delivery_state");
    return strcmp(case_text(row, "row"), "message") == 0 && !json_is_true(json_object_get(row, "related")) &&
           (*state == '\0' || strcmp(state, "waiting") == 0 || strcmp(state, "accepted") == 0);
}

bool case_is_recalled(const Case *it, const char *id)
{
    size_t i;
    json_t *row;
    json_array_foreach (it->rows, i, row)
        if (case_counts(row) && strcmp(case_text(row, "kind"), "recall") == 0 && strcmp(case_text(row, "in_reply_to"), id) == 0)
            return true;
    return false;
}

bool case_may_recall(const Case *it, const json_t *row)
{
    return row != NULL && case_counts(row) && strcmp(case_text(row, "direction"), "out") == 0 && strcmp(case_text(row, "kind"), "recall") != 0 && !case_is_recalled(it, case_text(row, "id"));
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

static void forget(Case *it)
{
    g_clear_pointer(&it->name, g_free);
    g_clear_pointer(&it->by_name, g_free);
    g_clear_pointer(&it->born, g_free);
    g_clear_pointer(&it->numbers, g_strfreev);
    g_clear_pointer(&it->number_kinds, g_free);
}

void case_free(Case *it)
{
    leave_lists(it);
    json_decref(it->rows);
    g_free(it->conversation);
    forget(it);
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

Case *case_new(const char *conversation, json_t *rows, char *assigned)
{
    Case *it = g_new0(Case, 1);
    it->conversation = g_strdup(conversation);
    it->rows = rows;
    it->assigned = assigned;
    case_fill(it);
    return it;
}

/* ---- Who it is about ---- */

static void add_number(GPtrArray *numbers, GString *kinds, char kind, const char *text)
{
    char *number = tc_linkage_normalise(text != NULL ? text : "");
    if (*number == '\0') {
        g_free(number);
        return;
    }
    g_ptr_array_add(numbers, number);
    g_string_append_c(kinds, kind);
}

static char **numbers_of(const json_t *person, GString *kinds)
{
    GPtrArray *numbers = g_ptr_array_new();
    size_t i;
    json_t *number;
    add_number(numbers, kinds, 'n', case_text(person, "nhs_number"));
    add_number(numbers, kinds, 'c', case_text(person, "pnc_id"));
    json_array_foreach (json_object_get(person, "prison_numbers"), i, number)
        add_number(numbers, kinds, 'p', json_string_value(number));
    g_ptr_array_add(numbers, NULL);
    return (char **)g_ptr_array_free(numbers, FALSE);
}

void case_know(Case *it, const json_t *person)
{
    forget(it);
    const char *forenames = case_text(person, "forenames"), *born = case_text(person, "date_of_birth");
    g_autofree char *turned = g_strconcat(case_text(person, "surname"), "\t", forenames, NULL);
    it->looked = true;
    it->by_name = g_utf8_casefold(turned, -1);
    it->name = g_strconcat(forenames, *forenames != '\0' ? " " : "", case_text(person, "surname"), NULL);
    it->born = *born != '\0' ? g_strdup(born) : NULL;
    GString *kinds = g_string_new(NULL);
    it->numbers = numbers_of(person, kinds);
    it->number_kinds = g_string_free(kinds, FALSE);
}

/* A word that parts two clients may be about this conversation, or about the others: which, is not told. */
static bool is_in_doubt(const Case *it)
{
    size_t i;
    json_t *row;
    json_array_foreach (it->rows, i, row)
        if (strcmp(case_text(row, "step"), "clients_parted") == 0 || (facts_is_message(row) && strcmp(case_text(row, "merge.verdict"), "two_clients") == 0))
            return true;
    return it->facts.match_at != 0;
}

bool case_know_from(Case *it, const Case *origin)
{
    if (it->looked || strcmp(it->about, origin->conversation) != 0 || !case_about_somebody(it))
        return false;
    bool is_sure = !is_in_doubt(it) && !is_in_doubt(origin);
    const char *name = is_sure ? origin->name : NULL, *by_name = is_sure ? origin->by_name : NULL, *born = is_sure ? origin->born : NULL;
    if (g_strcmp0(it->by_name, by_name) == 0 && g_strcmp0(it->born, born) == 0)
        return false;
    forget(it);
    it->name = g_strdup(name);
    it->by_name = g_strdup(by_name);
    it->born = g_strdup(born);
    return true;
}

void case_know_as_before(Case *it, Case *before)
{
    if (!before->looked || strcmp(case_text(it->request, "id"), case_text(before->request, "id")) != 0)
        return;
    it->looked = true;
    it->name = g_steal_pointer(&before->name);
    it->by_name = g_steal_pointer(&before->by_name);
    it->born = g_steal_pointer(&before->born);
    it->numbers = g_steal_pointer(&before->numbers);
    it->number_kinds = g_steal_pointer(&before->number_kinds);
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

/* What there is of an appointment, else the release, else none. */
static int64_t taken_key(const Case *it)
{
    int64_t at = strcmp(it->state, "booked") == 0 ? it->facts.appointment_at : release_time(it);
    return at != 0 ? at : INT64_MAX;
}

int64_t case_key(const Case *it, CaseList list, const char *service)
{
    static const char *const nobody_comes[] = { "withdrawn", "recalled", NULL };
    switch (list) {
    case CASES_WAITING: return it->waiting == NULL ? 0 : it->due != 0 ? it->due : INT64_MAX;
    case CASES_OUT: return state_is(it, nobody_comes) ? 0 : release_time(it);
    case CASES_BOOKED: return strcmp(it->state, "booked") == 0 ? it->facts.appointment_at : 0;
    case CASES_MISSED: return missed_key(it);
    case CASES_SENT: return facts_wait_for_other(&it->facts) ? sent_key(it) : 0;
    case CASES_NEWS: return it->facts.news_at;
    case CASES_TAKEN: return facts_taken(&it->facts) ? taken_key(it) : 0;
    case CASES_REFUSED: return it->facts.refused_at;
    case CASES_MATCHES: return it->facts.match_at;
    default: return facts_closed(&it->facts, service) ? 0 : it->facts.begun_at;
    }
}
