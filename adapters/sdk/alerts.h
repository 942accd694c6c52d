/* What a reader must not miss in an opened message: alerts.def as a table of rules over its facts. Derived here, at the recipient: the broker
 * cannot. Pure but for the time given. */
#ifndef SDK_ALERTS_H
#define SDK_ALERTS_H

#include <glib.h>
#include <jansson.h>

/* message: as tc_client_message gives it; conversation: as tc_client_conversation does, or NULL; aside: as aside_of
 * does, or NULL. A new array of { "code", "text", "facts" }, in the
 * order of the table. Nothing is raised from what could not be opened, or from a message that is damaged or forged. */
json_t *alerts_of(const json_t *message, const json_t *conversation, const json_t *aside, int64_t now);

#endif
