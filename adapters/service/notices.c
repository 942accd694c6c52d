#include "adapters/service/notices.h"

#include "adapters/station/log.h"
#include "adapters/station/tell.h"
#include "adapters/station/words.h"

#include <stdlib.h>
#include <string.h>

#define NOTICES_NOTE "notices"
#define NOTICES_MOST 500           /* new items that wait to be told; beyond it their own notice says nothing new */
#define NOTICES_RETRY_FIRST 15 /* seconds; then twice as long each time */
#define NOTICES_RETRY_LONGEST 3600
#define NOTICES_GIVE_UP (24 * G_TIME_SPAN_HOUR)

/* items: what is to be told, oldest first: { "event" (0: a new item), "what", "sentence", "facts", "tries", "since", "next" }. */
struct Notices { TcClient *client; Tell *tell; json_t *items, *running; bool silent; guint timer; };

static void notices_next(Notices *notices);

static int64_t number(const json_t *item, const char *name) { return json_integer_value(json_object_get(item, name)); }

static const char *text(const json_t *json, const char *name)
{
    const char *value = json_string_value(json_object_get(json, name));
    return value != NULL ? value : "";
}

/* ---- kept ---- */

static bool notices_keep(Notices *notices)
{
    TcError error;
    char *words = json_array_size(notices->items) > 0 ? json_dumps(notices->items, JSON_COMPACT) : NULL;
    bool good = tc_client_note_set(notices->client, NOTICES_NOTE, words, &error);
    if (!good)
        log_line(LOG_LINE_ERROR, "notices_not_kept", "code=%s", error.code);
    free(words);
    return good;
}

static json_t *notices_load(TcClient *client)
{
    char *words = tc_client_note_get(client, NOTICES_NOTE);
    json_t *items = words != NULL ? json_loads(words, 0, NULL) : NULL;
    free(words);
    if (json_is_array(items))
        return items;
    json_decref(items);
    return json_array();
}

static void notices_remove(Notices *notices, const json_t *item)
{
    for (size_t i = 0; i < json_array_size(notices->items); i++)
        if (json_array_get(notices->items, i) == item) {
            json_array_remove(notices->items, i);
            return;
        }
}

/* ---- told ---- */

static bool notices_confirm(Notices *notices, uint64_t event, bool told)
{
    TcError error;
    bool good = tc_client_told(notices->client, event, NULL, told, &error);
    if (!good)
        log_line(LOG_LINE_ERROR, "told_not_confirmed", "event=%" G_GUINT64_FORMAT " code=%s", event, error.code);
    return good;
}

static void notices_again_later(json_t *item)
{
    int64_t tries = number(item, "tries") + 1, wait = MIN(NOTICES_RETRY_FIRST << MIN(tries - 1, 10), NOTICES_RETRY_LONGEST);
    log_line(LOG_LINE_WARNING, "notice_failed", "what=%s tries=%" G_GINT64_FORMAT " again_in_s=%" G_GINT64_FORMAT, text(item, "what"), tries, wait);
    json_object_set_new(item, "tries", json_integer(tries));
    json_object_set_new(item, "next", json_integer(g_get_real_time() + wait * G_USEC_PER_SEC));
}

static void notices_done(void *ctx, guint64 ignored, bool told)
{
    Notices *notices = ctx;
    json_t *item = notices->running;
    uint64_t event = (uint64_t)number(item, "event");
    (void)ignored;
    notices->running = NULL;
    if (event > 0)
        notices_confirm(notices, event, told);
    if (event > 0 && !told)
        log_line(LOG_LINE_WARNING, "escalation_not_told", "event=%" G_GUINT64_FORMAT, event);
    if (told || event > 0)
        notices_remove(notices, item);
    else if (g_get_real_time() - number(item, "since") < NOTICES_GIVE_UP)
        notices_again_later(item);
    else {
        log_line(LOG_LINE_ERROR, "notice_given_up", "what=%s tries=%" G_GINT64_FORMAT, text(item, "what"), number(item, "tries") + 1);
        notices_remove(notices, item);
    }
    json_decref(item);
    notices_keep(notices);
    notices_next(notices);
}

