#include "adapters/carat/known.h"

#include "proto/date.h"

#include <string.h>

typedef enum Step { STEP_WAITING, STEP_SAFE, STEP_HELD, STEP_OPENED } Step;
typedef enum State { STATE_OPEN, STATE_NAMED, STATE_CANNOT, STATE_MET, STATE_NOT_MET, STATE_HELD_AGAIN, STATE_DECLINED, STATE_WITHDRAWN } State;

/* The conversation as it was read so far; texts are borrowed from it. */
typedef struct Story {
    State state;
    GHashTable *safe, *dead; /* messages that a broker has; that none will have */
    const char *sender, *refused;
    const char *newest, *expected, *meet, *reason, *outcome; /* of the newest notification, answer, report */
    const char *answer;                                      /* the message that names somebody */
    const char *worker;                                      /* its reference */
    const char *reporter;
    const char *when, *step_when, *told_when;
    Step step; /* of the newest notification */
    bool told, nobody_told, asked_again, waiting;
} Story;

static const char *text_at(const json_t *json, const char *group, const char *member)
{
    const json_t *object = group != NULL ? json_object_get(json, group) : json;
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

static void story_notification(Story *story, const json_t *entry)
{
    const char *expected = text_at(entry, "release", "expected_date");
    bool closed = story->state == STATE_NOT_MET || story->state == STATE_HELD_AGAIN || story->state == STATE_WITHDRAWN;
    if (strcmp(text_at(entry, "release", "certainty"), "withdrawn") == 0) {
        story->state = STATE_WITHDRAWN;
        story->reason = text_at(entry, "release", "withdrawal_reason");
    } else if (closed && story->newest != NULL && strcmp(expected, story->expected) != 0) {
        story->state = STATE_OPEN;
        story->told = story->nobody_told = false;
    }
    story->asked_again = story->newest != NULL;
    story->newest = text_at(entry, NULL, "id");
    story->expected = expected;
    story->meet = text_at(entry, "release", "meet_asked");
    story->step = g_hash_table_contains(story->safe, story->newest) ? STEP_SAFE : STEP_WAITING;
    story->step_when = text_at(entry, NULL, "created_at");
}

static void story_answer(Story *story, const json_t *entry)
{
    if (story->state == STATE_WITHDRAWN || story->state == STATE_MET)
        return;
    bool cannot = strcmp(text_at(entry, "release_answer", "reply"), "cannot") == 0;
    story->state = cannot ? STATE_CANNOT : STATE_NAMED;
    story->reason = text_at(entry, "release_answer", "reason");
    story->worker = text_at(entry, "release_answer", "named_worker");
    story->answer = text_at(entry, NULL, "id");
    story->when = text_at(entry, NULL, "created_at");
    story->asked_again = false;
}

static void story_report(Story *story, const json_t *entry)
{
    static const struct { const char *outcome; State state; } outcomes[] = {
        { "met", STATE_MET }, { "no_show", STATE_NOT_MET }, { "early", STATE_NOT_MET }, { "wrong_place", STATE_NOT_MET },
        { "remanded", STATE_HELD_AGAIN }, { "gate_arrest", STATE_HELD_AGAIN }, { "declined", STATE_DECLINED },
    };
    const char *outcome = text_at(entry, "meeting", "outcome");
    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (strcmp(outcome, outcomes[i].outcome) != 0)
            continue;
        story->state = outcomes[i].state;
        story->outcome = outcome;
        story->reporter = text_at(entry, NULL, "sender");
        story->when = text_at(entry, NULL, "created_at");
    }
}

static bool evidence_is_about(const json_t *entry, const char *message)
{
    size_t i;
    const json_t *id;
    json_array_foreach(json_object_get(entry, "messages"), i, id)
        if (g_strcmp0(json_string_value(id), message) == 0)
            return true;
    return strcmp(text_at(entry, NULL, "message"), message) == 0;
}

static void story_evidence(Story *story, const json_t *entry)
{
    const char *step = text_at(entry, NULL, "step"), *at = text_at(entry, NULL, "at");
    if (strcmp(step, "told") == 0) {
        story->told = true;
        story->told_when = at;
    } else if (strcmp(step, "nobody_told") == 0) {
        story->nobody_told = true;
    }
    if (story->newest == NULL || !evidence_is_about(entry, story->newest))
        return;
    if (strcmp(step, "held") == 0 && story->step < STEP_HELD) {
        story->step = STEP_HELD;
        story->step_when = at;
    } else if (strcmp(step, "opened") == 0 && story->step < STEP_OPENED) {
        story->step = STEP_OPENED;
        story->step_when = at;
    }
}

/* What became of each message on its way out stands behind the messages: it is read first. */
static void story_fates(Story *story, const json_t *conversation)
{
    size_t i;
    const json_t *entry;
    json_array_foreach(conversation, i, entry) {
        const char *row = text_at(entry, NULL, "row"), *message = text_at(entry, NULL, "message");
        if (strcmp(row, "accepted") == 0)
            g_hash_table_add(story->safe, (void *)message);
        else if (strcmp(row, "refused") == 0 || strcmp(row, "expired") == 0)
            g_hash_table_add(story->dead, (void *)message);
    }
}

