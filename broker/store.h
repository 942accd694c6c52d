/* The database: one write connection with two batches in flight, one read connection. Non-blocking; one thread; one epoll.
 *
 * The write side is libpq pipeline mode: each batch is one implicit transaction (its chain row first) and one Sync; only a clean
 * PGRES_PIPELINE_SYNC is a commit. The read side answers load, delivery windows, receipts, traces. SQL is in broker/sql/, one
 * statement a file, embedded at build time. Reconnects by itself with back-off. Holds the advisory lock while active.
 * Callbacks run inside store_dispatch, never inside the call that asked. Results are owned by the store for the callback's length
 * unless said. */
#ifndef BROKER_STORE_H
#define BROKER_STORE_H

#include "broker/availability.h"
#include "broker/batch.h"

typedef struct Store Store;

typedef enum StoreState {
    STORE_AWAY,     /* no database: accept nothing, say so */
    STORE_STANDBY,  /* connected; another broker holds the lock */
    STORE_ACTIVE,   /* lock held, log position known: may write */
} StoreState;

typedef enum BatchResult {
    BATCH_COMMITTED,  /* clean sync */
    BATCH_POISON,     /* SQLSTATE class 22 or 23, not the chain: bisect */
    BATCH_RETRY,      /* rolled back for certain: decide again */
    BATCH_UNCERTAIN,  /* connection lost after Sync, or a cancelled synchronous wait: take the lock again, then decide again */
    BATCH_DISPLACED,  /* the chain refused it: its predecessor failed, or another broker wrote; see store_position */
} BatchResult;

/* What a broker must know when it becomes active. */
typedef struct StoreStart {
    LogPosition position;
    TcHead head; uint8_t head_signature[64];        /* batch 0: empty log */
    GHashTable *last_delivery;                      /* service -> uint64_t* */
    GHashTable *station_floor;                      /* "service/station" -> uint64_t* */
    GHashTable *blocked;                            /* service -> itself */
    GPtrArray *settings;                            /* char *: name, value, name, value … (setting.h) */
    GArray *clocks;                                 /* ClockDue, running, those due soonest, … */
    int64_t clocks_until;                           /* … all that are due up to then */
    int64_t oldest_id_at;                           /* start of the oldest message partition */
    uint64_t directory_serial;                      /* newest recorded */
} StoreStart;

typedef struct StoreCallbacks {
    void (*state)(void *ctx, StoreState state, const StoreStart *start); /* start: only with STORE_ACTIVE */
    void (*batch)(void *ctx, Batch *batch, BatchResult result, const char *sqlstate); /* gives the batch back: caller frees */
    void *ctx;
} StoreCallbacks;

typedef struct StoreConfig { const char *conninfo; int64_t clock_shift; /* tests: microseconds added to now */ unsigned retention_weeks; } StoreConfig;

Store *store_new(const StoreConfig *config, const StoreCallbacks *callbacks);
void store_free(Store *store);                      /* closes at once: give batches back first with store_drain */
int  store_fd(const Store *store);                  /* an epoll fd: readable when store_dispatch has work */
int  store_timeout_ms(const Store *store);          /* until it wants store_dispatch anyway; -1: never */
void store_dispatch(Store *store);
StoreState store_state(const Store *store);
int64_t store_clock_difference(const Store *store); /* host minus database clock, microseconds, both unshifted; what the host's has jumped since they were compared shows at once */

/* Write. At most two in flight; takes the batch until the batch callback. Sealed by batch_seal and signed by batch_sign beforehand. */
bool store_ready(const Store *store);
void store_submit(Store *store, Batch *batch);
/* Before it, if one likes: hands the database all that needs no signature. Nothing may come between the two. */
void store_begin(Store *store, const Batch *batch);
size_t store_in_flight(const Store *store);

/* ---- Read side. Each call queues one question; `done` gets ctx and the answer; failed: the connection was lost, ask again. ---- */

