/* What is sent after its session has ended: not acted upon, and not lost. It is kept as a draft (draft.h) of whoever typed it and stands on its page again. One thread. */
#ifndef WORKLIST_LATE_H
#define WORKLIST_LATE_H

#include "adapters/worklist/request.h"

typedef enum LateKeeps { KEEPS_NOTHING, KEEPS_SENT, KEEPS_DRAFTS } LateKeeps;

/* What becomes of what is typed on the page of a path when the session ends: nothing but what is sent after that is kept, or the form itself while it is typed. */
LateKeeps late_keeps(const char *path);
/* Keeps the form of this request for the account. The address where it stands again, a new string, or of what was sent if its act was sent already and nothing is said beside it; NULL: nothing was typed, nothing is kept there, or the disk would not. */
char *late_keep(const Request *request, const Account *account);
/* What was kept for this address becomes the form of the request, once; path: as pages_answer or late_reason names it. */
void late_find(Request *request, const char *path);
/* Where the words of a reason to see a page are kept: a new string. */
char *late_reason(const char *path);

#endif
