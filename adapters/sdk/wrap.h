/* Wraps: who gets which part keys. The first, made with the message; those granted on request; and asking for one's own.
 *
 * Granting needs no person, but is not blind: the broker's word that somebody asks is checked against the signed directory. Whoever is
 * addressed by the message, or answered for it in its conversation, gets what is asked; whoever holds a role for the recipient (the
 * SPOC, a manager) gets the minimum. Of a referral by request a service of the area or a fallback gets the minimum, and whoever
 * accepted it the rest. Nobody else gets anything, and only keys that the directory holds are wrapped to. */
#ifndef SDK_WRAP_H
#define SDK_WRAP_H

#include "adapters/sdk/letter.h"
#include "adapters/sdk/seal.h"

/* sealed->wrap: every part for the recipient and for this service, the minimum for the SPOC of the recipient's area. recipient NULL: a request
 * for a service in that area, whose candidates ask for their keys themselves. agreed: of agreed.h; nothing is sealed for an SPOC outside it. */
bool wrap_first(TcClient *client, Sealed *sealed, const char *recipient, const char *area, const char *agreed, TcError *error);
/* Answers a WRAP_REQUEST, within a transaction; what may not be granted is logged and left. */
void wrap_grant(TcClient *client, uint64_t delivery, const Tc__WrapRequest *request);
/* Says CANNOT_OPEN for those of these parts (bits 1 << Part.Code) that this service may have, within a transaction; not again within
 * ten minutes. */
void wrap_ask(TcClient *client, const Letter *letter, unsigned parts);

#endif
