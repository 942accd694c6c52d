#include "adapters/carat/known.h"

#include "proto/date.h"

#include <string.h>

typedef enum Step { STEP_WAITING, STEP_SAFE, STEP_HELD, STEP_OPENED } Step;

/* What a conversation says; texts are borrowed from it. */
typedef struct Story {
    const char *state;                     /* where it stands, in the broker's own words */
    const json_t *newest, *answer, *report; /* messages; NULL where there is none */
    const char *refused;                   /* the last notification that no broker will have */
    bool waiting;
    Step step; /* of the newest notification */
    const char *step_at, *told_at;
    bool nobody_told;
} Story;

static const char *text_at(const json_t *json, const char *group, const char *member)
{
    const json_t *object = group != NULL ? json_object_get(json, group) : json;
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

static bool is(const json_t *json, const char *member, const char *text)
{
    return strcmp(text_at(json, NULL, member), text) == 0;
}

static bool is_dead(const json_t *message)
{
    return is(message, "delivery_state", "refused") || is(message, "delivery_state", "expired") || is(message, "delivery_state", "taken_back");
}

static void story_message(Story *story, const json_t *message)
{
    bool notification = is(message, "kind", "release_notification");
    if (is_dead(message)) {
        story->refused = notification && !is(message, "delivery_state", "taken_back") ? text_at(message, NULL, "id") : story->refused;
        return;
    }
    story->waiting = story->waiting || is(message, "delivery_state", "waiting");
    story->state = text_at(message, NULL, "state");
    if (notification)
        story->newest = message;
    else if (is(message, "kind", "release_answer"))
        story->answer = message;
    else if (is(message, "kind", "meeting_report"))
        story->report = message;
}

static void story_step(Story *story, Step step, const json_t *evidence)
{
    if (step <= story->step)
        return;
    story->step = step;
    story->step_at = text_at(evidence, NULL, "at");
}

static void story_evidence(Story *story, const json_t *evidence)
{
    if (story->newest == NULL || !is(evidence, "message", text_at(story->newest, NULL, "id")))
        return;
    if (is(evidence, "step", "held"))
        story_step(story, STEP_HELD, evidence);
    else if (is(evidence, "step", "opened"))
        story_step(story, STEP_OPENED, evidence);
    else if (is(evidence, "step", "told"))
        story->told_at = text_at(evidence, NULL, "at");
    else if (is(evidence, "step", "nobody_told"))
        story->nobody_told = true;
}

/* Messages first: evidence carries the broker's time and ours carry our own, so that their order says little. */
static void story_read(Story *story, const json_t *conversation)
{
    size_t i;
    const json_t *row;
    json_array_foreach(conversation, i, row)
        if (is(row, "row", "message"))
            story_message(story, row);
    story->step = is(story->newest, "delivery_state", "accepted") ? STEP_SAFE : STEP_WAITING;
    story->step_at = text_at(story->newest, NULL, "created_at");
    json_array_foreach(conversation, i, row)
        if (is(row, "row", "evidence"))
            story_evidence(story, row);
}

static char *london(const char *time, const char *format)
{
    gint64 micros;
    if (time == NULL || !tc_date_parse_time(time, &micros))
        return g_strdup("");
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(micros / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = zone != NULL ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
    return g_date_time_format(local, format);
}

char *known_time(const char *time)
{
    return london(time, "%-d %b %Y %H:%M");
}

static const char *pronoun(const char *sex)
{
    return strcmp(sex, "male") == 0 ? "him" : strcmp(sex, "female") == 0 ? "her" : "them";
}

/* "out_of_area" -> "out of area" */
static char *plain(const char *code)
{
    return g_strdelimit(g_strdup(code != NULL && code[0] != '\0' ? code : "no reason given"), "_", ' ');
}

static const char *verb(const Story *story)
{
    return strcmp(text_at(story->newest, "release", "meet_asked"), "no") == 0 ? "see" : "meet";
}

static char *text_open(const Story *story, const char *sent_to)
{
    g_autofree char *when = known_time(story->step_at), *told = known_time(story->told_at);
    GString *text = g_string_new(NULL);
    switch (story->step) {
    case STEP_WAITING:
        g_string_append(text, "Waiting here to be sent: no broker has taken it yet.");
        break;
    case STEP_SAFE:
        g_string_append_printf(text, "Sent, and not yet delivered to %s. Nobody is named yet.", sent_to);
        break;
    case STEP_HELD:
        g_string_append_printf(text, "Delivered to %s (%s), not opened yet. Nobody is named yet.", sent_to, when);
        break;
    case STEP_OPENED:
        g_string_append_printf(text, "Opened at %s (%s). Nobody is named yet.", sent_to, when);
        break;
    }
    if (story->nobody_told)
        g_string_append_printf(text, " Nobody there could be told: telephone %s.", sent_to);
    else if (story->told_at != NULL)
        g_string_append_printf(text, " Their single point of contact has been told (%s).", told);
    return g_string_free(text, FALSE);
}

/* The name and the ways of the worker who answered; a reference where the answer does not open here. */
static void known_worker(Known *known, const Story *story, KnownOpen open, void *ctx)
{
    static const char *const ways[] = { "phone", "email", "team", "available" };
    json_t *message = story->answer != NULL ? open(ctx, text_at(story->answer, NULL, "id")) : NULL;
    const json_t *worker = json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "worker");
    g_autoptr(GString) reach = g_string_new(NULL);
    known->worker = g_strdup(worker != NULL ? text_at(worker, NULL, "name") : text_at(story->answer, "release_answer", "named_worker"));
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        const char *way = text_at(worker, NULL, ways[i]);
        if (way[0] != '\0')
            g_string_append_printf(reach, "%s%s", reach->len > 0 ? ", " : "", way);
    }
    known->reach = g_strdup(reach->str);
    json_decref(message);
}

