/* One conversation as this organisation has it: what its rows say (facts.h), who it is about once that was opened, and its places in the lists of
 * caseload.h, which alone makes, changes and frees it. Names are in memory only. One thread. */
#ifndef WORKLIST_CASE_H
#define WORKLIST_CASE_H

#include "adapters/worklist/facts.h"

/* Lists in the order of what they are about; what has no time comes last, the oldest first. */
typedef enum CaseList {
    CASES_WAITING, /* waits for an answer from here, by when it is due */
    CASES_OUT,     /* comes out, by the day */
    CASES_BOOKED,  /* has an appointment, by when it is; one that is past lacks its outcome */
    CASES_MISSED,  /* did not come or dropped out, by when that was; also whose release nobody has reported, by when somebody should have */
    CASES_SENT,    /* another owes an answer, by when they must give it, or did not */
    CASES_NEWS,    /* something came that waits for no answer, and no worker has opened it, by when it came */
    CASES_TAKEN,   /* another has answered, and has still to meet or see the client, by when that is */
    CASES_MATCHES, /* may be the same client as another, by when that was told */
    CASES_OPEN,    /* all that is open here, the oldest first */
    CASES_REFUSED, /* the broker refused something from here, by when that was sent */
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
    bool looked;           /* its message was opened, and name, born, numbers are from there */
    char *name, *born;     /* NULL: not to be read here (yet); without looked they are those of the conversation that it is about */
    char *by_name;         /* surname, then forenames, whatever their case: by what lists of names are in order; NULL as name */
    char **numbers;        /* NHS, prison and PNC numbers as tc_linkage_normalise has them; NULL without looked */
    char *number_kinds;    /* what each of these is, a letter: n of the NHS, p of a prison, c of the PNC; NULL as they */
    const char *about;     /* the conversation that it arose from, or ""; borrowed */
    char *assigned;        /* by a manager, or NULL */
    GSequenceIter *place[CASE_LISTS]; /* NULL: not in that list */
    int64_t key[CASE_LISTS];          /* a time, by which that list is in order; INT64_MAX: none */
} Case;

/* Takes rows (NULL: there are none) and assigned. Its request is NULL when the rows hold nothing that began it. */
Case *case_new(const char *conversation, json_t *rows, char *assigned);
/* Leaves its lists, too. */
void case_free(Case *it);
/* Takes who it is about from "minimum.person" of its message, opened. */
void case_know(Case *it, const json_t *person);
/* Takes the name and the date of birth of the conversation that this one is about, as long as it was not opened itself: that both concern one client is what the
 * broker sees to wherever it takes an "about". None is taken, and none kept, where that is in doubt: where either may be another client's, or somebody said of
 * either that it is. True: they are others than before. */
bool case_know_from(Case *it, const Case *origin);
/* Who it is about does not change with a newer message of the same version: taken over from what it was before. */
void case_know_as_before(Case *it, Case *before);
/* By what it is in order in a list; 0: it does not belong into that. service: this one. */
int64_t case_key(const Case *it, CaseList list, const char *service);

/* In the order of surnames; what cannot be read comes last. */
int case_by_name(const Case *a, const Case *b);
/* Of arrays of Case *. */
gint case_newest_first(gconstpointer a, gconstpointer b);

const char *case_text(const json_t *row, const char *name); /* facts_text */
/* Not when somebody is open, nor figures: they are about no client. */
bool case_about_somebody(const Case *it);
/* How many messages it has: a form that was opened before a newer one came can tell. */
int case_messages(const Case *it);
/* A message of the conversation's own that the broker took, or will. */
bool case_counts(const json_t *row);
bool case_is_recalled(const Case *it, const char *message);
/* One from here that was not taken back. row: NULL is none. */
bool case_may_recall(const Case *it, const json_t *row);
/* The last row of this kind of message, or NULL. */
const json_t *case_last(const Case *it, const char *kind);

#endif
