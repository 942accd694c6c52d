#include "broker/memory.h"

#include "broker/codes.h"
#include "broker/decode_availability.h"
#include "proto/uuid.h"

#include <string.h>

#define MEMORY_MOST 20000 /* of each kind; beyond it what is safely committed may go */

static guint digest_hash(gconstpointer digest) { guint value; memcpy(&value, digest, sizeof value); return value; }
static gboolean digest_equal(gconstpointer a, gconstpointer b) { return memcmp(a, b, 32) == 0; }

static void free_token(void *token)
{
    g_array_unref(((CachedToken *)token)->owners);
    g_free(token);
}

static guint settled_hash(gconstpointer key) { return tc_uuid_hash(key) ^ tc_uuid_hash((const uint8_t *)key + sizeof(TcId)); }
static gboolean settled_equal(gconstpointer a, gconstpointer b) { return memcmp(a, b, sizeof(SettledRow)) == 0; }

struct Memory *memory_new(void)
{
    struct Memory *memory = g_new0(struct Memory, 1);
    memory->heads = g_hash_table_new_full(tc_uuid_hash, tc_uuid_equal, NULL, g_free);
    memory->refs = g_hash_table_new_full(tc_uuid_hash, tc_uuid_equal, NULL, g_free);
    memory->wraps = g_hash_table_new_full(tc_uuid_hash, tc_uuid_equal, NULL, g_free);
    memory->cares = g_hash_table_new_full(tc_uuid_hash, tc_uuid_equal, NULL, g_free);
    memory->confirmations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    memory->tokens = g_hash_table_new_full(digest_hash, digest_equal, NULL, free_token);
    memory->notices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    memory->availabilities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    memory->settled = g_hash_table_new_full(settled_hash, settled_equal, g_free, NULL);
    return memory;
}

void memory_forget(struct Memory *memory)
{
    GHashTable *all[] = { memory->heads, memory->refs, memory->wraps, memory->cares, memory->confirmations, memory->tokens, memory->notices,
                          memory->availabilities, memory->settled };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_hash_table_remove_all(all[i]);
    g_clear_pointer(&memory->held, g_array_unref);
    memory->held_for = NULL;
    holders_forget(memory);
    memory->availabilities_known = memory->settled_known = false;
}

void memory_free(struct Memory *memory)
{
    memory_forget(memory);
    GHashTable *all[] = { memory->heads, memory->refs, memory->wraps, memory->cares, memory->confirmations, memory->tokens, memory->notices,
                          memory->availabilities, memory->settled };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_hash_table_unref(all[i]);
    g_free(memory);
}

#define OLD(type) static gboolean old_##type(gpointer key, gpointer value, gpointer committed) \
    { (void)key; return ((type *)value)->batch <= *(uint64_t *)committed; }
OLD(CachedHead) OLD(CachedRef) OLD(CachedWrap) OLD(CachedToken) OLD(CachedNotice) OLD(CachedCare)
static gboolean old_confirmation(gpointer key, gpointer value, gpointer committed) { (void)key; return *(uint64_t *)value <= *(uint64_t *)committed; }

static void trim(GHashTable *table, GHRFunc old, uint64_t committed)
{
    if (g_hash_table_size(table) > MEMORY_MOST)
        g_hash_table_foreach_remove(table, old, &committed);
}

void memory_trim(Broker *broker)
{
    struct Memory *m = broker->memory;
    uint64_t committed = broker->committed.batch;
    if (broker->load_asked)
        return; /* an answer may be about to be used */
    trim(m->heads, old_CachedHead, committed);
    trim(m->refs, old_CachedRef, committed);
    trim(m->wraps, old_CachedWrap, committed);
    trim(m->tokens, old_CachedToken, committed);
    trim(m->notices, old_CachedNotice, committed);
    trim(m->cares, old_CachedCare, committed);
    trim(m->confirmations, old_confirmation, committed);
}

