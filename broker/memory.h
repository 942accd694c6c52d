/* What the broker remembers of the past, that of batches not yet committed included: heads, messages, wraps, confirmations, linkage tokens, who is
 * answerable, what services say of themselves. Each entry knows the batch it came with; after a failed batch memory is forgotten whole,
 * and beyond a size what is safely committed may go. The loop's thread; everything is owned by the memory. */
#ifndef BROKER_MEMORY_H
#define BROKER_MEMORY_H

#include "broker/broker.h"

typedef struct CachedHead { Head head; uint64_t batch; } CachedHead;
typedef struct CachedRef { MessageRef ref; uint64_t batch; } CachedRef;
typedef struct CachedWrap { TcId id; WrapRef ref; uint64_t batch; } CachedWrap;
typedef struct TokenOwner { TcDigest born; TcId client; } TokenOwner;
typedef struct CachedToken { TcDigest strong; GArray *owners; uint64_t batch; } CachedToken;
typedef struct CachedNotice { NoticeRef ref; uint64_t batch; } CachedNotice;
typedef struct CachedCare { Care care; uint64_t batch; } CachedCare;

struct Memory {
    GHashTable *heads, *refs, *wraps;   /* TcId -> Cached… */
    GHashTable *cares;                  /* client -> CachedCare */
    GHashTable *confirmations;          /* text key -> batch as uint64_t* */
    GHashTable *tokens;                 /* TcDigest -> CachedToken */
    GHashTable *notices;                /* "service number" -> CachedNotice */
    GHashTable *availabilities;         /* service -> Availability: of every service that said something, once known */
    bool availabilities_known;
    GHashTable *settled;                /* SettledRow: every pair that a worker has decided, once known */
    bool settled_known;
    GArray *held;                       /* MessageRef: the answer to a HELD that memory could not tell */
    const Event *held_for;
    GArray *holders, *queued;           /* HolderPlain, QueuedPlain: for the statement that all who know its client must hear of */
    const Event *holders_for;
    MergeKnown merge;                   /* of the event looked at last */
};

/* Entries that are there already stay, but for heads, cares and availabilities, where the newest counts. batch 0: from the database. */
void memory_keep_head(Broker *broker, const Head *head, uint64_t batch);
void memory_keep_care(Broker *broker, const Care *care, uint64_t batch);
void memory_keep_ref(Broker *broker, const MessageRef *ref, uint64_t batch);
void memory_keep_wrap(Broker *broker, const WrapRef *ref, uint64_t batch);
void memory_keep_token(Broker *broker, const TcDigest *strong, const TcDigest *born, const TcId *client, uint64_t batch);
void memory_keep_confirmation(Broker *broker, const ConfirmationRow *row, uint64_t batch);
void memory_keep_notice(Broker *broker, const NoticeRef *ref, uint64_t batch);

void memory_keep_settled(Broker *broker, const SettledRow *row);
bool memory_settled(const Broker *broker, const TcId *a, const TcId *b); /* either way round */

/* holders.c. True when event->known has what it needs of them, or it needs nothing; ask may have to be called again. */
bool holders_known(Broker *broker, Event *event, const TcId *client);
void holders_ask(Broker *broker, const Event *event, const TcId *client, const TcId *other); /* other: none, or a client to be merged with it */
void holders_forget(struct Memory *memory);

/* Keys of the tables; the caller frees them. */
char *memory_confirmation_key(const TcId *message, uint64_t delivery, const char *service, int step);
char *memory_notice_key(const char *service, uint64_t number);

#endif
