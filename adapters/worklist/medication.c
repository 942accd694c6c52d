#include "adapters/worklist/medication.h"

#include "adapters/station/words.h"
#include "adapters/worklist/answerable.h"
#include "adapters/worklist/care.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/doses.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_SHOWN = 5 };

json_t *medication_rows(const GPtrArray *cases)
{
    json_t *rows = json_array();
    for (int doubted = 0; doubted <= 1; doubted++) /* a doubt counts until the rows after it decide it: those of another conversation do not */
        for (guint i = 0; i < cases->len; i++) {
            const Case *it = cases->pdata[i];
            if ((it->facts.match_at != 0) == (doubted == 1))
                json_array_extend(rows, it->rows);
        }
    return rows;
}

/* ---- One dose ---- */

static void add_fact(json_t *facts, const char *label, const char *value)
{
    if (*value != '\0')
        json_array_append_new(facts, json_pack("{s:s, s:s}", "label", label, "value", value));
}

static json_t *facts_of(const json_t *dose)
{
    json_t *facts = json_array(), *missed = json_object_get(dose, "missed_in_7_days");
    g_autofree char *taken = say_time_text(case_text(dose, "last_taken_at")), *next = say_time_text(case_text(dose, "next_due_at")), *supplied = say_short_day(case_text(dose, "supplied_to"));
    g_autofree char *count = json_is_integer(missed) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(missed)) : g_strdup(_("not known"));
    add_fact(facts, _("Supervised"), words_in("supervised", case_text(dose, "supervised")));
    add_fact(facts, _("Phase"), words_in("phase", case_text(dose, "phase")));
    add_fact(facts, _("Last taken"), taken);
    add_fact(facts, _("Seen by"), words_in("observed_by", case_text(dose, "observed_by")));
    add_fact(facts, _("Missed in 7 days"), count);
    add_fact(facts, _("Next due"), next);
    add_fact(facts, _("Supplied to"), supplied);
    return facts;
}

static json_t *doses_of(const json_t *message)
{
    json_t *list = json_array(), *dose;
    size_t i;
    json_array_foreach (field_get(message, "parts.clinical.doses"), i, dose) {
        const char *name = case_text(dose, "product_name");
        g_autofree char *product = say_sentence(words_in("product", case_text(dose, "product"))), *what = g_strconcat(product, *name != '\0' ? ": " : "", name, NULL);
        g_autofree char *how = doses_amount(dose);
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:O}", "what", what, "how", how, "facts", facts_of(dose), "line", dose));
    }
    return list;
}

/* ---- One message ---- */

static bool is_confirmed(const json_t *answer) { return strcmp(case_text(answer, "dose_answer.reply"), "confirmed") == 0; }

static bool must_reassess(const char *standing) { return standing != NULL && g_str_has_prefix(standing, "reassess"); }

static json_t *entry(const Worklist *worklist, const CareRow *row, const json_t *message)
{
    const json_t *answerer = field_get(message, "parts.clinical.answerer");
    const char *reply = case_text(row->json, "dose_answer.reply");
    g_autofree char *at = say_time_text(case_text(row->json, "at")), *until = say_time_text(case_text(row->json, "dose_answer.valid_until_at"));
    g_autofree char *said = say_sentence(words_in("dose_answer.reply", reply)), *who = g_strjoin(", ", case_text(answerer, "name"), case_text(answerer, "role"), case_text(answerer, "registration"), NULL);
    return json_pack("{s:O, s:s, s:s, s:s, s:s, s:b, s:s, s:s}", "row", row->json, "id", case_text(row->json, "id"), "at", at, "by", worklist_service_name(worklist, case_text(row->json, "sender")), "reply", said, "confirmed",
                     is_confirmed(row->json), "until", until, "answerer", answerer != NULL ? who : "");
}

