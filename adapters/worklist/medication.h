/* What a client takes, as far as it may be shown: each dose with its date, its source and whether it may be relied on now. Nothing is converted, one
 * product is never another, and where it is not certain whose dose it is, none is shown. Rules: DOMAIN "Dose request and answer", by the SDK. */
#ifndef WORKLIST_MEDICATION_H
#define WORKLIST_MEDICATION_H

#include "adapters/worklist/worklist.h"

/* All rows about a client as one conversation, for tc_dose_standing: a movement told elsewhere voids a dose, and a doubt raised
 * elsewhere hides it. cases: client_cases. A new reference. */
json_t *medication_rows(const GPtrArray *cases);
/* What is known of each source: [{ "row": the message's, "id", "at", "by", "reply", "confirmed", "until", "reassess": why, "hidden": why, "unconfirmed",
 * "answerer", "doses": [{ "what", "how", "facts": [{ "label", "value" }], "line": as the message has it, "differs" or "doubts": from what is confirmed }], "own": { "service", "since" }, "older": older words of the same sender }]; "doses" is empty where none may be shown. own:
 * with "reassess", when this service prescribes itself since then, beyond doubt; in the list only, for a sheet of one answer is read without the rest. */
json_t *medication_list(const Worklist *worklist, const GPtrArray *cases);
/* The same of one answer; NULL: there is none of this id, or it was taken back. */
json_t *medication_of(const Worklist *worklist, const GPtrArray *cases, const char *id);
/* Who said that they prescribe, stopped, or saw a dose missed: [{ "what", "by", "at" }], the newest first. */
json_t *medication_statements(const Worklist *worklist, const GPtrArray *cases);
/* The id of the service that said last that it prescribes, unless it has stopped; "" when nobody is known here. Borrowed. */
const char *medication_prescriber(const GPtrArray *cases);

/* NULL while a confirmed answer may be relied on, by all that is known of its client; else words instead of those that say that it is confirmed. Borrowed. */
const char *medication_void(const Worklist *worklist, Case *it, const json_t *answer);
/* How a conversation stands, in words: a dose is confirmed only as long as it may be relied on. Borrowed. */
const char *medication_state(const Worklist *worklist, Case *it);

#endif
