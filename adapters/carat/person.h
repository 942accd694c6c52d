/* The people of the lists: what was sent about each, kept as notes in the SDK's spool, beside the messages themselves.
 *
 * A note holds ids, digests and dates, never a name: names are read back from the adapter's own sealed copy of what it sent.
 * One note a person ("person.17"), and how many there are ("people"). Changes are durable when people_save returns true.
 * A Person belongs to its People and stays where it is until it is forgotten. Same thread as the client. */
#ifndef CARAT_PERSON_H
#define CARAT_PERSON_H

#include "throughcare/throughcare.h"

#include <glib.h>

typedef struct Person {
    guint slot;
    char *key;          /* row_person: who it is */
    char *conversation; /* NULL before the first message of this stay */
    char *newest;       /* newest version that was not refused; NULL */
    guint version;      /* how many versions were ever begun: part of the key they are sent under */
    char *digest;       /* row_digest of the newest version; NULL when the row must be sent again */
    char *pending;      /* row_digest of a version begun, not known to be sent; NULL */
    char *expected;     /* day of release as last sent, or "" */
    char *certainty;    /* as last sent, or PERSON_RECALLED */
    char *recipient;    /* service it was last sent to */
    char *over;         /* day when a meeting, or the client's own choice, ended this release; NULL */
    char *asked;        /* day since when lists lack this person; NULL */
    char *list;         /* the file that the newest version came from */
    guint line;         /* and the line */
    char *wrong;        /* why the broker will not have it, in plain words; NULL */
    char *met;          /* outcome of a meeting that a list reported and that was sent; NULL */
    char *report;       /* the message that did; NULL */
    guint reports;      /* how many were sent */
    char *shown;        /* the message whose copy here says who it is; NULL */
} Person;

/* The conversation was taken back: another row begins a new one. */
#define PERSON_RECALLED "recalled"

typedef struct People People;

/* NULL and *error when the notes cannot be read. */
People *people_open(TcClient *client, TcError *error);
void people_free(People *people);

Person *people_find(const People *people, const char *key);
/* id: of the person's conversation, or of the newest message or report in it. */
Person *people_of(const People *people, const char *id);
/* A new person, not yet saved. */
Person *people_add(People *people, const char *key);
bool people_save(People *people, Person *person, TcError *error);
bool people_forget(People *people, Person *person, TcError *error);

/* All of them; Person *, borrowed, until the next add or forget. */
const GPtrArray *people_all(const People *people);

/* The newest version will never be with a broker: standing (or NULL) stands again, and the row is to be sent anew. */
void person_take_back(Person *person, const char *standing, const char *why);

/* True while the release is still to come, so that a whole list must name the person. today: YYYY-MM-DD. */
bool person_due(const Person *person, const char *today);

/* Replaces a text of a person by a copy; value may be NULL. */
void person_set(char **place, const char *value);

#endif
