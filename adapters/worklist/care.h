/* What stands for a client now, from all conversations about them that are known here: for a client's page and the sheets to print.
 * cases: client_cases. Each gives new references, in the reader's language. */
#ifndef WORKLIST_CARE_H
#define WORKLIST_CARE_H

#include "adapters/worklist/worklist.h"

typedef struct CareRow { const Case *it; const json_t *json; } CareRow;
/* Messages of these kinds, and evidence of these steps (with commas), that were not taken back; newest first. Borrowed from the cases. */
GArray *care_rows(const GPtrArray *cases, const char *kinds);

/* Who is answerable, by evidence that came here: { "coordinator", "at", "since": the same for people, "residual" }, each "" when it is not known here. */
json_t *care_answerable(const Worklist *worklist, const GPtrArray *cases);
/* Open work: [{ "what", "where", "here": true, "due", "late", "trouble", "conversation" }], what waits here first. */
json_t *care_tasks(const Worklist *worklist, const GPtrArray *cases);
/* Appointments to come: [{ "what", "at", "place", "by" }]. */
json_t *care_appointments(const Worklist *worklist, const GPtrArray *cases);
/* [{ "purpose", "state", "since", "by", "parts", "services", "until" }]: what stands for each purpose. */
json_t *care_consent(const Worklist *worklist, const GPtrArray *cases);
/* [{ "at", "by", "worker", "channel", "result" }], the newest first. */
json_t *care_attempts(const Worklist *worklist, const GPtrArray *cases);
/* [{ "value", "kind", "owner", "name", "texts", "voicemail", "letters", "checked", "state", "bad" }] of parts.minimum.contacts. */
json_t *care_contacts(const json_t *contacts);

/* Codes of a field as a person says them, with commas; with names: ids of services, by their names. New string. */
char *care_joined(const json_t *list, const char *field, const Worklist *names);

#endif