static json_t *answer_of(const Worklist *worklist, const CareRow *row, const json_t *rows)
{
    json_auto_t *message = worklist_message(worklist, case_text(row->json, "id"));
    char *standing = tc_dose_standing(message, rows, tc_client_now(worklist->client));
    bool reassess = must_reassess(standing);
    json_t *it = entry(worklist, row, message);
    json_object_set_new(it, "doses", standing == NULL || reassess ? doses_of(message) : json_array());
    if (is_confirmed(row->json) && standing != NULL) {
        g_autofree char *why = library_said(worklist, reassess ? strchr(standing, ':') + 2 : standing), *said = say_sentence(why);
        json_object_set_new(it, reassess ? "reassess" : "hidden", json_string(said));
        json_object_set_new(it, "reply", json_string(_("It was confirmed once")));
        json_object_set_new(it, "confirmed", json_false());
    }
    free(standing);
    return it;
}

const char *medication_void(const Worklist *worklist, Case *it, const json_t *answer)
{
    if (answer == NULL || !is_confirmed(answer))
        return NULL;
    g_autoptr(GPtrArray) cases = client_cases(worklist, it);
    json_auto_t *rows = medication_rows(cases), *message = worklist_message(worklist, case_text(answer, "id"));
    char *standing = tc_dose_standing(message, rows, tc_client_now(worklist->client));
    const char *words = standing == NULL ? NULL : must_reassess(standing) ? _("reassess, do not continue") : _("its dose is not shown");
    free(standing);
    return words;
}

const char *medication_state(const Worklist *worklist, Case *it)
{
    const char *words = strcmp(it->state, "confirmed") == 0 ? medication_void(worklist, it, case_last(it, "dose_answer")) : NULL;
    return words != NULL ? words : words_of(it->state);
}

/* What a prison or a referrer wrote of a dose that nobody who prescribes has confirmed. */
static json_t *unconfirmed_of(const Worklist *worklist, const CareRow *row, bool doubted)
{
    json_auto_t *message = worklist_message(worklist, case_text(row->json, "id"));
    if (json_array_size(field_get(message, "parts.clinical.doses")) == 0 || strcmp(case_text(message, "signature"), "good") != 0)
        return NULL;
    json_t *it = entry(worklist, row, NULL);
    json_object_set_new(it, "unconfirmed", json_true());
    json_object_set_new(it, "doses", doubted ? json_array() : doses_of(message));
    if (doubted)
        json_object_set_new(it, "hidden", json_string(_("It is not certain whose dose it is: a number is known with another date of birth, or for another client.")));
    return it;
}

static bool is_sealed(const json_t *row, const char *part)
{
    size_t i;
    json_t *each;
    json_array_foreach (json_object_get(row, "sealed"), i, each)
        if (strcmp(json_string_value(each), part) == 0)
            return true;
    return false;
}

/* ---- Our own prescribing ---- */

/* What ends our own prescribing, or puts it in doubt, when it came after we said that it starts. */
#define MAY_END_IT "prescribing,two_prescribe,nobody_prescribes,dose_request,dose_answer,movement,meeting_report,release_notification,drop_out,lost,transfer_answer,attendance,attempt,death,client_died"

static bool ends_nothing(const json_t *row)
{
    static const char *const away[] = { "in_custody", "in_hospital", "died", NULL };
    const char *kind = case_text(row, "kind"), *said = case_text(row, strcmp(kind, "attempt") == 0 ? "attempt.result" : "attendance.outcome");
    return strcmp(case_text(row, "prescribing.step"), "collected") == 0 || ((strcmp(kind, "attempt") == 0 || strcmp(kind, "attendance") == 0) && !g_strv_contains(away, said));
}

/* What is to be after the first dose is after it, too. */
static bool is_before(const json_t *row, const json_t *start)
{
    int64_t first = facts_time(start, "event_at");
    return facts_after(start, row) && facts_time(row, "event_at") < first && facts_time(row, "at") < first;
}

/* Our own word that we prescribe now, the broker's record saying the same, and nothing told since that makes it doubtful; NULL: there is none. */
static const json_t *own_start(const Worklist *worklist, const GPtrArray *cases)
{
    g_autoptr(GArray) rows = care_rows(cases, MAY_END_IT);
    const json_t *start = NULL;
    for (guint i = 0; i < rows->len && start == NULL; i++) {
        const json_t *row = g_array_index(rows, CareRow, i).json;
        if (strcmp(case_text(row, "prescribing.step"), "start") == 0 && strcmp(case_text(row, "sender"), worklist->service) == 0)
            start = row;
    }
    if (start == NULL || facts_time(start, "event_at") > tc_client_now(worklist->client) || strcmp(case_text(answerables_newest(worklist->answerables, cases), "prescriber"), worklist->service) != 0)
        return NULL;
    for (guint i = 0; i < rows->len; i++) {
        const json_t *row = g_array_index(rows, CareRow, i).json;
        if (row != start && !ends_nothing(row) && !is_before(row, start))
            return NULL;
    }
    return start;
}

