/* One row against what was sent before: nothing, a new release notification, an amendment, or a reason.
 *
 * A version goes out under a key made of the person and its number, and what is about to be sent is noted first. So a crash
 * anywhere ends, when the list is read again, in exactly one message for each change, also where a row changes and changes back.
 * A person who comes back into prison after the release starts anew. Nothing is decided from the clock. Same thread as the client. */
#ifndef CARAT_RELEASE_H
#define CARAT_RELEASE_H

#include "adapters/carat/config.h"
#include "adapters/carat/person.h"
#include "adapters/lists/list.h"

typedef struct Release {
    TcClient *client;
    People *people;
    const Config *config;
    json_t *directory;      /* verified; NULL until there is one */
    const char *area, *prison; /* the own service's, borrowed from the directory */
    void (*changed)(void *ctx, const Person *person); /* something was sent; may be NULL */
    void *ctx;
} Release;

/* list: the file's name. *column is borrowed; *why is the caller's, set for the last two. */
ListRow release_row(Release *release, const Row *row, const char *list, const char **column, char **why);

/* Nothing is sent about who is missing: the question goes to the people here, until a list has an answer. listed: keys; today: the day in London. */
bool release_missing(Release *release, GHashTable *listed, const char *today, guint *missing, char **why);


#endif
