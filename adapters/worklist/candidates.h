/* Who would be asked by a request for a service, and why, as far as it can be told here. The broker decides (PROTOCOL.md section 6) by what
 * every service said last of itself; this station knows only what was said to it. So a service whose statement did not come here is
 * shown as one of which that is not known, never as one that fits or does not. */
#ifndef WORKLIST_CANDIDATES_H
#define WORKLIST_CANDIDATES_H

#include "adapters/worklist/caseload.h"

/* services: of the directory; statements: service -> its newest "availability"; message: a referral with "request". Pure.
 * [{ "service", "name", "fits" | "unknown" | "cannot": true, "why": words }], first those that fit, in the order in which they are asked. */
json_t *candidates_judge(const json_t *services, const json_t *statements, const json_t *message, const char *own, int64_t now);
/* { "rows": the same by what is known here, "spoc": the name of the area's single point of contact }. own: this service. */
json_t *candidates_of(const Caseload *caseload, const json_t *directory, const json_t *message, const char *own, int64_t now);

#endif
