#include "adapters/worklist/timeline.h"

#include "adapters/station/words.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/doses.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/medication.h"
#include "adapters/worklist/said.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

enum { OPENED_MAX = 60 }; /* of a very long conversation the oldest messages say what their headers say */

static bool is_row(const json_t *row, const char *kind) { return strcmp(case_text(row, "row"), kind) == 0; }

/* ---- A message ---- */

static char *value_text(const char *field, const json_t *value)
{
    g_autofree char *number = json_is_integer(value) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value)) : NULL;
    const char *text = number != NULL ? number : json_is_string(value) ? json_string_value(value) : "";
    g_autofree char *day = say_short_day(text), *time = say_time_text(text);
    return g_strdup(*day != '\0' ? day : *time != '\0' ? time : words_in(field, text));
}

/* What a newer version says otherwise, each by itself; what it says for the first time, or no more, in one line each. */
static json_t *changes_of(const json_t *message)
{
    g_autoptr(GString) added = g_string_new(NULL), removed = g_string_new(NULL);
    json_t *list = json_array(), *change;
    size_t i;
    json_array_foreach (json_object_get(message, "changes"), i, change) {
        const char *path = case_text(change, "field"), *tail = strrchr(path, '.') != NULL ? strrchr(path, '.') + 1 : path;
        g_autofree char *field = g_strndup(tail, strcspn(tail, "[")), *from = value_text(field, json_object_get(change, "from")), *to = value_text(field, json_object_get(change, "to"));
        if (strstr(path, "doses") != NULL || strcmp(path, "dose_answer.reply") == 0) /* a dose is never shown without its standing, nor is that one is confirmed */
            continue;
        if (*from != '\0' && *to != '\0')
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "field", words_of(field), "from", from, "to", to));
        else if (*to != '\0')
            g_string_append_printf(added, "%s%s: %s", added->len > 0 ? "; " : "", words_of(field), to);
        else
            g_string_append_printf(removed, "%s%s", removed->len > 0 ? ", " : "", words_of(field));
    }
    return json_pack("{s:o, s:s, s:s}", "changed", list, "added", added->str, "removed", removed->str);
}

/* Evidence that is of its own weight stands between the messages; the rest stands with its message. */
static bool stands_alone(const json_t *row)
{
    static const char *const alone[] = { "answerable", "asked", "consent_changed", "client_died", "death_taken_back", "possible_match", "clients_merged", "clients_parted", "wrong_person", "two_prescribe",
        "nobody_prescribes", "expired", NULL };
    return g_strv_contains(alone, case_text(row, "step"));
}

/* A worker knows the other service, and no adapter of it. */
static const char *step_words(const json_t *row)
{
    const char *step = case_text(row, "step");
    return strcmp(step, "held") == 0 ? _("reached them, not opened yet") : words_of(step);
}

/* Our own workers by name too; of another service the reference alone. New string. */
static char *worker_of(const Worklist *worklist, const json_t *row, const char *by)
{
    const char *worker = case_text(row, "worker");
    return strcmp(by, worklist->service) == 0 ? worklist_worker_said(worklist, worker) : g_strdup(worker);
}

static json_t *evidence_row(const Worklist *worklist, const json_t *row)
{
    const char *policy = case_text(row, "policy"), *by = case_text(row, "by");
    g_autofree char *what = say_sentence(step_words(row)), *at = say_time_text(case_text(row, "at")), *worker = worker_of(worklist, row, by);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "what", what, "clock", *policy != '\0' ? words_of_clock(policy) : "", "by", *by != '\0' ? worklist_service_name(worklist, by) : "", "worker", worker, "at", at);
}

/* That nobody has opened it yet is over when somebody has. */
static bool is_over(const Case *it, const json_t *held)
{
    size_t i;
    json_t *row;
    if (strcmp(case_text(held, "step"), "held") != 0)
        return false;
    json_array_foreach (it->rows, i, row)
        if (is_row(row, "evidence") && strcmp(case_text(row, "step"), "opened") == 0 && strcmp(case_text(row, "message"), case_text(held, "message")) == 0 && strcmp(case_text(row, "by"), case_text(held, "by")) == 0)
            return true;
    return false;
}

/* What became of a message: the same step by the same service once, at its first. */
static json_t *evidence_of(const Worklist *worklist, const Case *it, const char *message)
{
    json_t *list = json_array(), *row;
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    size_t i;
    json_array_foreach (it->rows, i, row) {
        g_autofree char *key = g_strjoin("|", case_text(row, "step"), case_text(row, "by"), case_text(row, "policy"), NULL);
        if (is_row(row, "evidence") && !stands_alone(row) && strcmp(case_text(row, "message"), message) == 0 && !is_over(it, row) && g_hash_table_add(told, g_steal_pointer(&key)))
            json_array_append_new(list, evidence_row(worklist, row));
    }
    return list;
}

