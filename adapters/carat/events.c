/* What the SDK tells a station (station.h): answers, evidence, refusals and notices, each put where people see it.
 *
 * An event is dealt with when what it changes is a note in the spool, or can be made again from the spool; then it never comes
 * again. A note that cannot be written, or a reject file, gives the event back to the SDK, which brings it again. */
#include "adapters/carat/station.h"

#include "adapters/station/log.h"
#include "adapters/files/rejects.h"
#include "adapters/lists/failure.h"

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
    g_autofree char *reason = failure_sentence(event);
    if (!desk_refused(&station->desk, event, person->list, person->line, person->shown, reason))
        return false;
    events_take_back(station, person, event, reason);
    if (!events_save(station, person))
        return false;
    tell_person(station->desk.tell, "refused", "A release notification was not taken: see the newest file in rejected/.", 0);
    return true;
}

/* A colleague at another station has changed the release, or taken it back: the next row of it is a change of that, or begins a new one. */
static bool events_of_colleague(Station *station, Person *person)
{
    g_autoptr(Known) known = report_read(station->report, person);
    bool changed = person->pending == NULL && known->standing != NULL && g_strcmp0(known->standing, person->newest) != 0;
    bool recalled = known->recalled && g_strcmp0(person->certainty, PERSON_RECALLED) != 0;
    if (changed)
        person_set(&person->newest, known->standing);
    if (recalled)
        person_set(&person->certainty, PERSON_RECALLED);
    return (!changed && !recalled) || events_save(station, person);
}

static bool events_answer(Station *station, const TcEvent *event)
{
    log_line(LOG_LINE_INFO, "answer", "message=%s kind=%s", event->message != NULL ? event->message : "-", text_of(event->json, "kind"));
    tell_person(station->desk.tell, "answer", "An answer about a release has come: see the answers.", 0);
    return true;
}

static void events_evidence(Station *station, const TcEvent *event)
{
    const char *step = text_of(event->json, "step");
    if (strcmp(step, "nobody_told") == 0)
        tell_person(station->desk.tell, "nobody_told", "Nobody could be told about a release that nobody is named for: see the answers and "
                                                  "telephone.", 0);
    else if (strcmp(step, "possible_match") == 0)
        tell_person(station->desk.tell, "possible_match", "A prison or NHS number that was sent is known with another date of birth, or for another client: check it.", 0);
    else if (strcmp(step, "clients_parted") == 0)
        tell_person(station->desk.tell, "clients_parted", "Two people were taken for one by mistake, and are two again: look at what was sent about them.", 0);
    else if (strcmp(step, "not_held") == 0)
        tell_person(station->desk.tell, "not_held", "A release notification has not reached the team it is for: see the answers.", 0);
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
    json_t *message = tc_client_message(station->desk.client, event->message, &ignored);
    person = people_of(people, json_string_value(json_object_get(message, "conversation")));
    json_decref(message);
    return person;
}

static bool events_of_person(Station *station, Person *person, const TcEvent *event)
{
    bool refused = event->type == TC_EVENT_REFUSED || event->type == TC_EVENT_EXPIRED;
    if (event->type == TC_EVENT_SENT)
        return events_of_colleague(station, person);
    return !refused || event->message == NULL || events_refused(station, person, event);
}

bool station_event(void *ctx, const TcEvent *event)
{
    Station *station = ctx;
    Person *person = events_person(station, event);
    if (event->type == TC_EVENT_MESSAGE && !events_answer(station, event))
        return false;
    if (event->type == TC_EVENT_EVIDENCE)
        events_evidence(station, event);
    if (event->type == TC_EVENT_NOTICE)
        desk_notice(&station->desk, event);
    if (person != NULL && !events_of_person(station, person, event))
        return false;
    if (person != NULL)
        report_touch(station->report, person);
    return true;
}
