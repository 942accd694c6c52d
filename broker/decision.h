/* What decide gives for one event: the rows to keep, the new heads, who is to be told. Plain data, no numbers of the log yet.
 *
 * `decide` is pure: the same event, heads, directory and now give the same decision, so that it can be taken again after a
 * failed batch. Batch (batch.h) adds sequence and delivery numbers and hashes. Strings are owned by the decision's arena
 * (`strings`), by the event's frame or by the directory, all of which outlive the batch. */
#ifndef BROKER_DECISION_H
#define BROKER_DECISION_H

#include "broker/consent.h"

/* The newest state of a conversation, as kept in conversation_event. */
typedef struct Head {
    TcId conversation;
    uint32_t version;          /* 0: does not exist yet */
    int machine, state;        /* machine.h */
    char starter[64], addressee[64], told[64];   /* services; told: the SPOC or role told last, "" none */
    char told_before[4][64];   /* roles told earlier: still parties */
    TcId first, newest_notification, newest_answer, newest_report; /* messages; request and answer for the dose machine */
    TcId last_recalled;
    int64_t release_at;        /* what its clocks hang on: expected release, need, leaving the cell, appointment, end of a script; 0 unknown */
    uint32_t marks;            /* MARK_* */
    ServiceRequest request;    /* REFERRAL to a kind of service; kind 0: to the addressee itself. RELEASE: its area alone is the client's, for reports */
    char residual[64];         /* TRANSFER: the service that the offer leaves a residual role to; "" none */
    TcId client;
    TcId possible;             /* the client that it may also be about, by a number; none: no such doubt was raised */
    struct { TcId id; int policy; int64_t due_at; uint32_t rung; } clocks[4]; /* CLOCK_SLOT_*; none: no clock running */
} Head;
enum { HEAD_CLOCK_LEN = 30, HEAD_CLOCKS_LEN = 4 * HEAD_CLOCK_LEN }; /* as kept; older rows have three */
enum { CLOCK_SLOT_ANSWER = 0, CLOCK_SLOT_CONTACT = 1, CLOCK_SLOT_TOLD = 2, CLOCK_SLOT_TREATMENT = 3 };

/* Head.marks: what a lifecycle must remember besides its state. */
enum { MARK_CHANNELS = 0x00ff /* DROPOUT: bit 1 << AttemptChannel.Code of each tried */, MARK_HIGH = 0x0100 /* DROPOUT: high tier */,
       MARK_URGENCY_SHIFT = 12 /* REFERRAL: four bits */, MARK_SCOPE_SHIFT = 16 /* TRANSFER: two bits */,
       MARK_CODE_SHIFT = 20 /* STATEMENT: four bits: its step */, MARK_LAST = 0x01000000 /* REFERRAL by request: there is nobody else to ask */,
       MARK_PATHWAY_SHIFT = 8 /* REFERRAL: four bits */, MARK_CHOICE = 0x04000000 /* REFERRAL: its appointment is later by the client's choice */,
       MARK_NOBODY = 0x02000000 /* STATEMENT: it concerns no client, and nothing may be tied to it */,
       MARK_BINDS = 0x08000000 /* STATEMENT: an order that decides who may coordinate */ };
static inline int head_urgency(const Head *head) { return (int)(head->marks >> MARK_URGENCY_SHIFT & 0xf); }
static inline int head_pathway(const Head *head) { return (int)(head->marks >> MARK_PATHWAY_SHIFT & 0xf); }
static inline int head_scope(const Head *head) { return (int)(head->marks >> MARK_SCOPE_SHIFT & 0x3); }
static inline bool head_binds(const Head *head) { return (head->marks & MARK_BINDS) != 0; }
static inline int head_code(const Head *head) { return (int)(head->marks >> MARK_CODE_SHIFT & 0xf); }

/* Who is answerable for a client: the newest row of coordination_event. */
typedef struct Care {
    TcId client;
    uint32_t version;          /* 0: nobody has taken the client up yet */
    int step;                  /* CoordinationStep */
    char coordinator[64], worker[64], residual[64]; /* services; the coordinator's worker reference; "" none */
    char receiver[64];         /* service that takes over when custody lets the client go; "" none */
    char prescriber[64];       /* service that prescribes; "" nobody is known to */
    char place[64];            /* prison or hospital that holds the client; "" unknown */
    char consent[CONSENT_TEXT_MAX]; /* consent.h; "" nothing is known */
    bool in_custody, on_order, died;
    TcId conversation, message;/* what caused this version; message none: a clock or the operator */
    int64_t released_at;       /* out of custody last, as far as is known; 0: it is not */
    TcId same_as;              /* merged into this client, whose record stands for both; none: it stands for itself */
} Care;