/* An answer that must not be relied on any more does not say that the dose is confirmed: its reply is what it says first. */
static void mark_void(const Worklist *worklist, Case *it, const json_t *row, json_t *facts)
{
    const char *words = medication_void(worklist, it, row);
    g_autofree char *said = words != NULL ? g_strdup_printf(_("was confirmed once; now: %s"), words) : NULL;
    if (said != NULL && json_array_size(facts) > 0)
        json_object_set_new(json_array_get(facts, 0), "value", json_string(said));
}

/* Who wrote it: of another service with name and telephone, where the message itself has them; an answer tells whom to ring among what it says. New string. */
static char *writer_of(const Worklist *worklist, const Case *it, const json_t *row, const json_t *message)
{
    bool ours = strcmp(case_text(row, "sender"), worklist->service) == 0;
    char *said = ours ? NULL : client_worker_in(it, message, case_text(row, "worker"), !g_str_has_suffix(case_text(row, "kind"), "_answer"));
    return said != NULL ? said : worker_of(worklist, row, case_text(row, "sender"));
}

static json_t *message_entry(const Worklist *worklist, Case *it, const json_t *row, const json_t *message)
{
    const char *kind = case_text(row, "kind"), *id = case_text(row, "id"), *delivery = case_text(row, "delivery_state"), *opened = case_text(row, "opened_by");
    const json_t *whole = message != NULL ? message : row;
    bool bad = message != NULL && strcmp(case_text(message, "signature"), "good") != 0;
    g_autofree char *what = say_sentence(words_of(kind)), *at = say_time_text(case_text(row, "at")), *problem = library_said(worklist, case_text(row, "error.text"));
    g_autofree char *worker = writer_of(worklist, it, row, message), *reader = worklist_worker_said(worklist, opened);
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b}", "id", id, "at", at, "what", what, "by", worklist_service_name(worklist, case_text(row, "sender")), "worker",
                              worker, "facts", bad ? json_array() : said_first(worklist, whole), "rest", bad ? json_array() : said_rest(worklist, whole), "changes",
                              bad ? json_object() : changes_of(whole), "evidence", evidence_of(worklist, it, id), "closed", json_object_size(json_object_get(message, "closed")) > 0, "bad", bad);
    mark_void(worklist, it, row, json_object_get(entry, "facts"));
    static const char *const lists[] = { "facts", "rest", "evidence" };
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *any = g_strconcat("any_", lists[i], NULL);
        json_object_set_new(entry, any, json_boolean(json_array_size(json_object_get(entry, lists[i])) > 0));
    }
    json_object_set_new(entry, "recalled", json_boolean(case_is_recalled(it, id)));
    json_object_set_new(entry, "superseded", json_boolean(json_object_get(row, "versions") == NULL && row != it->request && strcmp(kind, it->kind) == 0));
    json_object_set_new(entry, "delivery", json_string(strcmp(delivery, "accepted") == 0 ? "" : words_of(delivery)));
    json_object_set_new(entry, "problem", json_string(problem));
    json_object_set_new(entry, "opened_by", json_string(reader));
    return entry;
}

/* ---- What the broker told ---- */

static json_t *told_entry(const Worklist *worklist, const json_t *row)
{
    bool asked = strcmp(case_text(row, "step"), "asked") == 0, notice = is_row(row, "notice");
    const char *by = case_text(row, notice ? "waiting_for" : "by");
    g_autofree char *what = say_sentence(notice ? _("a clock ran out") : asked ? _("was asked") : is_row(row, "evidence") ? step_words(row) : words_of(case_text(row, "row")));
    g_autofree char *at = say_time_text(case_text(row, "at")), *worker = worker_of(worklist, row, by);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "at", at, "what", what, "by", *by != '\0' ? worklist_service_name(worklist, by) : "", "worker", worker, "why",
                     asked ? words_of_asked(case_text(row, "why")) : notice ? words_of_clock(case_text(row, "policy")) : "", "told", true);
}

