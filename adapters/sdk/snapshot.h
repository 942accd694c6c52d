/* The directory in force here: the newest signed snapshot that this station has seen, from the broker, the spool or the passport's folder,
 * and the linkage key that comes with it. Older ones never take its place. */
#ifndef SDK_SNAPSHOT_H
#define SDK_SNAPSHOT_H

#include "adapters/sdk/client.h"

/* Takes a signed snapshot once it is kept. An older one is left aside, which is not an error. */
bool snapshot_take(TcClient *client, GBytes *signed_snapshot, TcError *error);
/* The newest there is when a client opens. */
bool snapshot_load(TcClient *client, TcError *error);
/* Warns of its end, once a day from three days before, and loudly after it. tick: client_tick(). */
void snapshot_watch(TcClient *client, int64_t tick);

#endif