/* One version more. from: who held it before; "" for the first. */
typedef struct CareRow { Care care; char from[64]; } CareRow;

/* What is known of one earlier message: enough to authorise wraps, openings, recalls. */
typedef struct MessageRef {
    TcId id, conversation;
    int kind;
    char sender[64], recipient[64];
    TcDigest digest, content_digest;
    uint64_t sequence, batch;  /* place in the log */
    uint64_t delivery;         /* its number in the recipient's queue */
    unsigned governed;         /* consent_governs of it */
    bool opened, recalled;     /* opened by the recipient */
    bool withheld;             /* of a delivery: its recipient gets the number and nothing else */
} MessageRef;

typedef struct AuditRow { int event; const char *service; TcId conversation, message; TcDigest digest; const char *detail; } AuditRow;

typedef struct DeliveryRow {
    const char *recipient;     /* service */
    int type;                  /* DeliveryType.Code */
    TcId message;              /* MESSAGE, RECALLED; the wrap's id for WRAPS; the clock's id for NOTICE */
    Span body;                 /* EVIDENCE, WRAP_REQUEST, NOTICE: the encoded sub-message (encode.h); else empty */
} DeliveryRow;

/* rung: a row of the ladders (clock.h). waiting_for: who has not answered; of a TOLD clock: who is to be told. */
typedef struct ClockRow { TcId id, conversation, message; int policy; int64_t started_at, due_at; uint32_t rung; const char *waiting_for; } ClockRow;
typedef struct ClockEndRow { TcId id; int how; /* AuditEvent CLOCK_FIRED or CLOCK_STOPPED */ } ClockEndRow;
typedef struct LinkRow { TcId client, conversation, message; bool possible; } LinkRow;
typedef struct SettledRow { TcId one, other; } SettledRow; /* two clients of whom a worker has said whether they are one; the smaller id first */
typedef struct TokenRow { TcDigest strong, born; TcId client, conversation; } TokenRow; /* already under the broker's own HMAC */
typedef struct ConfirmationRow { TcId message; const char *service, *station, *worker; int step; uint64_t delivery; } ConfirmationRow;
typedef struct FloorRow { const char *service, *station; uint64_t number; } FloorRow;

typedef struct RecallRow { TcId message; bool stopped; /* before its recipient held it: its delivery is shown as RECALLED */ } RecallRow;

/* A queued delivery of a message, or of a wrap of it, that goes out as its number alone. */
typedef struct WithholdRow { const char *recipient; uint64_t number; TcId message; } WithholdRow;

typedef struct Decision {
    Refusal refusal;           /* code 0: accepted */
    bool no_effect;            /* accepted, known already: nothing to store */
    bool head_changed;
    Head head;                 /* when head_changed: version is one more than the head given */
    int conversation_event;    /* ConversationEvent of machine.h */
    const Item *store_message; /* ITEM_MESSAGE to keep, or NULL */
    const char *recipient;     /* of store_message: the one it names, or the one found for its request */
    const Item *store_wrap;    /* ITEM_WRAP to keep, or NULL */
    GArray *audit;             /* AuditRow; the first is what the receipt proves */
    GArray *deliveries;        /* DeliveryRow */
    GArray *clocks;            /* ClockRow */
    GArray *clock_ends;        /* ClockEndRow */
    GArray *links;             /* LinkRow */
    GArray *tokens;            /* TokenRow */
    GArray *settled;           /* SettledRow */
    GArray *confirmations;     /* ConfirmationRow */
    GArray *floors;            /* FloorRow */
    GArray *recalls;           /* RecallRow */
    GArray *withholds;         /* WithholdRow */
    GArray *cares;             /* CareRow, in order */
    GStringChunk *strings;     /* owns computed strings and encoded bodies */
} Decision;

void decision_init(Decision *decision);
void decision_clear(Decision *decision);

#endif
