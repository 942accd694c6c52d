/* A stored message, unpacked: what every view, opening and rule reads. The header has been checked again on the way out of the spool.
 * A Letter owns everything in it; `rules` holds the same header as the broker's rules read it, borrowing its texts. */
#ifndef SDK_LETTER_H
#define SDK_LETTER_H

#include "adapters/sdk/client.h"
#include "broker/item.h"
#include "proto/arena.h"

typedef enum Direction { DIRECTION_IN = 0, DIRECTION_OUT, DIRECTION_OUT_ELSEWHERE } Direction; /* message.direction */
typedef enum Outbox { OUTBOX_WAITING = 0, OUTBOX_ACCEPTED, OUTBOX_REFUSED, OUTBOX_EXPIRED, OUTBOX_TAKEN_BACK } Outbox; /* item.state */

typedef struct Letter {
    TcId id, conversation;
    bool ours;               /* sent by this service */
    bool here;               /* sent from this station; ours and not here: another of the service's stations sent it */
    bool good;               /* its signature and digest hold, as last looked at */
    Tc__Header *header;
    GBytes *header_bytes, *content, *provenance; /* content: NULL when there is none; provenance: NULL for what was sent here */
    int64_t sequence, at;    /* sequence 0: not in the log yet */
    int64_t opened_at;       /* 0: not opened */
    char *opened_by;
    int64_t row;             /* order of arrival here */
    Outbox outbox;           /* ours only; what another station sent is here because the broker accepted it */
    bool sent;               /* ours only: it may have left */
    uint32_t code;           /* OUTBOX_REFUSED: why; with field and standing, which may be NULL */
    char *field, *standing;
    Message rules;
    TcArena *arena;
} Letter;

void letter_free(Letter *letter); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)

/* NULL and *error, code "not_found", when it is not in the spool. */
Letter *letter_load(TcClient *client, const TcId *id, TcError *error);
/* Reads a message id as text first. */
Letter *letter_load_text(TcClient *client, const char *id, TcError *error);
/* Every readable message of a conversation in the order of the log; elements are Letter *. */
GPtrArray *letter_conversation(TcClient *client, const TcId *conversation);
/* Ids of all conversations in the spool, TcId, the one with the newest message first; the caller frees it. */
GArray *letter_conversations(TcClient *client);
/* False: it changes nothing about its conversation. It never left (refused, expired, taken back), or it is damaged or forged. */
bool letter_counts(const Letter *letter);
/* A header as the broker's rules read it; texts and ids are taken from it as they stand. */
void letter_rules(const Tc__Header *header, Message *rules);

#endif
