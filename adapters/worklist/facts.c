#include "adapters/worklist/facts.h"

#include "proto/date.h"

#include <string.h>

/* ---- One row ---- */

const char *facts_text(const json_t *row, const char *name)
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

int64_t facts_time(const json_t *row, const char *name)
{
    int64_t time;
    return tc_date_parse_time(facts_text(row, name), &time) ? time : 0;
}

bool facts_after(const json_t *row, const json_t *other)
{
    json_int_t one = json_integer_value(json_object_get(row, "sequence")), before = json_integer_value(json_object_get(other, "sequence"));
    return one != 0 && before != 0 ? one > before : facts_time(row, "at") > facts_time(other, "at");
}

bool facts_is_message(const json_t *row)
{
    return strcmp(facts_text(row, "row"), "message") == 0 && !json_is_true(json_object_get(row, "related"));
}

/* The other side has answered, and has still to do what it said. */
static const char *const taken[] = { "named", "booked", "trying", "missed", "away", "not_met", "held_again", NULL };

static bool is_out(const json_t *row) { return strcmp(facts_text(row, "direction"), "out") == 0; }

static bool is_one_of(const char *text, const char *const *list)
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

/* ---- What each kind of message adds ---- */

/* Somebody is named in an answer: by us whose it is, by the others whom they send. */
static void take_answer(Facts *facts, const json_t *row, const char *group)
{
    const json_t *answer = json_object_get(row, group);
    const char *named = facts_text(answer, "named_worker");
    if (facts->answered_at == 0)
        facts->answered_at = facts_time(row, "at");
    *(is_out(row) ? &facts->worker : &facts->named) = *named != '\0' ? named : is_out(row) ? facts_text(row, "worker") : "";
}

static void take_release_answer(Facts *facts, const json_t *row) { take_answer(facts, row, "release_answer"); }
static void take_referral_answer(Facts *facts, const json_t *row) { take_answer(facts, row, "referral_answer"); }
static void take_transfer_answer(Facts *facts, const json_t *row) { take_answer(facts, row, "transfer_answer"); }
static void take_dose_answer(Facts *facts, const json_t *row) { take_answer(facts, row, "dose_answer"); }
static void take_acknowledgement(Facts *facts, const json_t *row) { take_answer(facts, row, ""); }

static void take_appointment(Facts *facts, const json_t *row)
{
    int64_t at = facts_time(row, "event_at");
    if (facts->offered_at == 0 && at != 0) {
        facts->offered_at = facts_time(row, "at");
        facts->first_offered_at = facts_time(row, "appointment.first_offered_at");
        if (facts->first_offered_at == 0)
            facts->first_offered_at = at;
    }
    if (at != 0)
        facts->appointment_at = at;
}

static void take_attendance(Facts *facts, const json_t *row)
{
    facts->outcome = facts_text(row, "attendance.outcome");
    facts->outcome_at = facts_time(row, "at");
}

static void take_meeting(Facts *facts, const json_t *row)
{
    facts->meeting = facts_text(row, "meeting.outcome");
    facts->outcome_at = facts_time(row, "at");
}

static void take_attempt(Facts *facts, const json_t *row)
{
    if (facts->attempted_at == 0)
        facts->attempted_at = facts_time(row, "at");
    if (facts->answered_at == 0)
        facts->answered_at = facts->attempted_at;
}

static void take_back(Facts *facts, const json_t *row) { facts->back_at = facts_time(row, "at"); }

/* A worker has said whether two clients are one. */
static void take_merge(Facts *facts, const json_t *row)
{
    (void)row;
    facts->match_at = 0;
    facts->worded = true;
}

static const struct { const char *kind; void (*take)(Facts *facts, const json_t *row); } takers[] = {
    { "release_answer", take_release_answer }, { "referral_answer", take_referral_answer }, { "transfer_answer", take_transfer_answer }, { "dose_answer", take_dose_answer },
    { "safeguarding_acknowledgement", take_acknowledgement }, { "appointment", take_appointment }, { "attendance", take_attendance }, { "meeting_report", take_meeting },
    { "attempt", take_attempt }, { "re_engaged", take_back }, { "resume", take_back }, { "lost", take_back }, { "merge", take_merge },
};

/* What was refused waits for whoever sent it, until something of the same kind is accepted. */
static void take_refusal(Facts *facts, const json_t *row)
{
    const char *state = facts_text(row, "delivery_state"), *kind = facts_text(row, "kind");
    bool same = facts->refused != NULL && strcmp(facts_text(facts->refused, "kind"), kind) == 0;
    if (is_out(row) && strcmp(state, "refused") == 0) {
        facts->refused = row;
        facts->refused_at = facts_time(row, "at");
    } else if (is_out(row) && same && strcmp(state, "accepted") == 0) {
        facts->refused = NULL;
        facts->refused_at = 0;
    }
}