static bool is_ours(const Story *story, const json_t *entry)
{
    return json_object_get(entry, "release") != NULL || strcmp(text_at(entry, NULL, "sender"), story->sender) == 0;
}

static void story_read(Story *story, const json_t *conversation)
{
    size_t i;
    const json_t *entry;
    story_fates(story, conversation);
    json_array_foreach(conversation, i, entry) {
        const char *kind = text_at(entry, NULL, "kind"), *id = text_at(entry, NULL, "id");
        if (kind[0] != '\0' && is_ours(story, entry) && g_hash_table_contains(story->dead, id)) {
            story->refused = json_object_get(entry, "release") != NULL ? id : story->refused;
            continue;
        }
        if (kind[0] != '\0' && is_ours(story, entry) && !g_hash_table_contains(story->safe, id))
            story->waiting = true;
        if (text_at(entry, NULL, "step")[0] != '\0')
            story_evidence(story, entry);
        else if (json_object_get(entry, "release") != NULL)
            story_notification(story, entry);
        else if (json_object_get(entry, "release_answer") != NULL)
            story_answer(story, entry);
        else if (strcmp(kind, "meeting_report") == 0 && json_object_get(entry, "meeting") != NULL)
            story_report(story, entry);
    }
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

static char *text_open(const Story *story, const char *sent_to)
{
    g_autofree char *when = known_time(story->step_when), *told = known_time(story->told_when);
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
    else if (story->told)
        g_string_append_printf(text, " Their single point of contact has been told (%s).", told);
    return g_string_free(text, FALSE);
}

/* The name and the ways of the worker who answered; a reference where the answer does not open here. */
static void known_worker(Known *known, const Story *story, KnownOpen open, void *ctx)
{
    static const char *const ways[] = { "phone", "email", "team", "available" };
    json_t *message = story->answer != NULL ? open(ctx, story->answer) : NULL;
    const json_t *worker = json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "worker");
    g_autoptr(GString) reach = g_string_new(NULL);
    known->worker = g_strdup(worker != NULL ? text_at(worker, NULL, "name") : story->worker);
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
    const char *act = strcmp(story->meet, "no") == 0 ? "see" : "meet";
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "Somebody is named and will %s %s: %s", act, pronoun(sex), known->worker);
    if (known->reach[0] != '\0')
        g_string_append_printf(text, ", %s", known->reach);
    g_string_append_c(text, '.');
    if (story->asked_again && story->step < STEP_OPENED)
        g_string_append(text, " What changed since has not been opened there yet.");
    return g_string_free(text, FALSE);
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
        if (strcmp(story->outcome, texts[i].outcome) == 0)
            text = g_strdup(texts[i].text);
        g_free(texts[i].text);
    }
    return text;
}

static char *text_of(const Story *story, const Known *known, const char *sent_to, const char *sex)
{
    g_autofree char *reason = plain(story->reason);
    switch (story->state) {
    case STATE_OPEN: return text_open(story, sent_to);
    case STATE_NAMED: return text_named(story, known, sex);
    case STATE_CANNOT:
        return g_strdup_printf("%s cannot %s %s (%s). %s", sent_to, strcmp(story->meet, "no") == 0 ? "see" : "meet", pronoun(sex), reason,
                               story->told ? "The single point of contact has been told and has it now."
                                           : "The single point of contact is being told.");
    case STATE_WITHDRAWN: return g_strdup_printf("Withdrawn by you (%s).", reason);
    case STATE_MET: case STATE_NOT_MET: case STATE_HELD_AGAIN: case STATE_DECLINED: return text_outcome(story, sex);
    }
    g_assert_not_reached();
}

Known *known_read(const json_t *conversation, const char *sender, KnownOpen open, void *ctx, const char *sent_to, const char *sex)
{
    g_autoptr(GHashTable) safe = g_hash_table_new(g_str_hash, g_str_equal), dead = g_hash_table_new(g_str_hash, g_str_equal);
    Story story = { .state = STATE_OPEN, .safe = safe, .dead = dead, .sender = sender, .expected = "", .meet = "", .worker = "" };
    Known *known = g_new0(Known, 1);
    story_read(&story, conversation);
    known->waiting = story.waiting;
    known->refused = g_strdup(story.refused);
    known->standing = g_strdup(story.newest);
    known->named = story.state == STATE_NAMED;
    if (known->named)
        known_worker(known, &story, open, ctx);
    known->text = text_of(&story, known, sent_to, sex);
    known->when = known_time(story.when != NULL ? story.when : story.step_when);
    if (story.state == STATE_MET || story.state == STATE_DECLINED) {
        g_autofree char *day = london(story.when, "%Y-%m-%d");
        known->over = g_strdup(strcmp(day, story.expected) > 0 ? day : story.expected);
    }
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
