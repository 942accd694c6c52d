/* What the SDK tells a station (station.h): answers, evidence, refusals and notices, each put where people see it.
 *
 * An event is dealt with when what it changes is a note in the spool, or can be made again from the spool; then it never comes
 * again. A note that cannot be written, or a reject file, gives the event back to the SDK, which brings it again. */
#include "adapters/carat/station.h"

#include "adapters/station/log.h"
#include "adapters/files/rejects.h"

#include <string.h>

static const char *text_of(const json_t *json, const char *member)
{
    const char *text = json_string_value(json_object_get(json, member));
    return text != NULL ? text : "";
}

static bool events_save(Station *station, Person *person)
{
    TcError error;
    if (people_save(station->release.people, person, &error))
        return true;
    log_line(LOG_LINE_ERROR, "note_failed", "code=%s %s", error.code, error.text);
    return false;
}

static void events_news(Station *station, const Person *person)
{
    if (person != NULL)
        report_touch(station->report, person);
    station->unwritten = true;
    station_wake(station);
}

/* The sentence of a refusal: a code, the column, what to do. */
static char *refusal(const TcEvent *event)
{
    const json_t *error = json_object_get(event->json, "error");
    const char *code = text_of(json_is_object(error) ? error : event->json, "code");
    const char *text = text_of(json_is_object(error) ? error : event->json, "text");
    if (event->type == TC_EVENT_EXPIRED)
        return g_strdup("no broker could be reached for so long that the message is too old to send: put the row into a new list");
    return g_strdup_printf("the broker refused it: %s (%s)", text[0] != '\0' ? text : "see the log", code[0] != '\0' ? code : "no code");
}

/* What was refused will never be: what stood before it stands again, and the row goes out with the next list that has it. Where a
 * colleague at another station has taken the release back, that begins a new one. */
static void events_take_back(Station *station, Person *person, const TcEvent *event, const char *reason)
{
    const char *message = event->message;
    if (strcmp(text_of(json_object_get(event->json, "error"), "standing"), PERSON_RECALLED) == 0)
        person_set(&person->certainty, PERSON_RECALLED);
    if (g_strcmp0(person->report, message) == 0) {
        person_set(&person->met, NULL);
        person_set(&person->wrong, reason);
    } else if (g_strcmp0(person->newest, message) == 0) {
        g_autoptr(Known) known = report_read(station->report, person);
        person_take_back(person, known->standing, reason);
    }
}

static bool events_refused(Station *station, Person *person, const TcEvent *event)
{
    g_autofree char *reason = refusal(event), *why = NULL;
    if (!rejects_append(station->folders.rejected, person->list, person->line, "", reason, &why)) {
        log_line(LOG_LINE_ERROR, "reject_file_failed", "%s", why);
        return false;
    }
    log_line(LOG_LINE_WARNING, "refused", "message=%s expired=%d", event->message, event->type == TC_EVENT_EXPIRED);
    events_take_back(station, person, event, reason);
    if (!events_save(station, person))
        return false;
    station->rejects++;
    tell_person(station->tell, "refused", "A release notification was not taken: see the newest file in rejected/.", 0);
    return true;
}

static bool events_answer(Station *station, const TcEvent *event)
{
    log_line(LOG_LINE_INFO, "answer", "message=%s kind=%s", event->message != NULL ? event->message : "-", text_of(event->json, "kind"));
    tell_person(station->tell, "answer", "An answer about a release has come: see the answers.", 0);
    return true;
}

static void events_evidence(Station *station, const TcEvent *event)
{
    const char *step = text_of(event->json, "step");
    if (strcmp(step, "nobody_told") == 0)
        tell_person(station->tell, "nobody_told", "Nobody could be told about a release that nobody is named for: see the answers and "
                                                  "telephone.", 0);
    else if (strcmp(step, "not_held") == 0)
        tell_person(station->tell, "not_held", "A release notification has not reached the team it is for: see the answers.", 0);
}

static void events_notice(Station *station, const TcEvent *event)
{
    if (station->config->notify == NULL)
        log_line(LOG_LINE_WARNING, "notice_left", "event=%" G_GUINT64_FORMAT " no notify command is set here", event->number);
    tell_person(station->tell, "notice", "A clock has run out, and you are the next to be told: see the service's inbox.", event->number);
}

/* The person whose conversation an event belongs to; NULL for one that is not of a list. */
static Person *events_person(Station *station, const TcEvent *event)
{
    TcError ignored; /* a message that cannot be read is nobody's */
    const People *people = station->release.people;
    Person *person = people_of(people, json_string_value(json_object_get(event->json, "conversation")));
    if (person == NULL)
        person = people_of(people, event->message);
    if (person != NULL || event->message == NULL)
        return person;
    json_t *message = tc_client_message(station->client, event->message, &ignored);
    person = people_of(people, json_string_value(json_object_get(message, "conversation")));
    json_decref(message);
    return person;
}

static bool events_of_person(Station *station, Person *person, const TcEvent *event)
{
    bool refused = event->type == TC_EVENT_REFUSED || event->type == TC_EVENT_EXPIRED;
    return !refused || event->message == NULL || events_refused(station, person, event);
}

static bool station_event(void *ctx, const TcEvent *event)
{
    Station *station = ctx;
    Person *person = events_person(station, event);
    if (event->type == TC_EVENT_MESSAGE && !events_answer(station, event))
        return false;
    if (event->type == TC_EVENT_EVIDENCE)
        events_evidence(station, event);
    if (event->type == TC_EVENT_NOTICE)
        events_notice(station, event);
    if (person != NULL && !events_of_person(station, person, event))
        return false;
    events_news(station, person);
    return true;
}

static void station_state(void *ctx, TcState state, const char *why)
{
    static const char *const names[] = { "connecting", "connected", "database_away", "refused" };
    (void)ctx;
    log_line(state == TC_STATE_REFUSED ? LOG_LINE_ERROR : LOG_LINE_INFO, "broker", "state=%s %s", names[state], why);
}

static void station_log(void *ctx, int level, const char *line)
{
    (void)ctx;
    log_line(level, "client", "%s", line);
}

const TcCallbacks station_callbacks = { .state = station_state, .event = station_event, .log = station_log };
