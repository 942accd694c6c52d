/* What this organisation has to do with each client's conversation, kept in memory from the spool and made anew for a conversation when
 * something in it changes: then it also takes its place in the lists, so that a page does not look at all there is. Names are opened between the
 * pages, a few at a time, or when a page first shows one; they stay in memory only. One thread. */
#ifndef WORKLIST_CASELOAD_H
#define WORKLIST_CASELOAD_H

#include "adapters/worklist/case.h"
#include "throughcare/throughcare.h"

#include <glib.h>

typedef struct Caseload Caseload;

/* Reads all that the spool knows. client: borrowed. service: this one. */
Caseload *caseload_new(TcClient *client, const char *service);
void caseload_free(Caseload *caseload);
/* Something in this conversation changed. */
void caseload_refresh(Caseload *caseload, const char *conversation);
/* NULL: not known here. Borrowed until the next refresh. */
Case *caseload_find(Caseload *caseload, const char *conversation);
/* Of Case *, in the list's order; borrowed until the next refresh. */
GSequence *caseload_list(const Caseload *caseload, CaseList list);
/* The first place in a list whose key is at or after a time: to count what is before it, or to go on from it. */
GSequenceIter *caseload_from(const Caseload *caseload, CaseList list, int64_t time);
/* All there is, closed or not: of Case *, in no order; borrowed until the next refresh. */
void caseload_each(const Caseload *caseload, void (*visit)(void *ctx, const Case *it), void *ctx);
/* Those that may be about the same client: of Case *, in no order; a new list, its elements borrowed until the next refresh. */
GPtrArray *caseload_near(const Caseload *caseload, const Case *it);
/* Grows with every change: what was worked out of lists holds as long as it stays. */
guint64 caseload_changes(const Caseload *caseload);
/* Gives a case to a worker of this service, durably, and keeps by whose word; "" or NULL: to whoever the messages name. False and *error. */
bool caseload_assign(Caseload *caseload, const char *conversation, const char *worker, const char *by, TcError *error);
/* Who gave it to whose it is now, and when; NULL: nobody did. New string. */
char *caseload_moved(const Caseload *caseload, const char *conversation, int64_t *at);
/* Opens who it is about, once: a decryption, and where it cannot be read, a write that asks for the key. So only for what one page shows; who looks at
 * more than that looks at what is open already. */
void case_open(Caseload *caseload, Case *it);
/* Opens some of those that nobody has looked at yet, so that a list is at hand; false: there is none left. What cannot be read is looked at again when
 * something in it changes: that keys came, say. */
bool caseload_open_some(Caseload *caseload, int count);
/* True: there are some left, and who sorts or finds by name does not have them. */
bool caseload_is_opening(const Caseload *caseload);

#endif
