/* A batch: decided events with their place in the log, one database transaction, one signed head.
 *
 * batch_seal gives every audit row its sequence and hash, every delivery its number, and builds the tree; batch_sign signs the head. The batch
 * owns its entries (events and decisions) until batch_free, or until batch_take_events hands them back to be decided again. */
#ifndef BROKER_BATCH_H
#define BROKER_BATCH_H

#include "broker/event.h"
#include "proto/digests.h"
#include "proto/merkle.h"

typedef struct SealedAudit { TcAuditRow row; TcDigest hash; } SealedAudit;

typedef struct BatchEntry {
    Event *event;
    Decision decision;
    size_t first_audit, audit_count;       /* in Batch.audit */
    size_t first_delivery, delivery_count; /* in Batch.delivery_numbers */
} BatchEntry;

typedef struct Batch {
    GArray *entries;           /* BatchEntry */
    GArray *audit;             /* SealedAudit */
    GArray *delivery_numbers;  /* uint64_t, in the order of entries' deliveries */
    TcHead head;
    uint8_t signature[64];
    TcMerkle *tree;
    size_t bytes;              /* bodies and contents, for the cap */
    size_t messages;
    int64_t flushed_at;        /* monotonic */
    bool only_confirmations;
} Batch;

/* Where the log and the queues stand after the last batch sealed; copied by the loop to go back after a failure. */
typedef struct LogPosition { uint64_t batch, sequence; TcDigest last_hash; } LogPosition;

typedef struct Sealer {        /* what sealing needs; numbers per recipient live in `next_delivery` */
    TcDigest authority; TcId broker;
    const uint8_t *signing_key; /* 64 bytes */
    GHashTable *last_delivery;  /* service (char*) -> uint64_t*; owned by the caller */
} Sealer;

Batch *batch_new(void);
void batch_free(Batch *batch);
void batch_add(Batch *batch, Event *event, Decision *decision);  /* takes both (moves the decision) */
bool batch_full(const Batch *batch);                             /* 512 messages or 512 KB */
bool batch_waits(const Batch *batch, guint crowd, int64_t age_us); /* for company; crowd: stations that submitted a moment ago */
void batch_seal(Batch *batch, Sealer *sealer, LogPosition *position, int64_t now); /* moves position on */
void batch_sign(Batch *batch, const Sealer *sealer);             /* after batch_seal */
GPtrArray *batch_take_events(Batch *batch);                      /* Event*, in order; the batch is then only to be freed */

#endif