/* ---- one after the other ---- */

static gboolean notices_due(void *ctx)
{
    Notices *notices = ctx;
    notices->timer = 0;
    notices_next(notices);
    return G_SOURCE_REMOVE;
}

/* An escalation, else what is due for longest; else NULL, and *wait says in how many ms something is. */
static json_t *notices_choose(const Notices *notices, int64_t now, int64_t *wait)
{
    size_t i;
    json_t *item, *first = NULL;
    json_array_foreach (notices->items, i, item) {
        if (number(item, "event") > 0)
            return item;
        if (first == NULL || number(item, "next") < number(first, "next"))
            first = item;
    }
    *wait = first != NULL ? MAX((number(first, "next") - now) / 1000 + 1, 1) : -1;
    return first != NULL && number(first, "next") <= now ? first : NULL;
}

static void notices_run(Notices *notices, json_t *item)
{
    size_t i;
    json_t *fact;
    g_autoptr(GPtrArray) facts = g_ptr_array_new();
    json_array_foreach (json_object_get(item, "facts"), i, fact)
        g_ptr_array_add(facts, (void *)json_string_value(fact));
    g_ptr_array_add(facts, NULL);
    notices->running = json_incref(item);
    tell_person_with(notices->tell, text(item, "what"), text(item, "sentence"), (const char *const *)facts->pdata, 1);
}

/* From the main loop, never from within what is running. */
static void notices_next(Notices *notices)
{
    int64_t wait = -1;
    if (notices->running != NULL)
        return;
    g_clear_handle_id(&notices->timer, g_source_remove);
    json_t *item = notices_choose(notices, g_get_real_time(), &wait);
    if (item != NULL && tell_idle(notices->tell))
        notices_run(notices, item);
    else if (item != NULL)
        notices->timer = g_idle_add(notices_due, notices);
    else if (wait > 0)
        notices->timer = g_timeout_add((guint)MIN(wait, 60 * 1000), notices_due, notices);
}

Notices *notices_new(TcClient *client, char **argv)
{
    Notices *notices = g_new0(Notices, 1);
    *notices = (Notices){ .client = client, .items = notices_load(client), .silent = argv == NULL };
    notices->tell = tell_new(argv, notices_done, notices);
    if (notices->silent)
        log_line(LOG_LINE_WARNING, "nobody_is_told", "the settings have no [notify]: escalations go on to the next up the line");
    else
        notices->timer = g_idle_add(notices_due, notices);
    return notices;
}

void notices_free(Notices *notices)
{
    if (notices == NULL)
        return;
    g_clear_handle_id(&notices->timer, g_source_remove);
    tell_free(notices->tell);
    json_decref(notices->running);
    json_decref(notices->items);
    g_free(notices);
}

/* ---- what is to be told ---- */

static json_t *notices_facts(const json_t *json)
{
    static const char *const names[][2] = { { "kind", "THROUGHCARE_KIND" }, { "step", "THROUGHCARE_STEP" }, { "policy", "THROUGHCARE_POLICY" },
                                            { "role", "THROUGHCARE_ROLE" }, { "conversation", "THROUGHCARE_CONVERSATION" }, { "due_at", "THROUGHCARE_DUE" },
                                            { "waiting_for", "THROUGHCARE_WAITING_FOR" }, { "sender", "THROUGHCARE_SENDER" }, { "urgency", "THROUGHCARE_URGENCY" } };
    json_t *facts = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        json_array_append_new(facts, json_sprintf("%s=%s", names[i][1], text(json, names[i][0])));
    return facts;
}

static bool notices_has(const Notices *notices, uint64_t event)
{
    size_t i;
    json_t *item;
    json_array_foreach (notices->items, i, item)
        if ((uint64_t)number(item, "event") == event)
            return true;
    return false;
}

