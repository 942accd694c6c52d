/* Receipts: whether one proves that the broker's signed log holds an item, and keeping it for `throughcare audit prove`. */
#ifndef SDK_RECEIPT_H
#define SDK_RECEIPT_H

#include "adapters/sdk/burst.h"

/* The head that stands with receipts. Within a transaction. False: why says what is wrong with it. */
bool receipt_head_holds(TcClient *client, const Tc__Head *head, char **why);
/* Row hash, path and root. Confirmations carry no proof. */
bool receipt_holds(const TcClient *client, const Flight *flight, const Tc__Head *head, const Tc__Receipt *receipt, char **why);
/* Within a transaction. */
void receipt_keep(TcClient *client, const Flight *flight, const Tc__Head *head, const Tc__Receipt *receipt);
/* All of them with their heads, as JSON. New reference. */
json_t *receipt_list(TcClient *client);

#endif
