/* What became of a batch: committed, and everybody is told; or not, and its events go back to the start of the line.
 *
 * This is the one place that says "accepted", and it stands after the commit. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/failpoint.h"
#include "broker/log.h"
#include "proto/errors.h"

#include <string.h>

#define RETRY_US (500 * G_TIME_SPAN_MILLISECOND)

/* ---- receipts ---- */

typedef struct Outbox { uint64_t session; GArray *receipts; /* ReceiptOut */ } Outbox;

static void free_outbox(void *outbox)
{
    g_array_unref(((Outbox *)outbox)->receipts);
    g_free(outbox);
}

static GArray *receipts_for(Broker *broker, GHashTable *out, uint64_t session_id)
{
    Outbox *outbox = g_hash_table_lookup(out, &session_id);
    Session *session = session_find(broker, session_id);
    if (!session)
        return NULL;
    if (!outbox) {
        outbox = g_new(Outbox, 1);
        *outbox = (Outbox){ session_id, g_array_new(FALSE, TRUE, sizeof(ReceiptOut)) };
        g_hash_table_insert(out, &outbox->session, outbox);
    }
    session->open_items -= session->open_items ? 1 : 0;
    return outbox->receipts;
}

typedef struct Again { Broker *broker; uint64_t session; TcDigest digest; } Again;

/* The first receipt, once more. */
static void on_receipt(void *ctx, const ReceiptAnswer *answer)
{
    Again *again = ctx;
    Session *session = session_find(again->broker, again->session);
    if (session && !answer->failed && answer->found) {
        SignedHead head = { .head = answer->head };
        memcpy(head.signature, answer->signature, sizeof head.signature);
        ReceiptOut out = { .digest = again->digest, .row = &answer->row, .tree = answer->tree, .index = answer->index };
        session_send(session, encode_receipts(&head, &out, 1));
    }
    g_free(again);
}

static void receipt_again(Broker *broker, const Event *event)
{
    const MessageRef *known = &event->known.duplicate, *newest = memory_ref(broker, &known->id);
    if (newest)
        known = newest;
    if (!known->sequence || !event->session)
        return;
    Again *again = g_new(Again, 1);
    *again = (Again){ broker, event->session, event->item.digest };
    store_receipt(broker->store, known->sequence, known->batch, on_receipt, again);
}

static void add_receipt(Broker *broker, GHashTable *out, const Batch *batch, const BatchEntry *entry)
{
    const Event *event = entry->event;
    if (event->kind == EVENT_ADMIN)
        admin_answer(broker->admin, event, entry->decision.no_effect ? ACT_NOT_STORABLE : ACT_KEPT);
    if (event->kind != EVENT_ITEM)
        return;
    GArray *receipts = receipts_for(broker, out, event->session);
    if (!receipts)
        return;
    ReceiptOut receipt = { .digest = event->item.digest, .refusal = entry->decision.refusal };
    if (receipt.refusal.code) {
        refusal_count(broker, event->service, receipt.refusal.code);
    } else if (entry->decision.no_effect && event->item.kind != ITEM_CONFIRMATION) {
        receipt_again(broker, event);
        return;
    } else if (!entry->decision.no_effect && event->item.kind != ITEM_CONFIRMATION) {
        receipt.row = &g_array_index(batch->audit, SealedAudit, entry->first_audit).row;
        receipt.tree = batch->tree;
        receipt.index = (uint32_t)entry->first_audit;
        broker->counts.accepted++;
    }
    g_array_append_val(receipts, receipt);
}

void commit_answer(Broker *broker, Batch *batch)
{
    g_autoptr(GHashTable) out = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_outbox);
    SignedHead head = { .head = batch->head };
    memcpy(head.signature, batch->signature, sizeof head.signature);
    for (guint i = 0; i < batch->entries->len; i++)
        add_receipt(broker, out, batch, &g_array_index(batch->entries, BatchEntry, i));
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, out);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Outbox *outbox = value;
        for (guint from = 0; from < outbox->receipts->len; from += 1024) {
            const ReceiptOut *first = &g_array_index(outbox->receipts, ReceiptOut, from);
            Session *session = session_find(broker, outbox->session); /* a failed send ends it */
            if (session)
                session_send(session, encode_receipts(batch->head.batch ? &head : NULL, first, MIN(outbox->receipts->len - from, 1024)));
        }
    }
}

/* ---- committed ---- */

