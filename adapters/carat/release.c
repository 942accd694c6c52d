#include "adapters/carat/release.h"

#include "adapters/carat/recipient.h"
#include "adapters/lists/failure.h"
#include "adapters/lists/figures.h"

#include <string.h>

#define VALUE(row, id) ((row)->values[COLUMN_##id])

/* True when the row speaks of another release than the one that was last sent, or that one was taken back. An amendment would be
 * told to those who were done with it, and nobody would be asked again. */
static bool release_starts_anew(const Person *person, const Row *row)
{
    const char *expected = row_expected(row), *received = VALUE(row, RECEPTION_DATE);
    if (person->conversation == NULL)
        return true;
    if (received[0] != '\0' && person->expected[0] != '\0' && strcmp(received, person->expected) > 0)
        return true;
    if (person->over != NULL && strcmp(expected, person->over) > 0)
        return true;
    return strcmp(person->certainty, PERSON_RECALLED) == 0;
}

static void release_begin(Person *person, const Row *row, const char *digest)
{
    if (release_starts_anew(person, row)) {
        person_set(&person->conversation, NULL);
        person_set(&person->newest, NULL);
        person_set(&person->over, NULL);
        person_set(&person->met, NULL);
    }
    person_set(&person->pending, digest);
    person->version++;
}

static void release_done(Person *person, const Row *row, const char *id, const char *digest, const char *recipient)
{
    person_set(&person->newest, id);
    person_set(&person->shown, id);
    if (person->conversation == NULL)
        person_set(&person->conversation, id);
    person_set(&person->digest, digest);
    person_set(&person->pending, NULL);
    person_set(&person->expected, row_expected(row));
    person_set(&person->certainty, VALUE(row, CERTAINTY));
    person_set(&person->recipient, recipient);
    person_set(&person->asked, NULL);
    person_set(&person->wrong, NULL);
}

static json_t *release_message(const Release *release, const Person *person, const Row *row, const char *recipient)
{
    json_t *message = row_message(row, &release->config->team, release->prison);
    json_object_set_new(message, "recipient", json_string(recipient));
    if (person->conversation != NULL)
        json_object_set_new(message, "conversation", json_string(person->conversation));
    if (person->newest != NULL)
        json_object_set_new(message, "supersedes", json_string(person->newest));
    return message;
}

/* Sends the version that is begun. digest: what the row says, or NULL when another row may have been sent under this key. */
static bool release_send(Release *release, Person *person, const Row *row, const char *digest, TcError *error)
{
    char id[37];
    Recipient recipient = recipient_find(release->directory, release->config->teams, release->area, VALUE(row, AREA),
                                         VALUE(row, AREA_CERTAINTY));
    g_autofree char *service = recipient.service;
    if (service == NULL) {
        *error = (TcError){ .code = "unknown_recipient", .field = "release.area",
                            .text = "Nobody in the directory takes releases to this area: ask the area's authority." };
        return false;
    }
    g_autofree char *key = g_strdup_printf("release.%s.%u", person->key, person->version);
    json_t *message = release_message(release, person, row, service);
    bool sent = tc_client_send(release->client, message, key, id, error);
    json_decref(message);
    if (!sent || !figures_send(release->client, row, person->key, error))
        return false;
    release_done(person, row, id, digest, service);
    return people_save(release->people, person, error);
}

/* The row will never be sent as it stands: the version that was begun for it is given up, its number stays used. */
static void release_give_up(Release *release, Person *person)
{
    TcError ignored; /* a note that stays behind costs one amendment that says nothing new */
    person_set(&person->pending, NULL);
    people_save(release->people, person, &ignored);
}

/* A version was begun, and the process ended before it was known to be sent. */
static bool release_resume(Release *release, Person *person, const Row *row, const char *digest, TcError *error)
{
    return release_send(release, person, row, strcmp(person->pending, digest) == 0 ? digest : NULL, error);
}

