/* Submitting: takes what waits in the spool, in order, sends it in signed bursts within the broker's credit, and believes a receipt
 * only when its proof holds. An item leaves the queue by a proven receipt or a final refusal, in one transaction with the event that
 * tells the adapter; anything else (no receipt, a lost connection, a database that is away, a key that is not yet known) leaves it there.
 *
 * What is on its way is known in memory only. After a loss everything without a receipt goes again, the same bytes, marked as a retry. */
#ifndef SDK_SUBMIT_H
#define SDK_SUBMIT_H

#include "adapters/sdk/client.h"

Submit *submit_new(void);
void submit_free(Submit *submit); /* takes NULL */

/* A session began: these are its limits. */
void submit_start(TcClient *client, const Tc__Welcome *welcome);
/* It ended: nothing is on its way any more. */
void submit_stop(TcClient *client);
/* The broker's database came or went. */
void submit_database(TcClient *client, bool away);
/* Sends what may be sent now. */
void submit_flush(TcClient *client);
/* False: the session must end; why says it. */
bool submit_receipts(TcClient *client, const Tc__Receipts *receipts, char **why);
/* When submit_flush should run again without a cause (microseconds); 0: no need. */
int64_t submit_deadline(const TcClient *client);
/* Items on their way without a receipt. */
unsigned submit_flying(const TcClient *client);
/* Why nothing goes out although connected; "" when nothing holds it up. */
const char *submit_waits(const TcClient *client);
/* Messages that waited too long are given up, loudly. */
void submit_expire(TcClient *client);

#endif