/* What is shown of a row; NULL: nothing of its own. */
static json_t *entry_of(const Worklist *worklist, Case *it, const json_t *row, int *left)
{
    if (is_row(row, "message")) {
        json_auto_t *message = (*left)-- > 0 ? worklist_message(worklist, case_text(row, "id")) : NULL;
        return message_entry(worklist, it, row, message);
    }
    bool shown = is_row(row, "notice") || is_row(row, "recalled") || is_row(row, "expired") || (is_row(row, "evidence") && stands_alone(row));
    return shown ? told_entry(worklist, row) : NULL;
}

json_t *timeline_of(const Worklist *worklist, Case *it)
{
    json_t *entries = json_array();
    int left = OPENED_MAX;
    for (size_t i = json_array_size(it->rows); i-- > 0;) {
        const json_t *row = json_array_get(it->rows, i);
        json_t *entry = json_is_true(json_object_get(row, "related")) ? NULL : entry_of(worklist, it, row, &left);
        if (entry != NULL)
            json_array_append_new(entries, entry);
    }
    return entries;
}

/* ---- What must not be missed ---- */

static json_t *facts_said(const Worklist *worklist, const json_t *facts)
{
    json_t *list = json_array(), *fact;
    size_t i;
    json_array_foreach (facts, i, fact) {
        g_autofree char *said = library_said(worklist, json_string_value(fact)), *sentence = say_sentence(said);
        gsize whole = strlen(sentence);
        json_array_append_new(list, json_stringn(sentence, g_str_has_suffix(sentence, ".") ? whole - 1 : whole)); /* the page ends each itself */
    }
    return list;
}

/* A client's alerts as they are gathered, and what their medication comes to. */
typedef struct Alerts { json_t *list; GHashTable *known; json_t *medication; int left; } Alerts;

/* What a message only told may have been confirmed since, in a conversation of its own, which the library does not look at. */
static bool is_settled(const Alerts *alerts, const json_t *row, const json_t *message, const char *code)
{
    return strcmp(code, "dose_unconfirmed") == 0 && doses_confirmed_since(alerts->medication, row, message);
}

/* here: on the page of its own conversation. */
static void add_alerts(const Worklist *worklist, Alerts *alerts, const json_t *row, const json_t *message, bool here)
{
    size_t i;
    json_t *alert;
    json_array_foreach (json_object_get(message, "alerts"), i, alert) {
        const char *code = case_text(alert, "code");
        bool elsewhere = !here && strcmp(case_text(alert, "about"), "client") != 0;
        if (elsewhere || g_hash_table_contains(alerts->known, code) || is_settled(alerts, row, message, code))
            continue;
        g_hash_table_add(alerts->known, g_strdup(code));
        json_array_append_new(alerts->list, json_pack("{s:s, s:o}", "text", gettext(case_text(alert, "text")), "facts", facts_said(worklist, json_object_get(alert, "facts"))));
    }
}

/* An older version's facts stand no more, nor those of a dose's earlier answer. */
static bool is_newest_word(const Case *it, const json_t *row)
{
    bool older = json_object_get(row, "dose_answer") != NULL && case_last(it, "dose_answer") != row;
    return !older && (json_object_get(row, "versions") != NULL || strcmp(case_text(row, "kind"), it->kind) != 0);
}

static void add_alerts_of(const Worklist *worklist, Alerts *alerts, const Case *it, bool here)
{
    for (size_t i = json_array_size(it->rows); i-- > 0 && alerts->left > 0;) {
        const json_t *row = json_array_get(it->rows, i);
        if (!is_row(row, "message") || json_is_true(json_object_get(row, "related")) || !is_newest_word(it, row))
            continue;
        alerts->left--;
        json_auto_t *message = worklist_message(worklist, case_text(row, "id"));
        add_alerts(worklist, alerts, row, message, here);
    }
}

json_t *timeline_alerts(const Worklist *worklist, const GPtrArray *cases)
{
    static const int64_t lately = ALERTS_DAYS * 24 * 60 * 60 * (int64_t)G_USEC_PER_SEC;
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) all = g_ptr_array_sized_new(cases->len);
    json_auto_t *medication = medication_list(worklist, cases);
    Alerts alerts = { json_array(), known, medication, OPENED_MAX };
    for (guint i = 0; i < cases->len; i++)
        g_ptr_array_add(all, cases->pdata[i]);
    g_ptr_array_sort(all, case_newest_first);
    for (guint i = 0; i < all->len; i++) {
        const Case *it = all->pdata[i];
        bool here = it == cases->pdata[0];
        if (here || it->place[CASES_OPEN] != NULL || tc_client_now(worklist->client) - MAX(it->facts.news_at, it->facts.begun_at) < lately)
            add_alerts_of(worklist, &alerts, it, here);
    }
    return alerts.list;
}