static void note_floors(Broker *broker, const Decision *decision)
{
    for (guint i = 0; i < decision->floors->len; i++) {
        const FloorRow *row = &g_array_index(decision->floors, FloorRow, i);
        g_autofree char *station = g_strdup_printf("%s/%s", row->service, row->station);
        Floor *floor = g_hash_table_lookup(broker->floors, station);
        Session *session = g_hash_table_lookup(broker->by_station, station);
        Queue *queue = deliver_queue(broker, row->service);
        if (floor)
            floor->committed = MAX(floor->committed, row->number);
        if (session)
            session->held = MAX(session->held, row->number);
        queue->floor_committed = MAX(queue->floor_committed, row->number);
        clocks_held(queue, broker, row->number);
        while (queue->unheld.head && ((QueuedRef *)queue->unheld.head->data)->number <= queue->floor_committed)
            g_free(g_queue_pop_head(&queue->unheld));
        queue->complete_from = MAX(queue->complete_from, MIN(queue->floor_committed, queue->last));
    }
}

static void start_clocks(Broker *broker, const BatchEntry *entry, const Batch *batch)
{
    for (guint i = 0; i < entry->decision.clocks->len; i++) {
        const ClockRow *row = &g_array_index(entry->decision.clocks, ClockRow, i);
        ClockDue due = { .id = row->id, .conversation = row->conversation, .message = row->message, .policy = row->policy,
                         .started_at = row->started_at, .due_at = row->due_at, .rung = row->rung };
        g_strlcpy(due.waiting_for, row->waiting_for ? row->waiting_for : "", sizeof due.waiting_for);
        const MessageRef *ref = row->policy == POLICY_HELD ? memory_ref(broker, &row->message) : NULL;
        clocks_add(broker, &due, ref ? deliver_queue(broker, ref->recipient) : NULL, ref ? ref->delivery : 0);
    }
    (void)batch;
}

static void note_admin(Broker *broker, const BatchEntry *entry)
{
    const Event *event = entry->event;
    if (event->kind != EVENT_ADMIN || entry->decision.no_effect)
        return;
    if (event->admin.audit_event == AUDIT_BLOCKED)
        g_hash_table_add(broker->blocked, g_strdup(event->admin.subject));
    else if (event->admin.audit_event == AUDIT_UNBLOCKED)
        g_hash_table_remove(broker->blocked, event->admin.subject);
    else if (event->admin.audit_event == AUDIT_SETTING)
        settings_take(broker->settings, event->admin.subject, event->admin.detail);
    if (event->admin.audit_event != AUDIT_BLOCKED && event->admin.audit_event != AUDIT_UNBLOCKED)
        return;
    broker->orphans_at = 0; /* who it was answerable for must have somebody else now */
    session_end_blocked(broker);
}

/* ---- operators' acts that come to nothing ---- */

static void drop_act(const Broker *broker, Event *event)
{
    if (event->kind != EVENT_ADMIN || !event->asked_by || event->dropped)
        return;
    event->dropped = true; /* and forgotten in start_again */
    admin_answer(broker->admin, event, ACT_DROPPED);
}

static void drop_acts(Broker *broker)
{
    GQueue *const lines[] = { &broker->incoming, &broker->redo };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        for (GList *node = lines[i]->head; node; node = node->next)
            drop_act(broker, node->data);
    for (guint i = 0; broker->open && i < broker->open->entries->len; i++)
        drop_act(broker, g_array_index(broker->open->entries, BatchEntry, i).event);
}

/* A row of the broker's own, before all that came. */
static void own_row_first(Broker *broker, const char *detail)
{
    AdminAct act = { .audit_event = AUDIT_ADMIN, .subject = "broker" };
    g_strlcpy(act.detail, detail, sizeof act.detail);
    g_queue_push_head(&broker->incoming, event_new_admin(&act, broker->directory));
}

static void forget_dropped(Broker *broker)
{
    for (GList *node = broker->incoming.head, *next; node; node = next) {
        Event *event = node->data;
        next = node->next;
        if (!event->dropped)
            continue;
        g_queue_delete_link(&broker->incoming, node);
        event_free(event);
    }
    if (broker->writes_refused && g_queue_is_empty(&broker->incoming)) /* with what else would it find out that writes are taken again? */
        own_row_first(broker, "writes");
}

/* A database that answers and takes nothing is tried again twice a second with what is already here; nothing more is taken in. */
void commit_refused(Broker *broker, bool refused)
{
    bool changed = broker->writes_refused != refused;
    broker->writes_refused = refused;
    broker->retry_at = refused ? g_get_monotonic_time() + RETRY_US : 0;
    if (!changed)
        return;
    log_event(refused ? LOG_ERROR_LEVEL : LOG_INFO_LEVEL, refused ? "writes_refused" : "writes_taken", NULL);
    if (refused)
        drop_acts(broker);
    session_announce_all(broker);
}

