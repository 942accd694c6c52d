#include "adapters/sdk/dose.h"

#include "adapters/sdk/look.h"

#include <string.h>

#define DOSE_REASSESS "reassess, do not continue: "
#define DOSE_MISSED_TIME (3 * G_TIME_SPAN_DAY)
enum { DOSE_MISSED_DAYS = 3 };

char *dose_time(int64_t time)
{
    g_autoptr(GTimeZone) london = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = london == NULL ? NULL : g_date_time_to_timezone(utc, london);
    return g_date_time_format(local == NULL ? utc : local, local == NULL ? "%-d %b %Y, %H:%M UTC" : "%-d %b %Y, %H:%M");
}

bool dose_is_contradictory(const json_t *message)
{
    return json_array_size(look(message, "differs")) > 0;
}

static char *dose_reassess(const char *format, const char *what)
{
    g_autofree char *why = g_strdup_printf(format, what);
    return g_strconcat(DOSE_REASSESS, why, NULL);
}

/* ---- What the message itself says ---- */

static char *dose_not_shown(const json_t *message)
{
    if (!look_is(message, "kind", "dose_answer") || !look_is(message, "dose_answer.reply", "confirmed"))
        return g_strdup("there is no dose: this is not a confirmed dose answer.");
    if (!look_is(message, "signature", "good"))
        return g_strdup("no dose is shown: the message is damaged or forged. Ask the sender by telephone.");
    if (look(message, "parts.clinical") == NULL || look(message, "parts.minimum") == NULL)
        return g_strdup("no dose is shown: the message could not be opened.");
    if (dose_is_contradictory(message)) {
        const char *field = json_string_value(json_array_get(look(message, "differs"), 0));
        return g_strdup_printf("no dose is shown: the %s in the answer is not the one asked about. It may be another person.",
                               strcmp(field, "nhs_number") == 0 ? "NHS number" : "date of birth");
    }
    return NULL;
}

/* A depot given weekly or monthly is missed when its next is overdue, not because days went by. */
static bool dose_line_missed(const json_t *dose, int64_t now)
{
    int64_t last = look_time(dose, "last_taken_at"), next = look_time(dose, "next_due_at");
    if (json_integer_value(look(dose, "missed_in_7_days")) >= DOSE_MISSED_DAYS)
        return true;
    if (look_is(dose, "frequency", "weekly") || look_is(dose, "frequency", "monthly"))
        return next != 0 && now - next >= DOSE_MISSED_TIME;
    return last != 0 && now - last >= DOSE_MISSED_TIME;
}

static char *dose_missed(const json_t *message, int64_t now)
{
    size_t i;
    json_t *dose;
    json_array_foreach ((json_t *)look(message, "parts.clinical.doses"), i, dose)
        if (dose_line_missed(dose, now))
            return dose_reassess("%s", "three days of doses have been missed, and tolerance may be lost.");
    return NULL;
}

static char *dose_expired(const json_t *message, int64_t now)
{
    int64_t until = look_time(message, "dose_answer.valid_until_at");
    if (now < until)
        return NULL;
    g_autofree char *when = dose_time(until);
    return dose_reassess("the answer was valid until %s.", when);
}

/* ---- What came after it ---- */

static bool dose_row_counts(const json_t *row)
{
    const char *state = look_text(row, "delivery_state");
    return look_is(row, "row", "message") && (state == NULL || strcmp(state, "waiting") == 0 || strcmp(state, "accepted") == 0);
}

static bool dose_row_recalled(const json_t *conversation, const json_t *row)
{
    size_t i;
    json_t *other;
    const char *id = look_text(row, "id");
    json_array_foreach ((json_t *)conversation, i, other)
        if (dose_row_counts(other) && look_is(other, "kind", "recall") && id != NULL && look_is(other, "in_reply_to", id))
            return true;
    return false;
}

static bool dose_row_moves(const json_t *row)
{
    if (look_is(row, "kind", "movement") || look_is(row, "meeting.outcome", "remanded") || look_is(row, "meeting.outcome", "gate_arrest"))
        return true;
    return look_is(row, "release.withdrawal_reason", "remanded") || look_is(row, "release.withdrawal_reason", "moved_prison");
}

/* By the log's order where both are in it; times are only as good as two clocks. */
static bool dose_row_later(const json_t *message, const json_t *row)
{
    json_int_t ours = json_integer_value(look(message, "sequence")), theirs = json_integer_value(look(row, "sequence"));
    if (ours != 0 && theirs != 0)
        return theirs > ours;
    return look_time(row, "created_at") > look_time(message, "created_at");
}

/* The newest word of a source counts, also in another conversation about the client; that it cannot say, or asks who it is, is no word on the dose. */
static bool dose_row_answers_anew(const json_t *message, const json_t *row)
{
    const char *sender = look_text(message, "sender");
    bool says = look_is(row, "kind", "dose_answer") && !look_is(row, "dose_answer.reply", "cannot") && !look_is(row, "dose_answer.reply", "need_more_identity");
    return says && sender != NULL && look_is(row, "sender", sender) && dose_row_later(message, row);
}

static const char *dose_row_voids(const json_t *message, const json_t *row)
{
    const char *id = look_text(message, "id"), *asked = look_text(message, "in_reply_to");
    if (id != NULL && look_is(row, "kind", "dose_answer") && look_is(row, "supersedes", id))
        return "a later answer has replaced this one.";
    if (look_is(row, "kind", "recall")
        && ((id != NULL && look_is(row, "in_reply_to", id)) || (asked != NULL && look_is(row, "in_reply_to", asked))))
        return "it has been taken back.";
    if (dose_row_answers_anew(message, row))
        return "the same service has given a newer answer since.";
    if (dose_row_moves(row) && dose_row_later(message, row))
        return "the client has been moved or held again since.";
    return NULL;
}

/* A number that fits two people raises a doubt; a worker's word on it, either way, ends it. */
static char *dose_doubted(const json_t *conversation)
{
    size_t i;
    json_t *row;
    bool doubted = false;
    json_array_foreach ((json_t *)conversation, i, row)
        if (look_is(row, "row", "evidence") && look_is(row, "step", "possible_match"))
            doubted = true;
        else if (look_is(row, "kind", "merge") && dose_row_counts(row))
            doubted = false;
    return doubted ? g_strdup("no dose is shown: a number in this conversation is known with another date of birth, or for another client. "
                              "Find out who it is, and say so: throughcare say merge.")
                   : NULL;
}

static char *dose_overtaken(const json_t *message, const json_t *conversation)
{
    size_t i;
    json_t *row;
    json_array_foreach ((json_t *)conversation, i, row) {
        const char *why = dose_row_counts(row) && !dose_row_recalled(conversation, row) ? dose_row_voids(message, row) : NULL;
        if (why != NULL)
            return dose_reassess("%s", why);
    }
    return NULL;
}

char *tc_dose_standing(const json_t *message, const json_t *conversation, int64_t now_us)
{
    char *why = dose_not_shown(message);
    if (why == NULL)
        why = dose_doubted(conversation);
    if (why == NULL)
        why = dose_overtaken(message, conversation);
    if (why == NULL)
        why = dose_expired(message, now_us);
    if (why == NULL)
        why = dose_missed(message, now_us);
    return why; /* GLib's allocator is malloc's */
}