/* Fills in what load asked for. Arrays may be empty. Order of answers is not that of questions. */
typedef struct LoadQuestion {
    GArray *conversations;   /* TcId */
    GArray *messages;        /* TcId: wanted as MessageRef */
    GArray *wraps;           /* TcId: is it there, with what digest */
    GArray *tokens;          /* TokenPair under the broker's HMAC */
    GArray *confirmations;   /* ConfirmationRow keys: message|delivery, service, step */
    GArray *notices;         /* struct NoticeKey */
    GArray *clients;         /* TcId: who is answerable for them */
    bool availabilities;     /* what every service says of itself */
    bool settled;            /* every pair of clients that a worker has decided */
} LoadQuestion;
typedef struct NoticeKey { char service[64]; uint64_t number; } NoticeKey;
typedef struct NoticeRef { NoticeKey key; TcId clock, conversation; } NoticeRef;
typedef struct TokenMatch { TcDigest strong, born; TcId client; } TokenMatch;
typedef struct WrapRef { TcId id; TcDigest digest; uint64_t sequence, batch; } WrapRef;
typedef struct AvailabilityPlain { char service[65]; Availability availability; } AvailabilityPlain;
typedef struct LoadAnswer {
    bool failed;
    GArray *heads;           /* Head: those that exist */
    GArray *messages;        /* MessageRef: those that exist */
    GArray *wraps;           /* WrapRef */
    GArray *tokens;          /* TokenMatch */
    GArray *confirmations;   /* ConfirmationRow: those that exist (strings owned by the answer) */
    GArray *notices;         /* NoticeRef */
    GArray *cares;           /* Care: those that exist */
    GArray *availabilities;  /* AvailabilityPlain; NULL: not asked */
    GArray *settled;         /* SettledRow; NULL: not asked */
} LoadAnswer;
typedef void (*LoadDone)(void *ctx, const LoadAnswer *answer);
void store_load(Store *store, const LoadQuestion *question, LoadDone done, void *ctx); /* copies the question */

/* A window of a service's queue: number > after, at most limit (<= 256), in order. */
typedef struct StoredWrap { Span body; Provenance provenance; } StoredWrap;
typedef struct StoredDelivery {
    uint64_t number; int type; int64_t at;
    TcId message;                                   /* MESSAGE, RECALLED */
    Span header, content; Provenance provenance; uint64_t sequence; /* MESSAGE */
    bool recalled_before_held;                      /* MESSAGE: to be sent as RECALLED instead */
    bool withheld;                                  /* MESSAGE, WRAPS: to be sent as its number alone */
    StoredWrap *wraps; size_t wrap_count;           /* MESSAGE and WRAPS: wraps holding a key for this service */
    Span body;                                      /* the others: encoded sub-message */
} StoredDelivery;
typedef struct WindowAnswer { bool failed; const char *service; uint64_t after; GArray *deliveries; /* StoredDelivery */ } WindowAnswer;
typedef void (*WindowDone)(void *ctx, const WindowAnswer *answer);
void store_window(Store *store, const char *service, uint64_t after, unsigned limit, WindowDone done, void *ctx);

/* The first receipt of an item again (row of audit by sequence, its batch's tree and head). */
typedef struct ReceiptAnswer { bool failed, found; TcAuditRow row; uint32_t index, count; TcMerkle *tree; TcHead head; uint8_t signature[64]; } ReceiptAnswer;
typedef void (*ReceiptDone)(void *ctx, const ReceiptAnswer *answer);
void store_receipt(Store *store, uint64_t sequence, uint64_t batch, ReceiptDone done, void *ctx);

/* Messages in a stretch of a queue, for HELD evidence beyond what memory holds. */
typedef struct HeldAnswer { bool failed; GArray *messages; /* MessageRef */ } HeldAnswer;
typedef void (*HeldDone)(void *ctx, const HeldAnswer *answer);
void store_held(Store *store, const char *service, uint64_t after, uint64_t upto, HeldDone done, void *ctx);