static void committed(Broker *broker, Batch *batch)
{
    if (broker->writes_refused)
        commit_refused(broker, false);
    bool first = !broker->proved;
    broker->proved = true;
    broker->committed = (LogPosition){ batch->head.batch, batch->head.last_sequence, batch->head.last_hash };
    broker->head = (SignedHead){ .head = batch->head };
    memcpy(broker->head.signature, batch->signature, sizeof batch->signature);
    for (guint i = 0; i < batch->entries->len; i++) {
        const BatchEntry *entry = &g_array_index(batch->entries, BatchEntry, i);
        note_floors(broker, &entry->decision);
        broker->withheld += entry->decision.withholds->len;
        start_clocks(broker, entry, batch);
        for (guint j = 0; j < entry->delivery_count; j++) {
            Queue *queue = deliver_queue(broker, g_array_index(entry->decision.deliveries, DeliveryRow, j).recipient);
            queue->committed = MAX(queue->committed, g_array_index(batch->delivery_numbers, uint64_t, entry->first_delivery + j));
        }
    }
    failpoint("after_commit_before_receipt");
    commit_answer(broker, batch);
    failpoint("after_receipt_before_delivery");
    deliver_batch(broker, batch);
    for (guint i = 0; i < batch->entries->len; i++)
        note_admin(broker, &g_array_index(batch->entries, BatchEntry, i));
    batch_free(batch);
    if (first) {
        log_event(LOG_INFO_LEVEL, "serving", NULL);
        session_announce_all(broker); /* the head that stands now */
    }
}

/* ---- not committed ---- */

static void restore_floor(gpointer key, gpointer value, gpointer ctx)
{
    (void)key, (void)ctx;
    ((Floor *)value)->now = ((Floor *)value)->committed;
}

static void restore_queue(gpointer key, gpointer value, gpointer ctx)
{
    Queue *queue = value;
    Broker *broker = ctx;
    (void)key;
    queue->last = queue->committed;
    queue->floor = queue->floor_committed;
    while (queue->unheld.tail && ((QueuedRef *)queue->unheld.tail->data)->number > queue->committed)
        g_free(g_queue_pop_tail(&queue->unheld));
    uint64_t *last = g_new(uint64_t, 1);
    *last = queue->committed;
    g_hash_table_replace(broker->last_delivery, g_strdup(queue->service), last);
}

/* Everything decided but not committed is forgotten; its events are first in line again. */
static void start_again(Broker *broker)
{
    if (broker->open) {
        g_autoptr(GPtrArray) events = batch_take_events(broker->open);
        for (guint i = 0; i < events->len; i++)
            g_queue_push_tail(&broker->redo, events->pdata[i]);
        g_clear_pointer(&broker->open, batch_free);
    }
    for (Event *event; (event = g_queue_pop_tail(&broker->redo)) != NULL;) {
        event->again = true;
        g_queue_push_head(&broker->incoming, event);
    }
    forget_dropped(broker);
    for (GList *node = broker->incoming.head; node; node = node->next) {
        ((Event *)node->data)->answered = 0;
        ((Event *)node->data)->asked = 0;
    }
    broker->position = broker->committed;
    g_hash_table_foreach(broker->floors, restore_floor, NULL);
    g_hash_table_foreach(broker->queues, restore_queue, broker);
    memory_forget(broker->memory);
    broker->recovering = broker->close_now = false;
}

/* The bad one is looked for by halves; alone, it is asked for as known, and then told that it cannot be kept. */
static void bisect(Broker *broker, const Batch *batch, const char *sqlstate)
{
    guint count = batch->entries->len;
    if (count > 1) {
        broker->bisect_size = MAX(count / 2, 1);
        broker->bisect_left = count;
        return;
    }
    Event *event = g_array_index(batch->entries, BatchEntry, 0).event;
    bool known_before = strcmp(sqlstate, "23505") == 0 && !event->again;
    event->alone = !known_before;
    broker->bisect_size = broker->bisect_left = 1;
}

static void take_back(Broker *broker, Batch *batch)
{
    g_autoptr(GPtrArray) events = batch_take_events(batch);
    for (guint i = 0; i < events->len; i++)
        g_queue_push_tail(&broker->redo, events->pdata[i]);
    batch_free(batch);
    if (!turn_open(broker))
        drop_acts(broker);
}