static bool notices_add(Notices *notices, const TcEvent *event, const char *what, const char *sentence)
{
    int64_t now = g_get_real_time();
    bool escalation = event->type == TC_EVENT_NOTICE;
    if (escalation && notices_has(notices, event->number))
        return true; /* kept, and then this process ended before the event was done with */
    if (!escalation && json_array_size(notices->items) >= NOTICES_MOST) {
        log_line(LOG_LINE_ERROR, "notice_left_out", "what=%s: %d others wait to be told", what, NOTICES_MOST);
        return true;
    }
    json_t *facts = notices_facts(event->json);
    json_array_append_new(facts, json_sprintf("THROUGHCARE_MESSAGE=%s", event->message != NULL ? event->message : ""));
    json_array_append_new(notices->items, json_pack("{s:I, s:s, s:s, s:o, s:i, s:I, s:I}", "event", (json_int_t)(escalation ? event->number : 0), "what", what,
                                                    "sentence", sentence, "facts", facts, "tries", 0, "since", (json_int_t)now, "next", (json_int_t)now));
    if (!notices_keep(notices)) {
        json_array_remove(notices->items, json_array_size(notices->items) - 1);
        return false;
    }
    if (notices->running == NULL && notices->timer == 0)
        notices->timer = g_idle_add(notices_due, notices);
    return true;
}

static char *said_time(const char *iso)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(iso, NULL);
    g_autoptr(GDateTime) local = at != NULL && zone != NULL ? g_date_time_to_timezone(at, zone) : NULL;
    return local != NULL ? g_date_time_format(local, "%a %-d %b %Y, %H:%M") : g_strdup(iso);
}

static bool notices_take_escalation(Notices *notices, const TcEvent *event)
{
    if (notices->silent)
        return notices_confirm(notices, event->number, false);
    const char *role = words_of(text(event->json, "role"));
    g_autofree char *due = said_time(text(event->json, "due_at"));
    if (strcmp(role, "none") == 0 || *role == '\0') { /* in no role: the service itself is reminded */
        g_autofree char *reminder = g_strdup_printf("A reminder: this is due %s (conversation %s).", due, text(event->json, "conversation"));
        return notices_add(notices, event, "reminder", reminder);
    }
    g_autofree char *sentence = g_strdup_printf("This needs you, as %s: %s has not answered or cannot. It was due %s (conversation %s).", role,
                                                text(event->json, "waiting_for"), due, text(event->json, "conversation"));
    return notices_add(notices, event, "notice", sentence);
}

static bool notices_take_evidence(Notices *notices, const TcEvent *event)
{
    const char *step = text(event->json, "step");
    static const char *const matters[] = { "nobody_told", "not_held", "not_answered", "answerable", "expired", "two_prescribe", "nobody_prescribes",
                                          "client_died", "death_taken_back", "consent_changed", "withheld", "possible_match", "clients_merged",
                                          "clients_parted", "wrong_person", NULL };
    if (!g_strv_contains(matters, step))
        return true;
    /* Of what was sent while this station was not listed, the message alone is known here. */
    bool whole = *text(event->json, "conversation") != '\0';
    g_autofree char *sentence = g_strdup_printf("%s: %s (%s %s).", text(event->json, "by"), words_of(step), whole ? "conversation" : "message",
                                                whole ? text(event->json, "conversation") : event->message != NULL ? event->message : "-");
    return notices_add(notices, event, step, sentence);
}

bool notices_take(Notices *notices, const TcEvent *event)
{
    g_autofree char *sentence = NULL;
    const char *message = event->message != NULL ? event->message : "-";
    if (event->type == TC_EVENT_NOTICE)
        return notices_take_escalation(notices, event);
    if (notices->silent)
        return true;
    if (event->type == TC_EVENT_EVIDENCE)
        return notices_take_evidence(notices, event);
    if (event->type == TC_EVENT_MESSAGE) {
        sentence = g_strdup_printf("New from %s: %s (message %s).", text(event->json, "sender"), words_of(text(event->json, "kind")), message);
        return notices_add(notices, event, text(event->json, "kind"), sentence);
    }
    if (event->type != TC_EVENT_REFUSED && event->type != TC_EVENT_EXPIRED)
        return true;
    sentence = g_strdup_printf("A message of yours was not sent (message %s): throughcare show says why.", message);
    return notices_add(notices, event, "refused", sentence);
}
