/* Part keys as they are kept: sealed (XChaCha20-Poly1305) under the station's storage key, bound to message and part.
 * So an old sealing key can be destroyed while what was sealed to it can still be opened here, and a stolen spool tells nothing. */
#ifndef SDK_VAULT_H
#define SDK_VAULT_H

#include "adapters/sdk/client.h"

/* Within a transaction or outside; failures are the spool's. */
void vault_put(TcClient *client, const TcId *message, int part, const uint8_t key[32]);
/* False: not kept here, or kept under another storage key. */
bool vault_get(TcClient *client, const TcId *message, int part, uint8_t key[32]);

#endif
