/* An event: anything that enters the loop at its left and may change what is kept.
 *
 * Submitted items, clocks that ran out and acts of the operator are all events, decided alike. An event holds a reference to the frame
 * that its strings point into. It lives from decode until its batch is committed and answered; batch owns it in between. */
#ifndef BROKER_EVENT_H
#define BROKER_EVENT_H

#include "broker/decision.h"

typedef enum EventKind { EVENT_ITEM = 1, EVENT_CLOCK, EVENT_ADMIN, EVENT_HAND_BACK } EventKind;

/* A client whose coordinator was blocked or has left the directory: somebody else must be answerable. */
typedef struct HandBack { TcId client; } HandBack;

typedef struct ClockDue { TcId id, conversation, message; int policy; int64_t started_at, due_at; uint32_t rung; char waiting_for[64]; } ClockDue;

typedef struct AdminAct { int audit_event; /* AuditEvent: DIRECTORY, BLOCKED, UNBLOCKED, ADMIN, SETTING (subject: its name, detail: its value) */ char subject[64]; char detail[128]; Span body; /* DIRECTORY: the SignedSnapshot */ uint64_t serial; } AdminAct;

/* One of those who were told anything of a client: a service, and the newest request of a conversation it takes part in. In the order of services. */
typedef struct HolderPlain { char service[64]; TcId message; } HolderPlain;
/* A delivery about a client that its recipient does not hold yet: of a message, or of a wrap of it. */
typedef struct QueuedPlain { char recipient[64], sender[64]; uint64_t number; TcId message; unsigned governed; } QueuedPlain;

/* Of a MERGE: the other client. */
typedef struct MergeKnown {
    Head other_head;               /* the conversation that it names; version 0: none, or not there */
    TcId client;                   /* of that conversation, or the possible match of its own; none: neither */
    Care other;                    /* what stands for that client; the client in it is set always */
    Care cut;                      /* when they are one by a merge: the record that is merged, on the way from one of them; else client none */
    bool cut_ours;                 /* on the way from the client of its own conversation */
} MergeKnown;

/* What load found for an event; decide reads nothing else of the past.
 * Wraps and confirmations name no conversation: their head is that of ref, or of the notice (notice_conversation). */
typedef struct Known {
    Head head;                     /* version 0: no such conversation */
    Head about;                    /* the conversation that a first message arises from; version 0: none */
    Care care;                     /* of the client that the event concerns, or whom that is merged into; version 0: nobody has taken them up */
    const MergeKnown *merge;       /* of a MERGE (borrowed); else NULL */
    MessageRef ref;                /* the message that a wrap, confirmation, recall (in_reply_to) or clock speaks of; id none: unknown */
    MessageRef reply_ref;          /* in_reply_to of a message; id none: unknown */
    MessageRef duplicate;          /* an earlier message (or wrap: id and digest only) with the same id; id none: no */
    bool confirmation_known;       /* this OPENED, TOLD, NOT_TOLD, CANNOT_OPEN is there already */
    bool clock_ended;              /* EVENT_CLOCK, policy HELD: the recipient held it in time, or it ended before */
    uint64_t floor_station, floor_service; /* HELD: newest number held by this station; by any station.
                                            * RECALL: floor_service of ref's recipient tells whether it was held already */
    uint64_t last_delivery;        /* HELD: newest number of the service's queue; 0: not looked up */
    GArray *held;                  /* HELD: MessageRef of the messages in (floor_service, upto] (borrowed, may be NULL) */
    GArray *holders, *queued;      /* of a statement that all who know the client must hear of: HolderPlain, QueuedPlain (borrowed, may be NULL) */
    TcId client_same, client_other;/* linkage: a client with a strong token and agreeing birth; with a strong token that disagrees. Neither is one of
                                    * whom a worker has said whether it is the conversation's own, nor one merged with that */
    bool client_unsure;            /* the tokens are of two clients, whom a worker has parted: neither is linked to */
    TcId notice_clock, notice_conversation; uint64_t notice_number; /* TOLD, NOT_TOLD: the NOTICE delivery spoken of */
} Known;

typedef struct Event {
    EventKind kind;
    union { Item item; ClockDue clock; AdminAct admin; HandBack hand_back; };
    TokenPair tokens[8]; size_t token_count; /* linkage tokens, already HMACed under the broker's key; decode drops the others */
    const char *service, *station;           /* who submitted (owned by the directory held in `directory`) */
    struct TcDirectory *directory;           /* referenced */
    void *frame;                             /* reference-counted bytes that strings point into; may be NULL */
    uint64_t session;                        /* whom to answer; 0: nobody, or gone */
    uint64_t asked_by;                       /* EVENT_ADMIN: the peer of the operator's socket that is told; 0: nobody */
    bool dropped;                            /* EVENT_ADMIN: that peer was told that nothing comes of it */
    Known known;
    unsigned asked, answered;                /* LOAD_* of load.c: what the database was asked for it, and what it has answered: what
                                              * memory lacks of that does not exist */
    bool again;                              /* decided before, in a batch that failed: may be kept already */
    bool alone;                              /* the one that the database refused in a batch of its own */
} Event;

/* New events; decide's input but for `known`. They keep references to what their strings point into. */
struct FrameIn;
struct TcService;
struct TcStation;
Event *event_new_item(struct FrameIn *frame, size_t index, struct TcDirectory *directory, const struct TcService *service,
                      const struct TcStation *station, uint64_t session);
Event *event_new_clock(const ClockDue *clock, struct TcDirectory *directory);
Event *event_new_hand_back(const TcId *client, struct TcDirectory *directory);
Event *event_new_admin(const AdminAct *act, struct TcDirectory *directory); /* copies act->body */
void event_free(Event *event); /* takes NULL */

/* True when what a service says of itself changes by this decision; the new header, data NULL when what was said is taken back. */
bool availability_changes(const Event *event, const Decision *decision);
Span availability_header(const Event *event);

#endif
