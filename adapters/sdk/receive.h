/* Receiving: deliveries into the spool, all of a frame in one transaction with the events that tell the adapter; only then are they said
 * to be held. What was held already is dropped; a gap ends the session, because the broker will then begin where this side stands. */
#ifndef SDK_RECEIVE_H
#define SDK_RECEIVE_H

#include "adapters/sdk/client.h"

/* Reads where this station stands. */
void receive_load(TcClient *client);
/* False: the session must end; why says it. */
bool receive_deliveries(TcClient *client, const Tc__Deliver *deliver, char **why);

#endif
