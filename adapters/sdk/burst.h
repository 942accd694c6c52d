/* One burst: the items of one submission, read from the spool, within the credit, the frame's size and the count; an envelope and its
 * first wrap are never parted. A burst owns what it holds and sends it once. */
#ifndef SDK_BURST_H
#define SDK_BURST_H

#include "adapters/sdk/client.h"

enum { BURST_ITEMS_MAX = 256, BURST_FRAME_MAX = 1024 * 1024 };

/* What must be remembered of an item until its receipt. */
typedef struct Flight {
    TcDigest digest;
    int64_t seq;  /* 0: a HELD, which has no place in the spool */
    int type, paired;
    TcId message, conversation;
} Flight;

typedef struct Burst {
    GPtrArray *items;   /* Tc__Item *, in order */
    GPtrArray *flights; /* Flight *, the same order */
    GPtrArray *held_bytes; /* GBytes * that items point into */
    size_t room, bytes, max_bytes;
    uint64_t held;      /* the HELD in it; 0: none */
    int64_t first_unsent, last_unsent; /* items that never left before; 0: none */
} Burst;

Burst *burst_new(size_t room, size_t max_bytes);
void burst_free(Burst *burst); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Burst, burst_free)

/* A HELD up to the newest delivery that is durable here. */
void burst_add_held(TcClient *client, Burst *burst);
/* Items after cursor that are not in flying. */
void burst_read(TcClient *client, Burst *burst, int64_t cursor, GHashTable *flying);
/* Notes durably that they left, before they do: only then is it known which were surely never sent. */
bool burst_mark_sent(TcClient *client, const Burst *burst, TcError *error);
/* Signs and sends. False: the connection takes nothing now. */
bool burst_send(TcClient *client, const Burst *burst, const TcId *session);

guint burst_digest_hash(gconstpointer digest);
gboolean burst_digest_equal(gconstpointer a, gconstpointer b);

#endif
