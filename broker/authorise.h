/* Who may send what to whom: PROTOCOL.md section 6 as one table (authorise.def). Pure, constant; nothing here owns or fails. */
#ifndef BROKER_AUTHORISE_H
#define BROKER_AUTHORISE_H

#include "broker/decision.h"

/* How a service stands to a conversation. A service that is several of these is the first that holds. */
typedef enum Relation {
    RELATION_STARTS = 1 << 0,    /* this message is the conversation's first */
    RELATION_STARTER = 1 << 1,   /* sent the first */
    RELATION_ADDRESSEE = 1 << 2, /* the newest version went to it */
    RELATION_TOLD = 1 << 3,      /* the broker told it, or an earlier version went to it */
    RELATION_NONE = 1 << 4,      /* no party */
} Relation;

Relation authorise_relation(const Head *head, const char *service);
/* Every party but one, each once; returns how many. A head names at most PARTIES_MAX. */
enum { PARTIES_MAX = 7 };
size_t authorise_parties(const Head *head, const char *but, const char *parties[PARTIES_MAX]);

typedef struct AuthoriseCase {
    int kind;                    /* of the message */
    int sender, recipient;       /* kinds of service */
    Relation relation;           /* the sender's */
    Relation to;                 /* the recipient's; RELATION_STARTS when there is no conversation yet */
} AuthoriseCase;

/* True when a row of the table allows it. Recalls are judged by the message recalled, and have no row. */
bool authorise(const AuthoriseCase *what);

/* True for the kinds of service that a referral may be for. */
bool authorise_takes_referrals(int service_kind);

#endif
