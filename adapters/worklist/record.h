/* Records that only grow, kept in the spool as numbered notes: who gave which reason to look at a client, and who changed which account. Sealed, because
 * what somebody wrote may name a client. One thread. */
#ifndef WORKLIST_RECORD_H
#define WORKLIST_RECORD_H

#include "throughcare/throughcare.h"

#define RECORD_REASONS "worklist:reasons"
#define RECORD_ACCOUNTS "worklist:account-changes"

/* entry: taken; "at" (microseconds since 1970) is added. False: the disk would not. */
bool record_add(TcClient *client, const char *record, json_t *entry);
/* The newest first, at most limit: new reference. */
json_t *record_list(TcClient *client, const char *record, int limit);

#endif