/* What is decided now will be in the batch after the newest sealed one. */
static uint64_t next_batch(const Broker *broker) { return broker->position.batch + 1; }

void memory_keep_head(Broker *broker, const Head *head, uint64_t batch)
{
    CachedHead *cached = g_hash_table_lookup(broker->memory->heads, &head->conversation);
    if (cached) {
        cached->head = *head;
        cached->batch = batch;
        return;
    }
    cached = g_new(CachedHead, 1);
    *cached = (CachedHead){ *head, batch };
    g_hash_table_insert(broker->memory->heads, &cached->head.conversation, cached);
}

void memory_keep_care(Broker *broker, const Care *care, uint64_t batch)
{
    CachedCare *cached = g_hash_table_lookup(broker->memory->cares, &care->client);
    if (cached) {
        cached->care = *care;
        cached->batch = batch;
        return;
    }
    cached = g_new(CachedCare, 1);
    *cached = (CachedCare){ *care, batch };
    g_hash_table_insert(broker->memory->cares, &cached->care.client, cached);
}

void memory_keep_ref(Broker *broker, const MessageRef *ref, uint64_t batch)
{
    if (g_hash_table_contains(broker->memory->refs, &ref->id))
        return;
    CachedRef *cached = g_new(CachedRef, 1);
    *cached = (CachedRef){ *ref, batch };
    g_hash_table_insert(broker->memory->refs, &cached->ref.id, cached);
}

void memory_keep_wrap(Broker *broker, const WrapRef *ref, uint64_t batch)
{
    if (g_hash_table_contains(broker->memory->wraps, &ref->id))
        return;
    CachedWrap *cached = g_new(CachedWrap, 1);
    *cached = (CachedWrap){ ref->id, *ref, batch };
    g_hash_table_insert(broker->memory->wraps, &cached->id, cached);
}

void memory_keep_token(Broker *broker, const TcDigest *strong, const TcDigest *born, const TcId *client, uint64_t batch)
{
    CachedToken *cached = g_hash_table_lookup(broker->memory->tokens, strong);
    TokenOwner owner = { *born, *client };
    if (!cached) {
        cached = g_new(CachedToken, 1);
        *cached = (CachedToken){ *strong, g_array_new(FALSE, FALSE, sizeof(TokenOwner)), batch };
        g_hash_table_insert(broker->memory->tokens, &cached->strong, cached);
    }
    cached->batch = MAX(cached->batch, batch);
    for (guint i = 0; i < cached->owners->len; i++)
        if (memcmp(&g_array_index(cached->owners, TokenOwner, i), &owner, sizeof owner) == 0)
            return;
    g_array_append_val(cached->owners, owner);
}

char *memory_confirmation_key(const TcId *message, uint64_t delivery, const char *service, int step)
{
    char id[TC_UUID_TEXT_LEN + 1] = "";
    if (!delivery)
        tc_uuid_format(message->b, id);
    return g_strdup_printf("%s %" G_GUINT64_FORMAT " %s %d", id, delivery, service, step);
}

void memory_keep_confirmation(Broker *broker, const ConfirmationRow *row, uint64_t batch)
{
    uint64_t *value = g_new(uint64_t, 1);
    *value = batch;
    g_hash_table_replace(broker->memory->confirmations, memory_confirmation_key(&row->message, row->delivery, row->service, row->step), value);
}

char *memory_notice_key(const char *service, uint64_t number) { return g_strdup_printf("%s %" G_GUINT64_FORMAT, service, number); }

void memory_keep_notice(Broker *broker, const NoticeRef *ref, uint64_t batch)
{
    CachedNotice *cached = g_new(CachedNotice, 1);
    *cached = (CachedNotice){ *ref, batch };
    g_hash_table_replace(broker->memory->notices, memory_notice_key(ref->key.service, ref->key.number), cached);
}