/* Where this service prescribes itself, its own prescription counts, and an older answer of another is history: what must not be done stands with it still. */
static void add_own(const Worklist *worklist, const GPtrArray *cases, json_t *list)
{
    const json_t *start = own_start(worklist, cases);
    g_autofree char *since = say_time_text(case_text(start, "event_at"));
    size_t i;
    json_t *it;
    json_array_foreach (list, i, it)
        if (start != NULL && json_object_get(it, "reassess") != NULL)
            json_object_set_new(it, "own", json_pack("{s:s, s:s}", "service", worklist_service_name(worklist, worklist->service), "since", since));
}

json_t *medication_list(const Worklist *worklist, const GPtrArray *cases)
{
    g_autoptr(GArray) answers = care_rows(cases, "dose_answer"), told = care_rows(cases, "release_notification,referral,transfer_offer");
    json_auto_t *rows = medication_rows(cases);
    json_t *list = json_array();
    bool doubted = false;
    for (guint i = 0; i < cases->len; i++)
        doubted = doubted || ((const Case *)cases->pdata[i])->facts.match_at != 0;
    for (guint i = 0; i < answers->len; i++) {
        const CareRow *row = &g_array_index(answers, CareRow, i);
        if (case_last(row->it, "dose_answer") == row->json)
            json_array_append_new(list, answer_of(worklist, row, rows));
    }
    for (guint i = 0; i < told->len; i++) {
        const CareRow *row = &g_array_index(told, CareRow, i);
        json_t *it = row->it->request == row->json && is_sealed(row->json, "clinical") ? unconfirmed_of(worklist, row, doubted) : NULL;
        if (it != NULL)
            json_array_append_new(list, it);
    }
    add_own(worklist, cases, list);
    doses_compare(list);
    doses_fold(list);
    return list;
}

json_t *medication_of(const Worklist *worklist, const GPtrArray *cases, const char *id)
{
    g_autoptr(GArray) answers = care_rows(cases, "dose_answer");
    json_auto_t *rows = medication_rows(cases);
    for (guint i = 0; i < answers->len; i++)
        if (strcmp(case_text(g_array_index(answers, CareRow, i).json, "id"), id) == 0)
            return answer_of(worklist, &g_array_index(answers, CareRow, i), rows);
    return NULL;
}

const char *medication_prescriber(const GPtrArray *cases)
{
    g_autoptr(GArray) rows = care_rows(cases, "prescribing");
    g_autoptr(GHashTable) stopped = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < rows->len; i++) {
        const json_t *row = g_array_index(rows, CareRow, i).json;
        const char *step = case_text(row, "prescribing.step"), *sender = case_text(row, "sender");
        if (strcmp(step, "start") == 0 && !g_hash_table_contains(stopped, sender))
            return sender;
        if (strcmp(step, "stop") == 0)
            g_hash_table_add(stopped, (char *)sender);
    }
    return "";
}

json_t *medication_statements(const Worklist *worklist, const GPtrArray *cases)
{
    g_autoptr(GArray) rows = care_rows(cases, "prescribing,two_prescribe,nobody_prescribes");
    json_t *list = json_array();
    for (guint i = 0; i < rows->len && i < STATEMENTS_SHOWN; i++) {
        const json_t *row = g_array_index(rows, CareRow, i).json;
        const char *step = case_text(row, "prescribing.step"), *event = case_text(row, "event_at"), *by = case_text(row, "by");
        g_autofree char *what = say_sentence(*step != '\0' ? words_in("prescribing.step", step) : words_of(case_text(row, "step"))), *at = say_time_text(*event != '\0' ? event : case_text(row, "at"));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "what", what, "by", worklist_service_name(worklist, *by != '\0' ? by : case_text(row, "sender")), "at", at));
    }
    return list;
}
