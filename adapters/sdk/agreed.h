/* What a client agreed to, as far as this service knows: by what came and went in a conversation, and by the broker's word. A message is held to it
 * before it is sealed, and so is every key that is granted. The broker holds everybody to all it knows; this spares the disclosure of asking. */
#ifndef SDK_AGREED_H
#define SDK_AGREED_H

#include "adapters/sdk/letter.h"
#include "broker/consent.h"

/* text: CONSENT_TEXT_MAX bytes, as consent.h writes it; "" nothing is known. */
void agreed_of(TcClient *client, const TcId *conversation, char *text);
/* For a message about to be sealed: what stands in its conversation, in the one that it arises from, or by its own word. */
void agreed_for(TcClient *client, const Message *message, char *text);
/* May it be sent? Codes no_consent and reason_needed. text: of agreed_for. */
bool agreed_check(const Message *message, const char *text, int64_t now, TcError *error);

#endif