const MessageRef *memory_ref(Broker *broker, const TcId *message)
{
    CachedRef *cached = g_hash_table_lookup(broker->memory->refs, message);
    return cached ? &cached->ref : NULL;
}

static void memory_keep_availability(Broker *broker, const char *service, Span header)
{
    Availability *availability = g_new(Availability, 1);
    decode_availability(header, availability);
    g_hash_table_replace(broker->memory->availabilities, g_strdup(service), availability);
}

const Availability *memory_availability(const void *broker, const char *service)
{
    return g_hash_table_lookup(((const Broker *)broker)->memory->availabilities, service);
}

void memory_keep_settled(Broker *broker, const SettledRow *row) { g_hash_table_add(broker->memory->settled, g_memdup2(row, sizeof *row)); }

bool memory_settled(const Broker *broker, const TcId *a, const TcId *b)
{
    bool ordered = memcmp(a->b, b->b, sizeof a->b) < 0;
    SettledRow row = { ordered ? *a : *b, ordered ? *b : *a };
    return g_hash_table_contains(broker->memory->settled, &row);
}

/* ---- after deciding ---- */

static void remember_message(Broker *broker, const Item *item, const char *recipient)
{
    const Message *m = &item->message;
    MessageRef ref = { .id = m->id, .conversation = m->conversation, .kind = m->kind, .digest = item->digest, .content_digest = m->content_digest };
    g_strlcpy(ref.sender, m->sender, sizeof ref.sender);
    g_strlcpy(ref.recipient, recipient, sizeof ref.recipient);
    ref.governed = consent_governs(m);
    memory_keep_ref(broker, &ref, next_batch(broker));
}

static void remember_rows(Broker *broker, const Decision *decision)
{
    for (guint i = 0; i < decision->tokens->len; i++) {
        const TokenRow *row = &g_array_index(decision->tokens, TokenRow, i);
        memory_keep_token(broker, &row->strong, &row->born, &row->client, next_batch(broker));
    }
    for (guint i = 0; i < decision->confirmations->len; i++) {
        const ConfirmationRow *row = &g_array_index(decision->confirmations, ConfirmationRow, i);
        memory_keep_confirmation(broker, row, next_batch(broker));
        CachedRef *cached = g_hash_table_lookup(broker->memory->refs, &row->message);
        if (cached && row->step == STEP_OPENED && strcmp(cached->ref.recipient, row->service) == 0)
            cached->ref.opened = true;
    }
    for (guint i = 0; i < decision->settled->len; i++)
        memory_keep_settled(broker, &g_array_index(decision->settled, SettledRow, i));
    for (guint i = 0; i < decision->cares->len; i++)
        memory_keep_care(broker, &g_array_index(decision->cares, CareRow, i).care, next_batch(broker));
    for (guint i = 0; i < decision->recalls->len; i++) {
        CachedRef *cached = g_hash_table_lookup(broker->memory->refs, &g_array_index(decision->recalls, RecallRow, i).message);
        if (cached)
            cached->ref.recalled = true;
    }
}

/* What is held of a queue with withheld deliveries is asked of the database, which knows which they are. */
static void remember_withheld(Broker *broker, const Decision *decision)
{
    for (guint i = 0; i < decision->withholds->len; i++) {
        const WithholdRow *row = &g_array_index(decision->withholds, WithholdRow, i);
        Queue *queue = deliver_queue(broker, row->recipient);
        queue->complete_from = MAX(queue->complete_from, row->number);
    }
}

/* That nobody is answerable yet is remembered too, so that the wrap behind a client's first message need not ask. */
static void remember_nobody(Broker *broker, const Event *event, const TcId *client)
{
    Care care = event->known.care;
    if (care.version > 0 || tc_id_is_none(client) || g_hash_table_contains(broker->memory->cares, client))
        return;
    care.client = *client;
    memory_keep_care(broker, &care, next_batch(broker));
}