static char *text_named(const Story *story, const Known *known, const char *sex)
{
    GString *text = g_string_new(NULL);
    bool changed = strcmp(text_at(story->newest, NULL, "created_at"), text_at(story->answer, NULL, "created_at")) > 0;
    g_string_append_printf(text, "Somebody is named and will %s %s: %s", verb(story), pronoun(sex), known->worker);
    if (known->reach[0] != '\0')
        g_string_append_printf(text, ", %s", known->reach);
    g_string_append_c(text, '.');
    if (changed && story->step < STEP_OPENED)
        g_string_append(text, " What changed since has not been opened there yet.");
    return g_string_free(text, FALSE);
}

static char *text_cannot(const Story *story, const char *sent_to, const char *sex)
{
    g_autofree char *reason = plain(text_at(story->answer, "release_answer", "reason"));
    return g_strdup_printf("%s cannot %s %s (%s). The single point of contact %s.", sent_to, verb(story), pronoun(sex), reason,
                           story->told_at != NULL ? "has been told and has it now" : "is being told");
}

static char *text_outcome(const Story *story, const char *sex)
{
    const char *who = pronoun(sex);
    const struct { const char *outcome; char *text; } texts[] = {
        { "met", g_strdup_printf("Met: somebody was with %s.", who) },
        { "no_show", g_strdup("Did not come to the meeting.") },
        { "early", g_strdup("Came out early: nobody was there yet.") },
        { "wrong_place", g_strdup_printf("Waited for in the wrong place: nobody met %s.", who) },
        { "remanded", g_strdup("Not released: remanded.") },
        { "gate_arrest", g_strdup("Arrested at the gate.") },
        { "declined", g_strdup("Does not want to be met.") },
    };
    char *text = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (text == NULL && strcmp(text_at(story->report, "meeting", "outcome"), texts[i].outcome) == 0)
            text = g_strdup(texts[i].text);
        g_free(texts[i].text);
    }
    return text != NULL ? text : g_strdup("Reported as over.");
}

static char *text_of(const Story *story, const Known *known, const char *sent_to, const char *sex)
{
    g_autofree char *reason = plain(text_at(story->newest, "release", "withdrawal_reason"));
    if (known->named)
        return text_named(story, known, sex);
    if (strcmp(story->state, "cannot") == 0)
        return text_cannot(story, sent_to, sex);
    if (strcmp(story->state, "withdrawn") == 0)
        return g_strdup_printf("Withdrawn by you (%s).", reason);
    if (strcmp(story->state, "recalled") == 0)
        return g_strdup("Taken back.");
    if (story->report != NULL && strcmp(story->state, "open") != 0)
        return text_outcome(story, sex);
    return text_open(story, sent_to);
}

/* The later of the day it was reported and the day it was for. */
static char *over_day(const Story *story)
{
    g_autofree char *day = london(text_at(story->report, NULL, "created_at"), "%Y-%m-%d");
    const char *expected = text_at(story->newest, "release", "expected_date");
    return g_strdup(strcmp(day, expected) > 0 ? day : expected);
}

/* When the newest of it happened. */
static const char *story_at(const Story *story, const Known *known)
{
    bool answered = known->named || strcmp(story->state, "cannot") == 0;
    bool reported = story->report != NULL && !answered && strcmp(story->state, "open") != 0;
    return reported ? text_at(story->report, NULL, "created_at") : answered ? text_at(story->answer, NULL, "created_at") : story->step_at;
}

Known *known_read(const json_t *conversation, KnownOpen open, void *ctx, const char *sent_to, const char *sex)
{
    Story story = { .state = "" };
    Known *known = g_new0(Known, 1);
    story_read(&story, conversation);
    known->waiting = story.waiting;
    known->refused = g_strdup(story.refused);
    known->standing = story.newest != NULL ? g_strdup(text_at(story.newest, NULL, "id")) : NULL;
    known->recalled = strcmp(story.state, "recalled") == 0;
    known->named = strcmp(story.state, "named") == 0;
    if (known->named)
        known_worker(known, &story, open, ctx);
    known->text = text_of(&story, known, sent_to, sex);
    known->when = known_time(story_at(&story, known));
    if (strcmp(story.state, "met") == 0 || strcmp(story.state, "declined") == 0)
        known->over = over_day(&story);
    if (known->worker == NULL) {
        known->worker = g_strdup("");
        known->reach = g_strdup("");
    }
    return known;
}

void known_free(Known *known)
{
    if (known == NULL)
        return;
    g_free(known->text);
    g_free(known->worker);
    g_free(known->reach);
    g_free(known->when);
    g_free(known->over);
    g_free(known->refused);
    g_free(known->standing);
    g_free(known);
}
