#include "broker/batch.h"

#include "proto/sign.h"

#define BATCH_MAX_MESSAGES 512
#define BATCH_MAX_BYTES (512 * 1024)
#define BATCH_WAIT_US 1000
#define BATCH_CROWD 8

Batch *batch_new(void)
{
    Batch *batch = g_new0(Batch, 1);
    batch->entries = g_array_new(FALSE, TRUE, sizeof(BatchEntry));
    batch->audit = g_array_new(FALSE, TRUE, sizeof(SealedAudit));
    batch->delivery_numbers = g_array_new(FALSE, TRUE, sizeof(uint64_t));
    batch->only_confirmations = true;
    return batch;
}

void batch_free(Batch *batch)
{
    if (!batch)
        return;
    for (guint i = 0; i < batch->entries->len; i++) {
        BatchEntry *entry = &g_array_index(batch->entries, BatchEntry, i);
        decision_clear(&entry->decision);
        event_free(entry->event);
    }
    g_array_unref(batch->entries);
    g_array_unref(batch->audit);
    g_array_unref(batch->delivery_numbers);
    if (batch->tree)
        tc_merkle_free(batch->tree);
    g_free(batch);
}

void batch_add(Batch *batch, Event *event, Decision *decision)
{
    BatchEntry entry = { .event = event, .decision = *decision };
    memset(decision, 0, sizeof *decision);
    if (event->kind == EVENT_ITEM) {
        batch->bytes += event->item.body.len;
        if (event->item.kind == ITEM_MESSAGE) {
            batch->bytes += event->item.message.content.len;
            batch->messages++;
        }
    }
    if (event->kind != EVENT_ITEM || event->item.kind != ITEM_CONFIRMATION)
        batch->only_confirmations = false;
    g_array_append_val(batch->entries, entry);
}

bool batch_full(const Batch *batch) { return batch->messages >= BATCH_MAX_MESSAGES || batch->bytes >= BATCH_MAX_BYTES || batch->entries->len >= 4 * BATCH_MAX_MESSAGES; }

/* Many stations that each send one message and wait for its receipt come one by one on a database that commits in a tenth of a millisecond, and
 * the batches stay as small as that makes them. Half of a crowd is worth waiting for; fewer stations never wait. */
bool batch_waits(const Batch *batch, guint crowd, int64_t age_us)
{
    return age_us < BATCH_WAIT_US && (batch->only_confirmations || (crowd >= BATCH_CROWD && batch->messages < crowd / 2));
}

/* The next number of a recipient's queue. */
static uint64_t next_number(GHashTable *last, const char *recipient)
{
    uint64_t *number = g_hash_table_lookup(last, recipient);
    if (!number) {
        number = g_new0(uint64_t, 1);
        g_hash_table_insert(last, g_strdup(recipient), number);
    }
    return ++*number;
}

static void seal_row(Batch *batch, const AuditRow *row, LogPosition *position, int64_t now)
{
    SealedAudit sealed = { .row = {
        .sequence = ++position->sequence, .at = now, .event = (uint32_t)row->event, .service = row->service ? row->service : "",
        .conversation = row->conversation, .message = row->message, .digest = row->digest,
        .detail = row->detail ? row->detail : "", .previous = position->last_hash } };
    tc_digest_audit(&sealed.row, &sealed.hash);
    position->last_hash = sealed.hash;
    g_array_append_val(batch->audit, sealed);
}

static void seal_entry(Batch *batch, BatchEntry *entry, Sealer *sealer, LogPosition *position, int64_t now)
{
    const Decision *decision = &entry->decision;
    entry->first_audit = batch->audit->len;
    entry->audit_count = decision->audit->len;
    for (guint i = 0; i < decision->audit->len; i++)
        seal_row(batch, &g_array_index(decision->audit, AuditRow, i), position, now);
    entry->first_delivery = batch->delivery_numbers->len;
    entry->delivery_count = decision->deliveries->len;
    for (guint i = 0; i < decision->deliveries->len; i++) {
        uint64_t number = next_number(sealer->last_delivery, g_array_index(decision->deliveries, DeliveryRow, i).recipient);
        g_array_append_val(batch->delivery_numbers, number);
    }
}

static void build_tree(Batch *batch)
{
    g_autofree uint8_t *leaves = g_malloc((size_t)batch->audit->len * TC_MERKLE_LEN);
    for (guint i = 0; i < batch->audit->len; i++)
        memcpy(leaves + (size_t)i * TC_MERKLE_LEN, g_array_index(batch->audit, SealedAudit, i).hash.b, TC_MERKLE_LEN);
    batch->tree = tc_merkle_new(leaves, batch->audit->len);
    memcpy(batch->head.root.b, tc_merkle_root(batch->tree), TC_MERKLE_LEN);
}

void batch_seal(Batch *batch, Sealer *sealer, LogPosition *position, int64_t now)
{
    batch->head.batch = ++position->batch;
    batch->head.at = now;
    batch->head.previous = position->last_hash;
    for (guint i = 0; i < batch->entries->len; i++)
        seal_entry(batch, &g_array_index(batch->entries, BatchEntry, i), sealer, position, now);
    g_assert(batch->audit->len > 0); /* whatever has an effect is audited */
    batch->head.last_sequence = position->sequence;
    batch->head.last_hash = position->last_hash;
    build_tree(batch);
}

void batch_sign(Batch *batch, const Sealer *sealer)
{
    TcDigest over;
    tc_digest_head(&sealer->authority, &sealer->broker, &batch->head, &over);
    tc_sign_digest(sealer->signing_key, over.b, batch->signature);
}

GPtrArray *batch_take_events(Batch *batch)
{
    GPtrArray *events = g_ptr_array_new();
    for (guint i = 0; i < batch->entries->len; i++) {
        BatchEntry *entry = &g_array_index(batch->entries, BatchEntry, i);
        g_ptr_array_add(events, g_steal_pointer(&entry->event));
    }
    return events;
}