void memory_remember(Broker *broker, const Event *event, const Decision *decision)
{
    remember_withheld(broker, decision);
    if (decision->head_changed)
        memory_keep_head(broker, &decision->head, next_batch(broker));
    if (decision->head_changed && event->kind == EVENT_ITEM && event->item.kind == ITEM_MESSAGE)
        remember_nobody(broker, event, &decision->head.client);
    if (decision->store_message)
        remember_message(broker, decision->store_message, decision->recipient);
    if (availability_changes(event, decision))
        memory_keep_availability(broker, event->service, availability_header(event));
    if (decision->store_wrap) {
        WrapRef ref = { .id = decision->store_wrap->wrap.id, .digest = decision->store_wrap->digest };
        memory_keep_wrap(broker, &ref, next_batch(broker));
    }
    for (guint i = 0; i < decision->floors->len; i++) {
        const FloorRow *row = &g_array_index(decision->floors, FloorRow, i);
        Queue *queue = deliver_queue(broker, row->service);
        g_autofree char *station = g_strdup_printf("%s/%s", row->service, row->station);
        Floor *floor = g_hash_table_lookup(broker->floors, station);
        if (!floor) {
            floor = g_new0(Floor, 1);
            g_hash_table_insert(broker->floors, g_strdup(station), floor);
        }
        floor->now = row->number;
        queue->floor = MAX(queue->floor, row->number);
    }
    remember_rows(broker, decision);
}

static void sealed_delivery(Broker *broker, const DeliveryRow *row, uint64_t number)
{
    Queue *queue = deliver_queue(broker, row->recipient);
    CachedRef *cached = row->type == DELIVERY_MESSAGE ? g_hash_table_lookup(broker->memory->refs, &row->message) : NULL;
    queue->last = number;
    if (!cached || strcmp(cached->ref.sender, row->recipient) == 0) /* that the sender's other stations hold it is no evidence */
        return;
    if (strcmp(cached->ref.recipient, row->recipient) == 0 && !cached->ref.delivery)
        cached->ref.delivery = number;
    QueuedRef *queued = g_new(QueuedRef, 1);
    *queued = (QueuedRef){ number, cached->ref };
    g_queue_push_tail(&queue->unheld, queued);
}

/* What memory holds of a queue is bounded: a service that is away must not fill it. */
static void bound_queue(Queue *queue)
{
    while (queue->unheld.length > 4096) {
        QueuedRef *oldest = g_queue_pop_head(&queue->unheld);
        queue->complete_from = oldest->number;
        g_free(oldest);
    }
}

void memory_sealed(Broker *broker, const Batch *batch)
{
    for (guint i = 0; i < batch->entries->len; i++) {
        const BatchEntry *entry = &g_array_index(batch->entries, BatchEntry, i);
        const Item *message = entry->decision.store_message, *wrap = entry->decision.store_wrap;
        uint64_t sequence = entry->audit_count ? g_array_index(batch->audit, SealedAudit, entry->first_audit).row.sequence : 0;
        CachedRef *ref = message ? g_hash_table_lookup(broker->memory->refs, &message->message.id) : NULL;
        CachedWrap *cached = wrap ? g_hash_table_lookup(broker->memory->wraps, &wrap->wrap.id) : NULL;
        if (ref) {
            ref->ref.sequence = sequence;
            ref->ref.batch = batch->head.batch;
        }
        if (cached) {
            cached->ref.sequence = sequence;
            cached->ref.batch = batch->head.batch;
        }
        for (guint j = 0; j < entry->decision.deliveries->len; j++) {
            const DeliveryRow *row = &g_array_index(entry->decision.deliveries, DeliveryRow, j);
            sealed_delivery(broker, row, g_array_index(batch->delivery_numbers, uint64_t, entry->first_delivery + j));
            bound_queue(deliver_queue(broker, row->recipient));
        }
    }
}
