/* What other messages about a client say that a message must be held to: where the client may not go, and which product was asked about. Taken from what
 * this service can open of the conversation and of the one that it arose from. */
#ifndef SDK_ASIDE_H
#define SDK_ASIDE_H

#include "adapters/sdk/letter.h"

#include <jansson.h>

/* A new object { "zones": [postcode districts, "LS11"], "asked_product": code, "consent": what stands, "wrong_person": the newest day
 * on which a number reached somebody else }; each only where something says so. */
json_t *aside_of(TcClient *client, const TcId *conversation);

/* Pure. The district of a postcode, "LS11" of "ls11 5qp", in a buffer of at least 5 bytes; false: it has no such form. */
bool aside_district(const char *postcode, char district[5]);
/* The zone that a message's appointment lies in, or NULL; borrowed from aside. */
/* A telephone that was not checked after a number of the client reached somebody else. */
bool aside_reaches_another(const json_t *channel, const json_t *aside);
const char *aside_zone(const json_t *message, const json_t *aside);
/* True when a confirmed answer speaks only of other products than the one asked about. */
bool aside_other_product(const json_t *message, const json_t *aside);
/* True when a clinical text speaks of one dose as another: "equivalent to", "converted". */
bool aside_converts(const json_t *message);

#endif
