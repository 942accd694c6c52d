/* Events: what the adapter is told, in order, each until it says that it has dealt with it.
 *
 * They are written in the transaction of what they tell of, so neither can be without the other. One that the adapter puts off is
 * handed out again after a second, and nothing newer before it. Without a callback they count as dealt with. */
#ifndef SDK_EVENTS_H
#define SDK_EVENTS_H

#include "adapters/sdk/client.h"

/* Within a transaction. Takes json and completes it with message, conversation and at. message and conversation may be NULL. */
void events_add(TcClient *client, TcEventType type, int64_t at, const TcId *message, const TcId *conversation, json_t *json);
/* Runs callbacks, with no transaction open; at most some tens at once. True: there are more. */
bool events_hand_out(TcClient *client);

#endif