/* Who was told anything of one or two clients and of all merged with them, and what is queued about them beyond what each of these services holds. */
typedef struct HoldersQuestion { TcId clients[2]; /* the second may be none */ GPtrArray *services; /* char * */ GArray *floors; /* uint64_t, one each */ } HoldersQuestion;
typedef struct HoldersAnswer { bool failed; GArray *holders; /* HolderPlain */ GArray *queued; /* QueuedPlain */ } HoldersAnswer;
typedef void (*HoldersDone)(void *ctx, const HoldersAnswer *answer);
void store_holders(Store *store, const HoldersQuestion *question, HoldersDone done, void *ctx); /* copies the question */

/* Audit rows of a conversation (at most 1000), and who is a party by its head. */
typedef struct TraceAnswer { bool failed; Head head; GArray *rows; /* TraceRowPlain */ } TraceAnswer;
typedef struct TraceRowPlain { uint64_t sequence; int64_t at; int event; const char *service; TcId message; int kind; const char *detail; } TraceRowPlain;
typedef void (*TraceDone)(void *ctx, const TraceAnswer *answer);
void store_trace(Store *store, const TcId *conversation, TraceDone done, void *ctx);

/* Who was answerable for a conversation's client, version by version (at most 1000), and its head. */
typedef struct CarePlain { Care care; int64_t at; char from[64]; } CarePlain;
typedef struct CareAnswer { bool failed; Head head; GArray *rows; /* CarePlain */ } CareAnswer;
typedef void (*CareDone)(void *ctx, const CareAnswer *answer);
void store_care(Store *store, const TcId *conversation, CareDone done, void *ctx);

/* Clients whose coordinator is none of the good services (char *): at most 1 000 at a time. */
typedef struct OrphansAnswer { bool failed; GArray *clients; /* TcId */ } OrphansAnswer;
typedef void (*OrphansDone)(void *ctx, const OrphansAnswer *answer);
void store_orphans(Store *store, const GPtrArray *good, OrphansDone done, void *ctx);

typedef struct HeadAnswer { bool failed, found; TcHead head; uint8_t signature[64]; } HeadAnswer;
typedef void (*HeadDone)(void *ctx, const HeadAnswer *answer);
void store_head(Store *store, uint64_t batch /* 0: newest */, HeadDone done, void *ctx);

/* Running clocks due before a time, beyond those given at the start: at most so many, those due soonest. */
enum { STORE_CLOCKS_MOST = 20000 };
/* Up to when clocks asked for up to `asked` are all there: a full answer leaves out what is due with its last, or later. */
int64_t store_clocks_until(const GArray *clocks, unsigned most, int64_t asked);
typedef struct ClocksAnswer { bool failed; GArray *clocks; /* ClockDue */ } ClocksAnswer;
typedef void (*ClocksDone)(void *ctx, const ClocksAnswer *answer);
void store_clocks(Store *store, int64_t after, int64_t before, unsigned most, ClocksDone done, void *ctx);

/* Per service: how many no station holds yet, and since when the oldest waits. For all services also what waits for a person's answer at the
 * time now (wall clock, microseconds). */
typedef struct QueuePlain { const char *service; uint64_t waiting; int64_t oldest_at; } QueuePlain;
typedef struct QueuesAnswer { bool failed; GArray *queues; int64_t oldest_unanswered_at; uint64_t unanswered; } QueuesAnswer;
typedef void (*QueuesDone)(void *ctx, const QueuesAnswer *answer);
void store_queues(Store *store, const char *service /* NULL: all */, int64_t now, QueuesDone done, void *ctx);

/* Counts of refusals and failed handshakes, a row a key, code and minute; fire and forget, outside the log. */
typedef struct RefusalCount { char who[96]; int code; int64_t minute_at; uint32_t count; } RefusalCount;
void store_count_refusals(Store *store, const GArray *counts /* RefusalCount */);

/* Makes weekly partitions eight weeks ahead and drops those beyond retention (through owner-owned functions), each with an audit event
 * returned as EVENT_ADMIN material to the caller: done gets AdminAct items to put through the loop. Called daily and at start. */
typedef struct PartitionsAnswer { bool failed; GArray *acts; /* AdminAct */ int64_t oldest_id_at; } PartitionsAnswer;
typedef void (*PartitionsDone)(void *ctx, const PartitionsAnswer *answer);
void store_partitions(Store *store, PartitionsDone done, void *ctx);

#endif
