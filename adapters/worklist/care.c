#include "adapters/worklist/care.h"

#include "adapters/station/words.h"
#include "adapters/worklist/client.h"
#include "adapters/worklist/say.h"
#include "proto/date.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

enum { ATTEMPTS_SHOWN = 20 };

/* ---- Rows of all conversations ---- */

static int64_t time_of(const CareRow *row)
{
    int64_t time;
    return tc_date_parse_time(case_text(row->json, "at"), &time) ? time : 0;
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    int64_t x = time_of((const CareRow *)a), y = time_of((const CareRow *)b);
    return (x < y) - (x > y);
}

static bool is_of(const json_t *row, const char *kinds)
{
    g_auto(GStrv) each = g_strsplit(kinds, ",", -1);
    const char *state = case_text(row, "delivery_state");
    bool stands = *state == '\0' || strcmp(state, "waiting") == 0 || strcmp(state, "accepted") == 0;
    return stands && !json_is_true(json_object_get(row, "related")) &&
           g_strv_contains((const char *const *)each, strcmp(case_text(row, "row"), "message") == 0 ? case_text(row, "kind") : case_text(row, "step"));
}

GArray *care_rows(const GPtrArray *cases, const char *kinds)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(CareRow));
    for (guint i = 0; i < cases->len; i++) {
        size_t j;
        json_t *json;
        const Case *it = cases->pdata[i];
        json_array_foreach (it->rows, j, json) {
            CareRow row = { it, json };
            if (is_of(json, kinds) && !case_is_recalled(it, case_text(json, "id")))
                g_array_append_val(rows, row);
        }
    }
    g_array_sort(rows, newest_first);
    return rows;
}

/* ---- Who is answerable ---- */

/* A transfer that was accepted leaves the residual role with whom the offer names, else with a CJIP team that offered. */
static const char *residual_of(const Worklist *worklist, const CareRow *answer)
{
    const json_t *offer = answer->it->request;
    const char *named = case_text(offer, "transfer_offer.residual"), *sender = case_text(offer, "sender");
    if (*named != '\0')
        return named;
    return strcmp(case_text(worklist_service(worklist, sender), "kind"), "cjip") == 0 ? sender : "";
}

json_t *care_answerable(const Worklist *worklist, const GPtrArray *cases)
{
    g_autoptr(GArray) coordinators = care_rows(cases, "answerable"), changes = care_rows(cases, "transfer_answer,resume");
    const json_t *now = coordinators->len > 0 ? g_array_index(coordinators, CareRow, 0).json : NULL;
    const char *residual = "";
    for (guint i = 0; i < changes->len; i++) {
        const CareRow *row = &g_array_index(changes, CareRow, i);
        if (strcmp(case_text(row->json, "kind"), "resume") == 0)
            break; /* who resumed holds the client; nobody has a residual role */
        if (strcmp(case_text(row->json, "transfer_answer.reply"), "accept") == 0) {
            residual = residual_of(worklist, row);
            break;
        }
    }
    g_autofree char *since = say_time_text(case_text(now, "at"));
    return json_pack("{s:s, s:s, s:s, s:s}", "coordinator", now != NULL ? worklist_service_name(worklist, case_text(now, "by")) : "", "at", case_text(now, "at"), "since", since, "residual",
                     *residual != '\0' ? worklist_service_name(worklist, residual) : "");
}

/* ---- Open work ---- */

/* What the broker said last of an answer that does not come. */
static const char *trouble_of(const Case *it)
{
    size_t i;
    json_t *row;
    const char *trouble = "";
    json_array_foreach (it->rows, i, row) {
        const char *step = case_text(row, "step");
        if (strcmp(step, "not_held") == 0 || strcmp(step, "not_answered") == 0 || strcmp(step, "escalated") == 0 || strcmp(step, "nobody_told") == 0 || strcmp(step, "told") == 0)
            trouble = words_of(step);
        else if (strcmp(step, "answered") == 0 || strcmp(case_text(row, "row"), "message") == 0)
            trouble = "";
    }
    return trouble;
}

/* States in which somebody still has something to do. */
static bool is_open(const Case *it)
{
    static const char *const open[] = { "open", "cannot", "named", "requested", "need_identity", "asked", "questioned", "accepted", "booked", "missed", "offered", "woken", "trying", "resumed", "raised", NULL };
    return g_strv_contains(open, it->state);
}

static json_t *task_of(const Worklist *worklist, const Case *it)
{
    bool here = it->waiting != NULL;
    const char *other = it->facts.other, *state = words_of(it->state);
    g_autofree char *what = say_sentence(words_of(it->kind)), *due = say_time(here ? it->due : it->facts.answered_at == 0 ? it->facts.answer_by : 0), *stands = say_sentence(state), *trouble = say_sentence(trouble_of(it));
    return json_pack("{s:s, s:s, s:s, s:b, s:s, s:b, s:s, s:s}", "what", what, "state", stands, "where", *other != '\0' ? worklist_service_name(worklist, other) : "", "here", here, "due", due, "late",
                     here && it->due != 0 && it->due < tc_client_now(worklist->client), "trouble", trouble, "conversation", it->conversation);
}

json_t *care_tasks(const Worklist *worklist, const GPtrArray *cases)
{
    json_t *list = json_array();
    for (int here = 1; here >= 0; here--)
        for (guint i = 0; i < cases->len; i++) {
            const Case *it = cases->pdata[i];
            if ((it->waiting != NULL) == (here == 1) && (here == 1 || is_open(it)))
                json_array_append_new(list, task_of(worklist, it));
        }
    return list;
}

/* ---- Appointments ---- */

