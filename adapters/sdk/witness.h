/* The witness: keeps the newest head that the broker signed, and notices when the log that it was shown before is gone.
 *
 * A head that is not signed by the broker, goes back, differs from one with its number, or does not follow its neighbour is refused
 * loudly: it means that somebody restored, forked or forged the log. Heads that receipts lean on are kept with them. */
#ifndef SDK_WITNESS_H
#define SDK_WITNESS_H

#include "adapters/sdk/client.h"

/* Reads what the spool keeps. */
void witness_load(TcClient *client);
/* A head from Welcome or Announce, which must be the newest there is; NULL: the broker says there is none yet. Writes to the spool. */
bool witness_newest(TcClient *client, const Tc__Head *head, char **why);
/* A head that stands with receipts; it may be an older one. Within a transaction. */
bool witness_receipts(TcClient *client, const Tc__Head *head, char **why);
void witness_read(const Tc__Head *from, TcHead *to);

#endif
