/* A submitted item as plain fields: what decode makes and everything after it reads.
 *
 * Strings and bytes point into the frame's arena and stay valid while `frame` is referenced. Enum fields hold values of
 * throughcare.proto's code lists (proto/throughcare.pb-c.h is not included: only decode and encode see generated types; the
 * values that rules need are in codes.h). Absent: NULL, 0 or an all-zero id, as marked. */
#ifndef BROKER_ITEM_H
#define BROKER_ITEM_H

#include "proto/types.h"

#include <glib.h>
#include <stddef.h>

typedef struct Span { const uint8_t *data; size_t len; } Span;

typedef struct TokenPair { TcDigest strong, born; } TokenPair;

typedef struct ReleaseFields {
    int certainty, route, area_certainty, meet_asked, withdrawal_reason;
    const char *statutory_date, *expected_date, *court_date; /* NULL: absent */
    const char *prison, *area;
} ReleaseFields;

/* What the rules read of the kinds that came with the whole mission. code: the step, reply, outcome … that decides what happens. */
typedef struct CodedFields {
    int code, reason, type;        /* type: pathway, scope, order, subject, tier */
    const char *worker, *service;  /* named worker; where it is redirected to, what keeps a residual role, the other prescriber */
    const char *place;             /* code of a prison, court or hospital */
    const char *day;               /* YYYY-MM-DD: end of a script, of an order */
    bool checked;                  /* LOST: custody, hospital and pharmacy */
    bool choice;                   /* APPOINTMENT: a later time was the client's choice */
} CodedFields;

/* The kind's own group; which member holds is told by Message.kind. */
typedef struct MessageGroup {
    ReleaseFields release;
    struct { int reply; const char *named_worker; int reason; } release_answer;
    struct { int outcome; } meeting;
    struct { int asked_of; TcId about; } dose_request;
    struct { int reply; int64_t valid_until_at; const char *moved_to; } dose_answer;
    struct { TcId other; } merge;  /* its verdict and reason: coded */
    CodedFields coded;
} MessageGroup;

/* A kind of service instead of one: capabilities are bits 1 << Capability.Code. */
typedef struct ServiceRequest { char area[65]; int kind; /* 0: no request */ uint32_t capabilities; } ServiceRequest;

/* What the client agreed to. state 0: nothing is said. */
typedef struct ConsentScope {
    int state;                     /* ConsentState.Code */
    bool treatment;                /* it is about sharing for treatment, which the broker enforces */
    bool reporting;                /* about being counted */
    unsigned parts;                /* bits 1 << Part.Code; 0: all */
    const char *services[8]; size_t service_count; /* none: whoever takes part in the client's care */
    int64_t from_at, until_at;     /* 0: no bound */
} ConsentScope;

typedef struct PartSealed { int part; TcDigest commitment; } PartSealed;

typedef struct Message {
    TcId id, conversation, in_reply_to, supersedes, about;
    int kind, urgency, legal_basis, sharing_reason;
    bool statutory;
    ConsentScope consent;
    const char *sender, *worker, *recipient; /* recipient NULL: a request, or a recall that follows its message */
    ServiceRequest request;
    int64_t created_at, event_at, due_at;
    PartSealed parts[4]; size_t part_count;
    TcDigest content_digest;
    MessageGroup group;
    Span content;                  /* as carried; data NULL: none */
    bool retry;
    TokenPair tokens[8]; size_t token_count;
} Message;

typedef struct WrapKey { const char *service; TcDigest key_id; int part; } WrapKey;

typedef struct Wrap {
    TcId id, message;
    const char *maker;
    int64_t made_at;
    TcDigest content_digest;
    WrapKey *keys; size_t key_count;
    uint64_t request;              /* 0: none */
} Wrap;

typedef struct Confirmation {
    int step;                      /* Step.Code */
    const char *service, *station, *worker;
    uint64_t upto, delivery;
    TcId message;
    int parts[4]; size_t part_count;
    int64_t at;
} Confirmation;

typedef enum ItemKind { ITEM_MESSAGE = 1, ITEM_WRAP = 2, ITEM_CONFIRMATION = 3 } ItemKind; /* = ItemType.Code */

typedef struct Provenance {        /* who signed it, provable alone */
    TcId session;
    uint8_t signature[64];
    uint32_t index, count;
    Span path;                     /* nodes of 32 bytes */
} Provenance;

typedef struct Item {
    ItemKind kind;
    TcDigest digest;
    Span body;                     /* as signed */
    Provenance provenance;
    union { Message message; Wrap wrap; Confirmation confirmation; };
} Item;

/* A refusal: a code of the table, the field, and what stands instead. code 0: no refusal. */
typedef struct Refusal { int code; const char *field; const char *standing; } Refusal;

#endif
