/* Who a release notification goes to: one rule over the signed directory.
 *
 * The CJIP team of the row's area, or the team that the settings name for it. A disputed area goes to that area's single
 * point of contact, an area that is absent or that the directory does not know to the own area's, who keeps it. Pure. */
#ifndef CARAT_RECIPIENT_H
#define CARAT_RECIPIENT_H

#include <glib.h>
#include <jansson.h>

typedef struct Recipient {
    char *service; /* the caller's */
    const char *reason; /* "" for a team; else why it goes to a single point of contact, in plain words. Borrowed, for ever */
} Recipient;

/* directory: as tc_client_directory gives it. teams: area -> service, from the settings. service is NULL when the directory has nobody. */
Recipient recipient_find(const json_t *directory, GHashTable *teams, const char *own_area, const char *area, const char *certainty);

/* A service's entry; borrowed, NULL when there is none. */
const json_t *recipient_service(const json_t *directory, const char *service);

#endif
