/* What this organisation has to do with each client's conversation, kept in memory from the spool and made anew for a conversation when
 * something in it changes: then it also takes its place in the lists, so that a page does not look at all there is. Names are opened when a
 * page first shows them, and stay in memory only. One thread. */
#ifndef WORKLIST_CASELOAD_H
#define WORKLIST_CASELOAD_H

#include "adapters/worklist/facts.h"
#include "throughcare/throughcare.h"

#include <glib.h>

/* Lists in the order of what they are about; what has no time comes last, the oldest first. */
typedef enum CaseList {
    CASES_WAITING, /* waits for an answer from here, by when it is due */
    CASES_OUT,     /* comes out, by the day */
    CASES_BOOKED,  /* has an appointment, by when it is; one that is past lacks its outcome */
    CASES_MISSED,  /* did not come or dropped out, by when that was; also whose release nobody has reported, by when somebody should have */
    CASES_SENT,    /* another owes something, by when they must answer, or did not */
    CASES_NEWS,    /* something came that waits for no answer, and no worker has opened it, by when it came */
    CASES_MATCHES, /* may be the same client as another, by when that was told */
    CASES_OPEN,    /* all that is open here, the oldest first */
    CASE_LISTS
} CaseList;

typedef struct Case {
    char *conversation;
    json_t *rows;          /* tc_client_conversation */
    Facts facts;
    const json_t *request; /* of facts, never NULL; these six are borrowed */
    const char *kind, *state, *release_day;
    const json_t *waiting;
    const char *worker;    /* whose it is here: as a manager has set it, else of facts */
    int64_t due;           /* when what waits is due, microseconds since 1970; 0: no clock */
    bool ours;             /* it began here */
    bool looked;           /* name, born were looked for */
    char *name, *born;     /* NULL: not to be read here (yet) */
    char **numbers;        /* NHS, prison and PNC numbers, without spaces, in capitals; NULL as name */
    const char *about;     /* the conversation that it arose from, or ""; borrowed */
    char *assigned;        /* by a manager, or NULL */
    GSequenceIter *place[CASE_LISTS]; /* NULL: not in that list */
    int64_t key[CASE_LISTS];          /* a time, by which that list is in order; INT64_MAX: none */
} Case;

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
/* Grows with every change: what was worked out of lists holds as long as it stays. */
guint64 caseload_changes(const Caseload *caseload);
/* Gives a case to a worker of this service, durably; "" or NULL: to whoever the messages name. False and *error. */
bool caseload_assign(Caseload *caseload, const char *conversation, const char *worker, TcError *error);
/* Opens who it is about, once. */
void case_open(Caseload *caseload, Case *it);
/* Opens some of those that nobody has looked at yet, so that a list is at hand; false: there is none left. */
bool caseload_open_some(Caseload *caseload, int count);

const char *case_text(const json_t *row, const char *name); /* facts_text */
/* How many messages it has: a form that was opened before a newer one came can tell. */
int case_messages(const Case *it);
/* The last row of this kind of message, or NULL. */
const json_t *case_last(const Case *it, const char *kind);

#endif
