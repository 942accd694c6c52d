/* Which clients a message speaks of: by its linkage tokens, and by a worker's word that two are one. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/load_inner.h"

#include <string.h>

/* ---- Whom the linkage tokens are of ---- */

enum { LINKED_MOST = 16 }; /* clients of one number that are looked at */
typedef struct Linked { TcId own, others[LINKED_MOST]; size_t other_count; } Linked; /* others: they may be the same by a number, against the birthday */

/* A number that a worker has parted from one client belongs to both: in a conversation of one of them it is that one's. */
static void linked_owner(Known *known, Linked *linked, const TokenOwner *owner, const TcDigest *born)
{
    if (!tc_digest_equal(&owner->born, born)) {
        if (linked->other_count < LINKED_MOST)
            linked->others[linked->other_count++] = owner->client;
        return;
    }
    bool another = !tc_id_is_none(&known->client_same) && !tc_id_equal(&known->client_same, &owner->client);
    known->client_unsure = known->client_unsure || another;
    if (!another || tc_id_equal(&owner->client, &linked->own))
        known->client_same = owner->client;
}

/* Whether a worker may still have to decide whether two clients are one. */
static bool linked_open(Broker *broker, Need *need, const TcId *own, const TcId *other, bool sure)
{
    const Care *ours = need_standing(broker, need, LOAD_LINKED_CARE, own, sure), *theirs = need_standing(broker, need, LOAD_LINKED_CARE, other, sure);
    const TcId *our_root = ours == NULL ? own : &ours->client, *their_root = theirs == NULL ? other : &theirs->client;
    return !tc_id_equal(our_root, their_root) && !memory_settled(broker, own, other) && !memory_settled(broker, our_root, their_root);
}

static void linked_decide(Broker *broker, Need *need, Known *known, const Linked *linked)
{
    bool has_own = !tc_id_is_none(&linked->own);
    bool differs = has_own && !tc_id_is_none(&known->client_same) && !tc_id_equal(&known->client_same, &linked->own), sure = !need->missing;
    if (!differs && linked->other_count == 0)
        return;
    if (!broker->memory->settled_known && need_ask(need, LOAD_SETTLED))
        need->question->settled = true;
    if (differs && !linked_open(broker, need, &linked->own, &known->client_same, sure))
        known->client_same = linked->own;
    for (size_t i = 0; i < linked->other_count; i++) {
        const TcId *other = &linked->others[i];
        if (!has_own || (!tc_id_equal(other, &linked->own) && linked_open(broker, need, &linked->own, other, sure)))
            known->client_other = *other;
    }
}

void need_tokens(Broker *broker, Need *need, Event *event)
{
    Known *known = &event->known;
    Linked linked = { .own = known->head.version > 0 ? known->head.client : known->about.client };
    if (event->token_count == 0)
        return;
    for (size_t i = 0; i < event->token_count; i++) {
        const CachedToken *cached = g_hash_table_lookup(broker->memory->tokens, &event->tokens[i].strong);
        if (need_ask(need, LOAD_TOKENS)) /* memory may hold some owners and the database more */
            g_array_append_val(need->question->tokens, event->tokens[i]);
        for (guint j = 0; cached && j < cached->owners->len; j++)
            linked_owner(known, &linked, &g_array_index(cached->owners, TokenOwner, j), &event->tokens[i].born);
    }
    known->client_unsure = known->client_unsure && tc_id_is_none(&linked.own);
    if (tc_id_is_none(&linked.own) && !known->client_unsure)
        linked.own = known->client_same;
    linked_decide(broker, need, known, &linked);
    if (known->client_unsure) {
        known->client_other = known->client_same;
        known->client_same = (TcId){ { 0 } };
    }
}

/* ---- Of a merge: the other client, and where the two meet ---- */

/* The record merged into `above` on the way from a client; NULL: it is not on that way. */
static const Care *way_below(Broker *broker, const TcId *from, const TcId *above)
{
    const CachedCare *cached = g_hash_table_lookup(broker->memory->cares, from);
    while (cached != NULL && !tc_id_is_none(&cached->care.same_as)) {
        if (tc_id_equal(&cached->care.same_as, above))
            return &cached->care;
        cached = g_hash_table_lookup(broker->memory->cares, &cached->care.same_as);
    }
    return NULL;
}

/* Where one is merged into the other, there; where both are into a third, next to our own. */
static void known_cut(Broker *broker, const TcId *own, MergeKnown *merge)
{
    if (tc_id_equal(own, &merge->client)) /* one by their tokens: whatever that one is merged into */
        return;
    const Care *theirs = way_below(broker, &merge->client, own);
    const CachedCare *ours = g_hash_table_lookup(broker->memory->cares, own);
    merge->cut_ours = theirs == NULL;
    if (theirs != NULL)
        merge->cut = *theirs;
    else if (ours != NULL && !tc_id_is_none(&ours->care.same_as))
        merge->cut = ours->care;
}

void need_merge(Broker *broker, Need *need, Event *event)
{
    Known *known = &event->known;
    MergeKnown *merge = &broker->memory->merge;
    const TcId *named = &event->item.message.group.merge.other;
    if (event->item.message.kind != KIND_MERGE)
        return;
    memset(merge, 0, sizeof *merge);
    known->merge = merge;
    const CachedHead *other = need_head(broker, need, LOAD_OTHER, named);
    if (other != NULL)
        merge->other_head = other->head;
    merge->client = tc_id_is_none(named) ? known->head.possible : merge->other_head.client;
    const Care *standing = need_standing(broker, need, LOAD_OTHER_CARE, &merge->client, !need->missing);
    if (standing != NULL)
        merge->other = *standing;
    else
        merge->other.client = merge->client;
    if (standing != NULL && tc_id_equal(&standing->client, &known->care.client))
        known_cut(broker, &known->head.client, merge);
    need->other = merge->other.client;
}
