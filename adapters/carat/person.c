#include "adapters/carat/person.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_MAX 1000000

struct People {
    TcClient *client;
    GPtrArray *all;   /* Person * */
    GHashTable *keys; /* key -> Person * */
    GHashTable *ids;  /* of conversations and messages -> Person *; may lag behind: what is found is compared */
    GQueue free_slots;
    guint slots; /* highest in use, as the note says */
};

/* The texts of a note. */
static const struct { const char *name; size_t place; } person_texts[] = {
    { "key", offsetof(Person, key) },           { "conversation", offsetof(Person, conversation) },
    { "newest", offsetof(Person, newest) },     { "report", offsetof(Person, report) },
    { "digest", offsetof(Person, digest) },     { "pending", offsetof(Person, pending) },
    { "expected", offsetof(Person, expected) }, { "certainty", offsetof(Person, certainty) },
    { "recipient", offsetof(Person, recipient) }, { "over", offsetof(Person, over) },
    { "asked", offsetof(Person, asked) },       { "list", offsetof(Person, list) },
    { "wrong", offsetof(Person, wrong) },       { "shown", offsetof(Person, shown) },
    { "met", offsetof(Person, met) },
};

#define TEXT_AT(person, i) ((char **)((char *)(person) + person_texts[i].place))

void person_set(char **place, const char *value)
{
    char *copy = g_strdup(value);
    g_free(*place);
    *place = copy;
}

static void person_free(void *data)
{
    Person *person = data;
    for (size_t i = 0; i < G_N_ELEMENTS(person_texts); i++)
        g_free(*TEXT_AT(person, i));
    g_free(person);
}

static Person *person_of(guint slot, const char *note)
{
    json_t *json = json_loads(note, 0, NULL);
    if (json_string_value(json_object_get(json, "key")) == NULL) {
        json_decref(json);
        return NULL;
    }
    Person *person = g_new0(Person, 1);
    person->slot = slot;
    for (size_t i = 0; i < G_N_ELEMENTS(person_texts); i++)
        *TEXT_AT(person, i) = g_strdup(json_string_value(json_object_get(json, person_texts[i].name)));
    person->version = (guint)json_integer_value(json_object_get(json, "version"));
    person->reports = (guint)json_integer_value(json_object_get(json, "reports"));
    person->line = (guint)json_integer_value(json_object_get(json, "line"));
    json_decref(json);
    return person;
}

static char *person_note(const Person *person)
{
    json_t *json = json_pack("{s:i, s:i, s:i}", "version", (int)person->version, "line", (int)person->line, "reports",
                             (int)person->reports);
    for (size_t i = 0; i < G_N_ELEMENTS(person_texts); i++)
        if (*TEXT_AT(person, i) != NULL)
            json_object_set_new(json, person_texts[i].name, json_string(*TEXT_AT(person, i)));
    char *note = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return note;
}

static char *slot_name(guint slot)
{
    return g_strdup_printf("person.%u", slot);
}

static void people_index(People *people, Person *person)
{
    const char *ids[] = { person->conversation, person->newest, person->report };
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        if (ids[i] != NULL)
            g_hash_table_replace(people->ids, g_strdup(ids[i]), person);
}

static bool people_read(People *people, TcError *error)
{
    char *count = tc_client_note_get(people->client, "people");
    guint64 slots = 0;
    bool good = count == NULL || g_ascii_string_to_unsigned(count, 10, 0, PEOPLE_MAX, &slots, NULL);
    free(count);
    if (!good)
        *error = (TcError){ .code = "spool", .text = "The note of how many people there are cannot be read. Restore the spool." };
    for (guint slot = 1; good && slot <= slots; slot++) {
        g_autofree char *name = slot_name(slot);
        char *note = tc_client_note_get(people->client, name);
        Person *person = note != NULL ? person_of(slot, note) : NULL;
        free(note);
        if (person == NULL) {
            g_queue_push_tail(&people->free_slots, GUINT_TO_POINTER(slot));
            continue;
        }
        g_ptr_array_add(people->all, person);
        g_hash_table_replace(people->keys, person->key, person);
        people_index(people, person);
    }
    people->slots = (guint)slots;
    return good;
}

People *people_open(TcClient *client, TcError *error)
{
    People *people = g_new0(People, 1);
    people->client = client;
    people->all = g_ptr_array_new_with_free_func(person_free);
    people->keys = g_hash_table_new(g_str_hash, g_str_equal);
    people->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&people->free_slots);
    if (people_read(people, error))
        return people;
    people_free(people);
    return NULL;
}

void people_free(People *people)
{
    if (people == NULL)
        return;
    g_hash_table_unref(people->keys);
    g_hash_table_unref(people->ids);
    g_ptr_array_unref(people->all);
    g_queue_clear(&people->free_slots);
    g_free(people);
}

Person *people_find(const People *people, const char *key)
{
    return g_hash_table_lookup(people->keys, key);
}

Person *people_of(const People *people, const char *id)
{
    Person *person = id != NULL ? g_hash_table_lookup(people->ids, id) : NULL;
    bool is = person != NULL && (g_strcmp0(person->conversation, id) == 0 || g_strcmp0(person->newest, id) == 0
                                 || g_strcmp0(person->report, id) == 0);
    return is ? person : NULL;
}

Person *people_add(People *people, const char *key)
{
    Person *person = g_new0(Person, 1);
    person->key = g_strdup(key);
    person->slot = GPOINTER_TO_UINT(g_queue_pop_head(&people->free_slots));
    g_ptr_array_add(people->all, person);
    g_hash_table_replace(people->keys, person->key, person);
    return person;
}

/* A slot beyond the count is claimed before it is written, so that no note is ever out of sight. */
static bool people_claim(People *people, Person *person, TcError *error)
{
    if (person->slot != 0)
        return true;
    g_autofree char *count = g_strdup_printf("%u", people->slots + 1);
    if (!tc_client_note_set(people->client, "people", count, error))
        return false;
    person->slot = ++people->slots;
    return true;
}

bool people_save(People *people, Person *person, TcError *error)
{
    if (!people_claim(people, person, error))
        return false;
    g_autofree char *name = slot_name(person->slot);
    char *note = person_note(person);
    bool done = tc_client_note_set(people->client, name, note, error);
    free(note);
    people_index(people, person);
    return done;
}

static gboolean is_person(gpointer conversation, gpointer person, gpointer wanted)
{
    (void)conversation;
    return person == wanted;
}

bool people_forget(People *people, Person *person, TcError *error)
{
    if (person->slot != 0) {
        g_autofree char *name = slot_name(person->slot);
        if (!tc_client_note_set(people->client, name, NULL, error))
            return false;
        g_queue_push_tail(&people->free_slots, GUINT_TO_POINTER(person->slot));
    }
    g_hash_table_remove(people->keys, person->key);
    g_hash_table_foreach_remove(people->ids, is_person, person);
    g_ptr_array_remove_fast(people->all, person);
    return true;
}

const GPtrArray *people_all(const People *people)
{
    return people->all;
}

bool person_due(const Person *person, const char *today)
{
    return person->newest != NULL && person->over == NULL && strcmp(person->certainty, "withdrawn") != 0
           && strcmp(person->certainty, PERSON_RECALLED) != 0
           && strcmp(person->certainty, "happened") != 0 && (person->expected[0] == '\0' || strcmp(person->expected, today) >= 0);
}

void person_take_back(Person *person, const char *standing, const char *why)
{
    person_set(&person->newest, standing);
    person_set(&person->digest, NULL);
    if (standing == NULL)
        person_set(&person->conversation, NULL);
    person_set(&person->wrong, why);
}
