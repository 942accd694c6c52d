/* What a client agreed to, and whether it lets a message pass. PROTOCOL.md section 7, "Consent".
 *
 * Consent is kept as one line of text, so that the record of who is answerable holds it too: "STATE PARTS FROM UNTIL SERVICES", numbers
 * but for the services, which stand with commas between them; "" for a client of whom nothing is known: then the legal basis that the
 * sender names is all there is. Pure; nothing here allocates. */
#ifndef BROKER_CONSENT_H
#define BROKER_CONSENT_H

#include "broker/item.h"

enum { CONSENT_TEXT_MAX = 640 }; /* eight services of 64 bytes and four numbers fit */
enum { CONSENT_ANYTHING = 1 };   /* besides the bits of parts: that there is such a message at all */

/* text: CONSENT_TEXT_MAX bytes. */
void consent_write(const ConsentScope *scope, char *text);
/* governed: CONSENT_ANYTHING and the parts that would be shared; 0: consent has no say. */
bool consent_allows(const char *text, const char *service, unsigned governed, int64_t now);
/* What stands: "given", "narrowed", "withdrawn", "refused", "ended" (or not begun); "" nothing. */
const char *consent_standing(const char *text, int64_t now);

/* What of a message needs the client to agree. Nothing of one with a basis that needs no consent, of one that tells of a death, a danger or
 * of consent itself, and of an answer that carries no more than its code: somebody waits for it. */
unsigned consent_governs(const Message *message);
/* The same, were there no legal basis but consent. */
unsigned consent_would_govern(const Message *message);

#endif
