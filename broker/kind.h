/* What each kind of message must and may have, beyond the form of its fields: kind.def as a lookup and one check.
 * Pure; nothing here owns or fails. */
#ifndef BROKER_KIND_H
#define BROKER_KIND_H

#include "broker/item.h"

typedef enum KindPlace { PLACE_REQUEST = 1, PLACE_ANSWER, PLACE_REPORT } KindPlace;
enum { ANY_REQUEST = -1 };

typedef struct KindRule {
    int kind, machine;       /* MACHINE_NONE: that of its conversation */
    KindPlace place;         /* which of a head's newest messages it becomes */
    unsigned group;          /* field of its own group in Header; 0: none */
    bool starts, supersedes;
    int replies_to;          /* KIND_NONE: no reply, but a recall, which names any kind; or ANY_REQUEST */
    unsigned parts, required; /* bit 1 << Part.Code */
    const char *name;        /* "RELEASE_NOTIFICATION" */
} KindRule;

/* NULL: no such kind. */
const KindRule *kind_rule(int kind);

/* What asks in a lifecycle that waits for answers. */
int kind_of_request(int machine);

/* True for the conversation's first message. */
bool kind_starts(const Message *message);

/* Recipient, reply, versions, needed times and parts. The kind's own group has been checked by decode. */
Refusal kind_check(const Message *message);

#endif
