/* What this organisation has to do with each client's conversation, kept in memory from the spool and made anew for a conversation when
 * something in it changes. Names are opened when a page first shows them, and stay in memory only. One thread. */
#ifndef WORKLIST_CASELOAD_H
#define WORKLIST_CASELOAD_H

#include "throughcare/throughcare.h"

#include <glib.h>

typedef struct Case {
    char *conversation;
    json_t *rows;          /* tc_client_conversation */
    const json_t *request; /* the newest version of what began it; borrowed from rows, never NULL */
    const char *kind, *state, *release_day; /* of the request; the day, "2026-11-25" or "", on which the client is expected to come out; borrowed */
    const json_t *waiting; /* what waits for an answer from here, or NULL; borrowed */
    int64_t due;           /* when it is due, microseconds since 1970; 0: no clock */
    bool ours;             /* it began here */
    bool looked;           /* name, born were looked for */
    char *name, *born;     /* NULL: not to be read here (yet) */
} Case;

typedef struct Caseload Caseload;

/* Reads all that the spool knows. client: borrowed. */
Caseload *caseload_new(TcClient *client);
void caseload_free(Caseload *caseload);
/* Something in this conversation changed. */
void caseload_refresh(Caseload *caseload, const char *conversation);
/* NULL: not known here. Borrowed until the next refresh. */
Case *caseload_find(Caseload *caseload, const char *conversation);
/* All of them by when they are due, by when the client comes out, or by age; kept until something changes. Borrowed until the next refresh. */
typedef enum CaseOrder { CASES_BY_DUE, CASES_BY_RELEASE, CASES_BY_AGE, CASE_ORDERS } CaseOrder;
const GPtrArray *caseload_in_order(Caseload *caseload, CaseOrder order);
/* Opens who it is about, once. */
void case_open(Caseload *caseload, Case *it);
/* Opens some of those that nobody has looked at yet, so that a list is at hand; false: there is none left. */
bool caseload_open_some(Caseload *caseload, int count);

const char *case_text(const json_t *row, const char *name); /* "" when missing; name may be "group.field" */
/* How many messages it has: a form that was opened before a newer one came can tell. */
int case_messages(const Case *it);
/* The last row of this kind of message, or NULL. */
const json_t *case_last(const Case *it, const char *kind);

#endif