/* The newest version of what began it has "versions"; else its first message. */
static void take_message(Facts *facts, const json_t *row)
{
    const char *kind = facts_text(row, "kind");
    if (facts->request == NULL) {
        facts->begun_at = facts_time(row, "at");
        if (is_out(row))
            facts->worker = facts_text(row, "worker");
    }
    if (facts->request == NULL || json_object_get(row, "versions") != NULL)
        facts->request = row;
    if (json_is_true(json_object_get(row, "waiting")))
        facts->waiting = row;
    else if (json_is_false(json_object_get(row, "opened"))) {
        facts->news = row;
        facts->news_at = facts_time(row, "at");
    }
    facts->silent_at = 0;
    take_refusal(facts, row);
    for (size_t i = 0; i < G_N_ELEMENTS(takers); i++)
        if (strcmp(kind, takers[i].kind) == 0)
            takers[i].take(facts, row);
}

/* ---- What others did with it ---- */

static void take_evidence(Facts *facts, const json_t *row)
{
    static const char *const silences[] = { "not_held", "not_opened", "not_answered", "nobody_told", NULL }, *const tellings[] = { "escalated", "told", "not_told", NULL },
                             *const decided[] = { "clients_merged", "clients_parted", NULL };
    const char *step = facts_text(row, "step");
    facts->step = step;
    facts->step_by = facts_text(row, "by");
    if (is_one_of(step, silences) && facts->silent_at == 0)
        facts->silent_at = facts_time(row, "at");
    if (is_one_of(step, tellings)) {
        facts->told = *facts_text(row, "role") != '\0' ? facts_text(row, "role") : facts->told;
        facts->told_by = facts_text(row, "by");
        facts->told_at = facts_time(row, "at");
    }
    if (strcmp(step, "answerable") == 0)
        facts->coordinator = facts_text(row, "by");
    if (strcmp(step, "possible_match") == 0)
        facts->match_at = facts_time(row, "at");
    else if (is_one_of(step, decided))
        facts->match_at = 0;
}

/* A clock ran out, and this service is the next up the line. */
static void take_notice(Facts *facts, const json_t *row)
{
    facts->told = facts_text(row, "role");
    facts->told_at = facts_time(row, "at");
    if (facts->silent_at == 0)
        facts->silent_at = facts_time(row, "at");
}

/* ---- Together ---- */

static void take_request(Facts *facts)
{
    facts->kind = facts_text(facts->request, "kind");
    facts->state = facts_text(facts->request, "state");
    facts->urgency = facts_text(facts->request, "urgency");
    facts->release_day = facts_text(facts->request, "release.expected_date");
    facts->ours = is_out(facts->request);
    facts->other = facts_text(facts->request, facts->ours ? "recipient" : "sender");
    facts->asked_at = facts_time(facts->request, "at");
    facts->answer_by = facts_time(facts->request, "answer_by");
    facts->due = facts->waiting != NULL ? facts_time(facts->waiting, "due_at") : 0;
    facts->unopened = facts->waiting != NULL && json_is_false(json_object_get(facts->waiting, "opened"));
}

Facts facts_from_rows(const json_t *rows)
{
    size_t i;
    const json_t *row;
    Facts facts = { .kind = "", .state = "", .urgency = "", .release_day = "", .other = "", .worker = "", .named = "", .coordinator = "",
                    .outcome = "", .meeting = "", .step = "", .step_by = "", .told = "", .told_by = "" };
    json_array_foreach ((json_t *)rows, i, row) {
        const char *what = facts_text(row, "row");
        if (facts_is_message(row))
            take_message(&facts, row);
        else if (strcmp(what, "evidence") == 0)
            take_evidence(&facts, row);
        else if (strcmp(what, "notice") == 0)
            take_notice(&facts, row);
    }
    if (facts.request != NULL)
        take_request(&facts);
    return facts;
}

bool facts_wait_for_other(const Facts *facts)
{
    static const char *const owed[] = { "open", "cannot", "requested", "asked", "questioned", "accepted", "offered", "woken", "raised", NULL };
    return facts->ours && facts->waiting == NULL && (is_one_of(facts->state, owed) || (facts->silent_at != 0 && is_one_of(facts->state, taken)));
}

bool facts_taken(const Facts *facts)
{
    return facts->ours && facts->waiting == NULL && facts->silent_at == 0 && is_one_of(facts->state, taken);
}

bool facts_closed(const Facts *facts, const char *service)
{
    static const char *const closed[] = { "withdrawn", "recalled", "declined", "met", "answered", "confirmed", "transferred", "transfer_declined", "transfer_withdrawn", "expired", "already_open", "lost",
                                          "re_engaged", "resumed", "ended", "acknowledged", "stands", "", NULL };
    return facts->waiting == NULL && is_one_of(facts->state, closed) && strcmp(facts->coordinator, service) != 0;
}