static bool release_change(Release *release, Person *person, const Row *row, const char *digest, TcError *error)
{
    if (person->pending != NULL && !release_resume(release, person, row, digest, error))
        return false;
    if (g_strcmp0(person->digest, digest) == 0)
        return true;
    release_begin(person, row, digest);
    return people_save(release->people, person, error) && release_send(release, person, row, digest, error);
}

static bool release_unchanged(Release *release, Person *person, const char *digest, TcError *error)
{
    if (person->pending != NULL || g_strcmp0(person->digest, digest) != 0)
        return false;
    if (person->asked == NULL)
        return true;
    person_set(&person->asked, NULL);
    return people_save(release->people, person, error);
}

static json_t *report_message(const Person *person, const char *outcome)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:{s:s}}", "kind", "meeting_report", "recipient", person->recipient, "conversation",
                     person->conversation, "in_reply_to", person->newest, "meeting", "outcome", outcome);
}

/* What the list says of the meeting, once. The outcome is part of the key, so that a list that was changed between a crash and
 * its second reading still has the last word. */
static bool release_report(Release *release, Person *person, const Row *row, bool *reported, TcError *error)
{
    const char *outcome = VALUE(row, MEETING);
    char id[37];
    *reported = outcome[0] != '\0' && g_strcmp0(outcome, person->met) != 0;
    if (!*reported)
        return true;
    g_autofree char *key = g_strdup_printf("meeting.%s.%u.%s", person->key, person->reports + 1, outcome);
    json_t *message = report_message(person, outcome);
    bool sent = tc_client_send(release->client, message, key, id, error);
    json_decref(message);
    if (!sent)
        return false;
    person->reports++;
    person_set(&person->met, outcome);
    person_set(&person->report, id);
    return people_save(release->people, person, error);
}

/* The release, then the meeting. *any: something was sent. */
static bool release_both(Release *release, Person *person, const Row *row, const char *digest, bool *any, TcError *error)
{
    bool changed = !release_unchanged(release, person, digest, error), reported = false;
    if (changed && !release_change(release, person, row, digest, error))
        return false;
    bool good = release_report(release, person, row, &reported, error);
    *any = changed || reported;
    return good;
}

ListRow release_row(Release *release, const Row *row, const char *list, const char **column, char **why)
{
    TcError error = { .code = "" };
    g_autofree char *key = row_person(row), *digest = row_digest(row);
    Person *person = people_find(release->people, key);
    bool any = false;
    *column = "";
    *why = NULL;
    if (strcmp(VALUE(row, CERTAINTY), "withdrawn") == 0 && (person == NULL || person->conversation == NULL)) {
        *column = columns[COLUMN_CERTAINTY].name;
        *why = g_strdup("nothing was sent about this person that could be withdrawn");
        return LIST_ROW_REFUSED;
    }
    if (person == NULL)
        person = people_add(release->people, key);
    person_set(&person->list, list);
    person->line = row->line;
    bool good = release_both(release, person, row, digest, &any, &error);
    if (release->changed != NULL && (any || !good))
        release->changed(release->ctx, person);
    if (good)
        return any ? LIST_ROW_SENT : LIST_ROW_SAME;
    ListRow result = failure_of(&row_table, &error, column, why);
    if (result == LIST_ROW_REFUSED)
        release_give_up(release, person);
    return result;
}

bool release_missing(Release *release, GHashTable *listed, const char *today, guint *missing, char **why)
{
    TcError error = { .code = "" };
    const GPtrArray *all = people_all(release->people);
    for (guint i = 0; release->config->whole_list && i < all->len; i++) {
        Person *person = all->pdata[i];
        if (g_hash_table_contains(listed, person->key) || !person_due(person, today))
            continue;
        ++*missing;
        if (person->asked != NULL)
            continue;
        person_set(&person->asked, today);
        if (!people_save(release->people, person, &error)) {
            *why = g_strdup_printf("%s (%s)", error.text, error.code);
            return false;
        }
    }
    return true;
}