void commit_batch(void *ctx, Batch *batch, BatchResult result, const char *sqlstate)
{
    Broker *broker = ctx;
    broker->counts.batches[result]++;
    if (result == BATCH_COMMITTED)
        metrics_commit(&broker->counts, g_get_monotonic_time() - batch->flushed_at);
    if (result == BATCH_COMMITTED && !broker->recovering) {
        committed(broker, batch);
        return;
    }
    if (!broker->recovering) { /* the first that failed says why; those behind it fell with it */
        log_event(LOG_WARNING_LEVEL, "batch_failed", "batch", log_number((int64_t)batch->head.batch), "sqlstate", sqlstate, "state",
                  result == BATCH_POISON ? "poison" : result == BATCH_UNCERTAIN ? "uncertain" : result == BATCH_DISPLACED ? "displaced" : "retry", NULL);
        broker->recovering = true;
        if (result == BATCH_RETRY && store_state(broker->store) == STORE_ACTIVE)
            commit_refused(broker, true);
        if (result == BATCH_POISON)
            bisect(broker, batch, sqlstate);
        if (result == BATCH_DISPLACED) {
            broker->displaced = broker->stop = true;
            broker->exit_code = 3;
        }
    }
    take_back(broker, batch);
    if (!store_in_flight(broker->store) && store_state(broker->store) == STORE_ACTIVE)
        start_again(broker);
}

/* ---- the database comes and goes ---- */

static void adopt_queue(Broker *broker, const char *service, uint64_t last)
{
    Queue *queue = deliver_queue(broker, service);
    queue->last = queue->committed = last;
    queue->floor = queue->floor_committed = 0;
    queue->complete_from = last;
    while (!g_queue_is_empty(&queue->unheld))
        g_free(g_queue_pop_head(&queue->unheld));
}

static void adopt_floors(Broker *broker, GHashTable *floors)
{
    GHashTableIter iter;
    gpointer station, number;
    g_hash_table_remove_all(broker->floors);
    g_hash_table_iter_init(&iter, floors);
    while (g_hash_table_iter_next(&iter, &station, &number)) {
        g_autofree char *service = g_strndup(station, strcspn(station, "/"));
        Queue *queue = deliver_queue(broker, service);
        Floor *floor = g_new(Floor, 1);
        floor->now = floor->committed = *(uint64_t *)number;
        queue->floor = queue->floor_committed = MAX(queue->floor, floor->now);
        g_hash_table_insert(broker->floors, g_strdup(station), floor);
    }
}

/* What the database holds may not be safe yet: a wait for a synchronous standby may have been cut short, here or in the broker before. A row of
 * its own goes first, and until it is committed nobody is told again that something is safe. */
static void prove(Broker *broker)
{
    broker->proved = false;
    own_row_first(broker, "active");
}

static void adopt(Broker *broker, const StoreStart *start)
{
    GHashTableIter iter;
    gpointer key, value;
    broker->committed = start->position;
    broker->head = (SignedHead){ .head = start->head };
    memcpy(broker->head.signature, start->head_signature, sizeof broker->head.signature);
    broker->oldest_id_at = start->oldest_id_at;
    g_hash_table_iter_init(&iter, start->last_delivery);
    while (g_hash_table_iter_next(&iter, &key, &value))
        adopt_queue(broker, key, *(uint64_t *)value);
    adopt_floors(broker, start->station_floor);
    g_hash_table_remove_all(broker->blocked);
    g_hash_table_iter_init(&iter, start->blocked);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_hash_table_add(broker->blocked, g_strdup(key));
    settings_clear(broker->settings);
    for (guint i = 0; i + 1 < start->settings->len; i += 2)
        settings_take(broker->settings, start->settings->pdata[i], start->settings->pdata[i + 1]);
    start_again(broker);
    prove(broker);
    clocks_forget(broker);
    for (guint i = 0; i < start->clocks->len; i++)
        clocks_add(broker, &g_array_index(start->clocks, ClockDue, i), NULL, 0);
    clocks_known(broker, start->clocks_until);
    if (broker->directory->serial > start->directory_serial)
        reload_record(broker);
    broker->weeks_at = broker->orphans_at = 0; /* look at the weeks, and for clients without a coordinator, now */
}

void commit_state(void *ctx, StoreState state, const StoreStart *start)
{
    Broker *broker = ctx;
    static const char *const names[] = { "away", "standby", "active" };
    log_event(state == STORE_AWAY ? LOG_WARNING_LEVEL : LOG_INFO_LEVEL, "database", "state", names[state], NULL);
    broker->writes_refused = false;
    broker->retry_at = 0;
    if (state == STORE_ACTIVE)
        adopt(broker, start);
    else
        broker->recovering = true;
    if (state != STORE_ACTIVE)
        drop_acts(broker);
    if (state == STORE_STANDBY) /* another is active, who can take what they have */
        session_take_leave(broker, TC_CODE_STANDBY);
    session_announce_all(broker);
    if (state == STORE_ACTIVE)
        deliver_all(broker);
}
