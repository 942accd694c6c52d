/* Break-glass: whose record is looked at only with a reason, said before it is shown. Pure: decides from facts.
 *
 * A team's workers and readers see the clients their team works with. A reason is asked of them where nobody expects them to look: the client refused or withdrew
 * consent, or the team's part was over four weeks ago and this person had none in it. Of information governance it is always asked. */
#ifndef WORKLIST_REASON_H
#define WORKLIST_REASON_H

#include "adapters/worklist/account.h"
#include "adapters/worklist/caseload.h"

#define REASON_OVER_DAYS 28

typedef enum ReasonNeed { REASON_NONE, REASON_GOVERNANCE, REASON_CONSENT, REASON_OVER, REASON_NEEDS } ReasonNeed;

/* Why this account must say why it looks at this client now; REASON_NONE: it need not. now: microseconds since 1970. */
ReasonNeed reason_need(const Account *account, const Case *it, int64_t now);
/* For the page, to be translated. */
const char *reason_words(ReasonNeed need);
/* The code for the record: "governance", "consent", "over". */
const char *reason_code(ReasonNeed need);

#endif
