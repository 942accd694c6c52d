/* What changed between two versions of a message: a list of { "field", "from", "to" }, with null for what was or is not there.
 * Fields are dotted paths ("release.expected_date", "parts.minimum.contacts[0].value"); what every new version changes is left out. */
#ifndef SDK_CHANGES_H
#define SDK_CHANGES_H

#include <jansson.h>

/* New reference. Objects as tc_client_message or tc_client_conversation give them. */
json_t *changes_between(const json_t *before, const json_t *after);

#endif