json_t *care_appointments(const Worklist *worklist, const GPtrArray *cases)
{
    g_autoptr(GArray) rows = care_rows(cases, "appointment");
    json_t *list = json_array();
    for (guint i = 0; i < rows->len; i++) {
        const CareRow *row = &g_array_index(rows, CareRow, i);
        int64_t at = 0;
        const char *change = case_text(row->json, "appointment.change");
        bool stands = case_last(row->it, "appointment") == row->json && (strcmp(change, "made") == 0 || strcmp(change, "moved") == 0);
        if (!stands || !tc_date_parse_time(case_text(row->json, "event_at"), &at) || at < tc_client_now(worklist->client))
            continue;
        json_auto_t *message = worklist_message(worklist, case_text(row->json, "id"));
        g_autofree char *when = say_time(at), *what = say_sentence(words_in("type", case_text(row->json, "appointment.type")));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "what", what, "at", when, "place", case_text(message, "parts.minimum.appointment.place"), "by",
                                              worklist_service_name(worklist, case_text(row->json, "sender"))));
    }
    return list;
}

/* ---- Consent ---- */

static const json_t *scope_of(const json_t *row) { return json_object_get(row, "consent"); }

char *care_joined(const json_t *list, const char *field, const Worklist *names)
{
    GString *words = g_string_new(NULL);
    size_t i;
    json_t *each;
    json_array_foreach (list, i, each)
        g_string_append_printf(words, "%s%s", i > 0 ? ", " : "", names != NULL ? worklist_service_name(names, json_string_value(each)) : words_in(field, json_string_value(each)));
    return g_string_free(words, FALSE);
}

static bool is_for(const json_t *scope, const char *purpose)
{
    size_t i;
    json_t *each;
    const json_t *purposes = json_object_get(scope, "purposes");
    json_array_foreach (purposes, i, each)
        if (strcmp(json_string_value(each), purpose) == 0)
            return true;
    return json_array_size(purposes) == 0 && strcmp(purpose, "treatment") == 0;
}

static json_t *consent_row(const Worklist *worklist, const CareRow *row, const char *purpose)
{
    const json_t *scope = scope_of(row->json);
    const char *by = case_text(row->json, "by"), *state = case_text(scope, "state");
    g_autofree char *words = say_sentence(words_in("purposes", purpose)), *said = say_sentence(words_of(state)), *since = say_time_text(case_text(row->json, "at")), *until = say_time_text(case_text(scope, "until_at"));
    g_autofree char *parts = care_joined(json_object_get(scope, "parts"), "parts", NULL), *services = care_joined(json_object_get(scope, "services"), "services", worklist);
    bool no = strcmp(state, "withdrawn") == 0 || strcmp(state, "refused") == 0;
    return json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s}", "purpose", words, "state", said, "no", no, "since", since, "by",
                     worklist_service_name(worklist, *by != '\0' ? by : case_text(row->json, "sender")), "parts", parts, "services", services, "until", until);
}

/* The newest statement, or the broker's word of one, counts for each purpose; else what came first beside a message. */
json_t *care_consent(const Worklist *worklist, const GPtrArray *cases)
{
    static const char *const purposes[] = { "treatment", "reporting", "telephone", "text", "letter", "email", "visit" };
    g_autoptr(GArray) said = care_rows(cases, "consent,consent_changed"), beside = care_rows(cases, "referral,release_notification,drop_out,transfer_offer,dose_request");
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(purposes); i++) {
        const CareRow *found = NULL;
        for (guint j = 0; j < said->len && found == NULL; j++)
            if (is_for(scope_of(g_array_index(said, CareRow, j).json), purposes[i]))
                found = &g_array_index(said, CareRow, j);
        for (guint j = beside->len; j-- > 0 && found == NULL;)
            if (scope_of(g_array_index(beside, CareRow, j).json) != NULL && is_for(scope_of(g_array_index(beside, CareRow, j).json), purposes[i]))
                found = &g_array_index(beside, CareRow, j);
        if (found != NULL)
            json_array_append_new(list, consent_row(worklist, found, purposes[i]));
    }
    return list;
}

/* ---- Attempts, and how to reach them ---- */

json_t *care_attempts(const Worklist *worklist, const GPtrArray *cases)
{
    g_autoptr(GArray) rows = care_rows(cases, "attempt");
    json_t *list = json_array();
    for (guint i = 0; i < rows->len && i < ATTEMPTS_SHOWN; i++) {
        const json_t *row = g_array_index(rows, CareRow, i).json;
        const char *event = case_text(row, "event_at");
        g_autofree char *at = say_time_text(*event != '\0' ? event : case_text(row, "at")), *channel = say_sentence(words_in("channel", case_text(row, "attempt.channel")));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "at", at, "by", worklist_service_name(worklist, case_text(row, "sender")), "worker", case_text(row, "worker"), "channel",
                                              channel, "result", words_in("result", case_text(row, "attempt.result"))));
    }
    return list;
}

static const char *allowed(const json_t *contact, const char *what) { return strcmp(case_text(contact, what), "yes") == 0 ? _("yes") : _("no"); }

json_t *care_contacts(const json_t *contacts)
{
    json_t *list = json_array(), *each;
    size_t i;
    json_array_foreach (contacts, i, each) {
        g_autofree char *checked = say_short_day(case_text(each, "checked_on"));
        const char *state = case_text(each, "state");
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "value", case_text(each, "value"), "kind", words_in("kind", case_text(each, "kind")), "owner",
                                              words_in("owner", case_text(each, "owner")), "name", case_text(each, "name_to_use"), "texts", allowed(each, "text_allowed"), "voicemail",
                                              allowed(each, "voicemail_allowed"), "letters", allowed(each, "letter_allowed"), "checked", checked, "state", words_in("state", state), "bad",
                                              strcmp(state, "live") != 0));
    }
    return list;
}
