#include "adapters/cases/story.h"

#include "proto/date.h"

#include <string.h>

static const char *text_at(const json_t *json, const char *group, const char *member)
{
    const json_t *object = group != NULL ? json_object_get(json, group) : json;
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

static bool is(const json_t *json, const char *member, const char *text) { return strcmp(text_at(json, NULL, member), text) == 0; }

static bool one_of(const char *text, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

/* ---- Read ---- */

static bool story_is_dead(const json_t *message)
{
    static const char *const dead[] = { "refused", "expired", "taken_back" };
    return one_of(text_at(message, NULL, "delivery_state"), dead, G_N_ELEMENTS(dead));
}

static bool story_is_request(const json_t *message)
{
    return json_object_get(message, "in_reply_to") == NULL && !is(message, "kind", "recall");
}

static void story_message(Story *story, const json_t *message)
{
    bool request = story_is_request(message);
    if (story_is_dead(message)) {
        story->refused = request && !is(message, "delivery_state", "taken_back") ? text_at(message, NULL, "id") : story->refused;
        return;
    }
    story->unsent = story->unsent || is(message, "delivery_state", "waiting");
    story->state = text_at(message, NULL, "state");
    story->waits_here = story->waits_here || json_is_true(json_object_get(message, "waiting"));
    if (text_at(message, NULL, "due_at")[0] != '\0' && json_is_true(json_object_get(message, "waiting")))
        story->due_at = text_at(message, NULL, "due_at");
    if (request) {
        story->request = message;
        story->ours = is(message, "direction", "out");
    } else if (g_str_has_suffix(text_at(message, NULL, "kind"), "_answer"))
        story->answer = message;
    else if (is(message, "kind", "appointment"))
        story->appointment = message;
    else if (is(message, "kind", "treatment"))
        story->treatment = message;
}

static void story_evidence(Story *story, const json_t *evidence)
{
    if (is(evidence, "step", "asked"))
        story->by = text_at(evidence, NULL, "by");
    if (is(evidence, "step", "withheld"))
        story->withheld = true;
    if (is(evidence, "step", "nobody_told"))
        story->nobody_told = true;
    bool step = is(evidence, "step", "opened") || (is(evidence, "step", "held") && strcmp(story->step, "opened") != 0);
    if (!step || !is(evidence, "message", text_at(story->request, NULL, "id")))
        return;
    story->step = text_at(evidence, NULL, "step");
    story->step_at = text_at(evidence, NULL, "at");
}

/* Messages first: evidence carries the broker's time and ours carry our own, so that their order says little. */
void story_read(Story *story, const json_t *conversation)
{
    size_t i;
    const json_t *row;
    *story = (Story){ .state = "", .due_at = "", .step = "", .step_at = "", .by = "" };
    json_array_foreach(conversation, i, row)
        if (is(row, "row", "message"))
            story_message(story, row);
    json_array_foreach(conversation, i, row)
        if (is(row, "row", "evidence"))
            story_evidence(story, row);
}

bool story_takes_versions(const Story *story)
{
    static const char *const open[] = { "asked", "questioned", "accepted", "booked", "missed", "away", "offered", "woken", "trying", "raised", "stands" };
    return story->request != NULL && one_of(story->state, open, G_N_ELEMENTS(open));
}

/* ---- Told ---- */

char *story_time(const char *time)
{
    gint64 micros;
    if (time == NULL || !tc_date_parse_time(time, &micros))
        return g_strdup("");
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(micros / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = zone != NULL ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
    return g_date_time_format(local, "%-d %b %Y %H:%M");
}

/* "out_of_area" -> "out of area" */
static char *plain(const char *code)
{
    return g_strdelimit(g_strdup(code[0] != '\0' ? code : "no reason given"), "_", ' ');
}

static char *story_open_text(const Story *story, const char *other)
{
    g_autofree char *when = story_time(story->step_at);
    const char *silent = story->nobody_told ? " Nobody there could be told: telephone." : "";
    if (!story->ours)
        return g_strdup(story->waits_here ? "An answer is due from here." : "Nothing is due from here.");
    if (story->withheld)
        return g_strdup("Not passed on: the client has not agreed.");
    if (story->unsent)
        return g_strdup("Waiting here to be sent: no broker has taken it yet.");
    if (strcmp(story->step, "opened") == 0)
        return g_strdup_printf("Opened at %s (%s). No answer yet.%s", other, when, silent);
    if (strcmp(story->step, "held") == 0)
        return g_strdup_printf("Delivered to %s (%s), not opened yet. No answer yet.%s", other, when, silent);
    return g_strdup_printf("Sent, and not yet delivered to %s. No answer yet.%s", other, silent);
}

static char *story_declined_text(const Story *story, const char *other)
{
    const char *to = text_at(story->answer, "referral_answer", "redirect_to");
    const char *reason = text_at(story->answer, "referral_answer", "reason");
    g_autofree char *why = plain(reason[0] != '\0' ? reason : text_at(story->answer, "transfer_answer", "reason"));
    if (to[0] != '\0')
        return g_strdup_printf("%s does not take the client and names %s.", other, to);
    return g_strdup_printf("Declined by %s (%s).", other, why);
}

char *story_text(const Story *story, const char *other)
{
    static const struct { const char *state, *text; } texts[] = {
        { "questioned", "They asked for more: send a newer version." }, { "already_open", "The client is with them already." },
        { "seen", "The client came to the appointment." }, { "missed", "The client did not come to the appointment." },
        { "away", "The client is in custody or in hospital." }, { "in_treatment", "Treatment has started." },
        { "transfer_withdrawn", "The offer was withdrawn." }, { "expired", "Nobody answered in time: care stays where it was." },
        { "woken", "Dropped out: somebody must try to reach the client." }, { "trying", "Somebody is trying to reach the client." },
        { "resumed", "The service with the residual role has taken over again." }, { "re_engaged", "The client is back." },
        { "lost", "Signed off as lost." }, { "recalled", "Taken back." }, { "stands", "On record." }, { "raised", "Not acknowledged yet." },
        { "acknowledged", "Acknowledged." },
    };
    g_autofree char *when = story_time(text_at(story->appointment, NULL, "event_at")), *why = plain(text_at(story->treatment, "treatment", "reason"));
    if (strcmp(story->state, "accepted") == 0)
        return g_strdup_printf("Taken on by %s. No appointment yet.", other);
    if (strcmp(story->state, "booked") == 0)
        return g_strdup_printf("An appointment stands: %s.", when);
    if (strcmp(story->state, "ended") == 0)
        return g_strdup_printf("Treatment has ended (%s).", why);
    if (strcmp(story->state, "transferred") == 0)
        return g_strdup_printf("Care has passed to %s.", story->ours ? other : "this service");
    if (strcmp(story->state, "declined") == 0 || strcmp(story->state, "transfer_declined") == 0)
        return story_declined_text(story, other);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(story->state, texts[i].state) == 0)
            return g_strdup(texts[i].text);
    return story_open_text(story, other);
}
