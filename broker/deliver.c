/* Deliveries: each service's queue to its stations, numbered without gaps, as far as each one's credit goes.
 *
 * A station that is caught up gets a committed batch's deliveries straight from memory; any other is read to in windows from the
 * database. A send that fails is only a pause: what was not sent is read again. "Held" is the station's word, never ours. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/wallclock.h"

#include <string.h>

#define WINDOW 256
#define FRAME_LIMIT (512 * 1024)

Queue *deliver_queue(Broker *broker, const char *service)
{
    Queue *queue = g_hash_table_lookup(broker->queues, service);
    if (!queue) {
        queue = g_new0(Queue, 1);
        queue->service = g_strdup(service);
        g_queue_init(&queue->unheld);
        g_queue_init(&queue->held_clocks);
        g_hash_table_insert(broker->queues, queue->service, queue);
    }
    return queue;
}

static uint64_t room(const Session *session)
{
    uint64_t open = session->sent - MIN(session->sent, session->held);
    return open < session->credit ? session->credit - open : 0;
}

/* Sends deliveries in order, several a frame. False when the session is gone or must pause. */
static bool send_all(Session *session, const StoredDelivery *deliveries, size_t count)
{
    Broker *broker = session->door->broker;
    uint64_t id = session->id;
    while (count) {
        size_t taken = 0;
        GByteArray *frame = encode_deliver(deliveries, count, FRAME_LIMIT, &taken);
        if (!session_send(session, frame) || !(session = session_find(broker, id)))
            return false;
        session->sent = deliveries[taken - 1].number;
        deliveries += taken;
        count -= taken;
    }
    return true;
}

/* ---- from the database ---- */

typedef struct Asked { Broker *broker; uint64_t session, withheld; } Asked;

static void on_window(void *ctx, const WindowAnswer *answer)
{
    Asked *asked = ctx;
    Session *session = session_find(asked->broker, asked->session);
    uint64_t withheld = asked->withheld;
    g_free(asked);
    if (!session)
        return;
    session->window_asked = false;
    if (withheld != session->door->broker->withheld) {
        deliver_session(session); /* read before something of it was withheld */
        return;
    }
    const GArray *all = answer->deliveries;
    if (answer->failed || !all->len || session->sent != answer->after || g_array_index(all, StoredDelivery, 0).number != answer->after + 1)
        return; /* asked again by the next deliver_all */
    if (send_all(session, &g_array_index(all, StoredDelivery, 0), MIN(all->len, room(session))))
        deliver_session(session);
}

void deliver_session(Session *session)
{
    Broker *broker = session->door->broker;
    Queue *queue = deliver_queue(broker, session->service);
    uint64_t free_room = room(session);
    if (session->window_asked || session->sent >= queue->committed || !free_room || store_state(broker->store) != STORE_ACTIVE || !broker->proved ||
        g_get_monotonic_time() < session->pause_until)
        return;
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){ broker, session->id, broker->withheld };
    session->window_asked = true;
    store_window(broker->store, session->service, session->sent, (unsigned)MIN(free_room, WINDOW), on_window, asked);
}

void deliver_all(Broker *broker)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    GHashTableIter iter;
    gpointer session;
    if (!broker->sessions)
        return;
    g_hash_table_iter_init(&iter, broker->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &session))
        g_ptr_array_add(all, session);
    for (guint i = 0; i < all->len; i++)
        deliver_session(all->pdata[i]);
}

/* ---- straight from a committed batch ---- */

static void free_list(void *list) { g_array_unref(list); }

static bool names_service(const Wrap *wrap, const char *service)
{
    for (size_t i = 0; i < wrap->key_count; i++)
        if (strcmp(wrap->keys[i].service, service) == 0)
            return true;
    return false;
}

/* The wraps that came behind a message in the same batch and hold a key for its recipient. */
static size_t collect_wraps(const Batch *batch, guint from, const TcId *message, const char *service, StoredWrap *out, size_t most)
{
    size_t count = 0;
    for (guint i = from + 1; i < batch->entries->len && i <= from + 8 && count < most; i++) {
        const Item *item = g_array_index(batch->entries, BatchEntry, i).decision.store_wrap;
        if (item && tc_id_equal(&item->wrap.message, message) && names_service(&item->wrap, service))
            out[count++] = (StoredWrap){ item->body, item->provenance };
    }
    return count;
}

typedef struct Fill { const Batch *batch; StoredWrap *wraps; size_t used; } Fill;

/* False when memory does not hold what the delivery speaks of: then the whole of it is read. */
static bool fill_delivery(Fill *fill, guint index, const DeliveryRow *row, uint64_t number, StoredDelivery *out)
{
    const BatchEntry *entry = &g_array_index(fill->batch->entries, BatchEntry, index);
    const Item *item = entry->decision.store_message, *wrap = entry->decision.store_wrap;
    *out = (StoredDelivery){ .number = number, .type = row->type, .at = fill->batch->head.at, .message = row->message, .body = row->body };
    if (row->type == DELIVERY_MESSAGE) {
        if (!item || !tc_id_equal(&item->message.id, &row->message))
            return false;
        out->header = item->body;
        out->content = item->message.content;
        out->provenance = item->provenance;
        out->sequence = g_array_index(fill->batch->audit, SealedAudit, entry->first_audit).row.sequence;
        out->wraps = fill->wraps + fill->used;
        out->wrap_count = collect_wraps(fill->batch, index, &row->message, row->recipient, fill->wraps + fill->used, 8);
        fill->used += out->wrap_count;
    } else if (row->type == DELIVERY_WRAPS) {
        if (!wrap || !tc_id_equal(&wrap->wrap.id, &row->message))
            return false;
        fill->wraps[fill->used] = (StoredWrap){ wrap->body, wrap->provenance };
        out->wraps = fill->wraps + fill->used++;
        out->wrap_count = 1;
    }
    return true;
}

/* Every delivery of the batch by recipient, in order; a recipient with one that memory lacks is left to the database from there. */
static GHashTable *by_recipient(Fill *fill)
{
    GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_list);
    g_autoptr(GHashTable) lacking = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < fill->batch->entries->len; i++) {
        const BatchEntry *entry = &g_array_index(fill->batch->entries, BatchEntry, i);
        for (guint j = 0; j < entry->decision.deliveries->len; j++) {
            const DeliveryRow *row = &g_array_index(entry->decision.deliveries, DeliveryRow, j);
            StoredDelivery delivery;
            GArray *list = g_hash_table_lookup(all, row->recipient);
            if (g_hash_table_contains(lacking, row->recipient))
                continue;
            if (!fill_delivery(fill, i, row, g_array_index(fill->batch->delivery_numbers, uint64_t, entry->first_delivery + j), &delivery)) {
                g_hash_table_add(lacking, (char *)row->recipient);
                continue;
            }
            if (!list) {
                list = g_array_new(FALSE, FALSE, sizeof(StoredDelivery));
                g_hash_table_insert(all, (char *)row->recipient, list);
            }
            g_array_append_val(list, delivery);
        }
    }
    return all;
}

static void send_caught_up(Session *session, const GArray *list)
{
    const StoredDelivery *first = list ? &g_array_index(list, StoredDelivery, 0) : NULL;
    if (first && !session->window_asked && session->sent + 1 == first->number && g_get_monotonic_time() >= session->pause_until &&
        !send_all(session, first, MIN(list->len, room(session))))
        return;
    deliver_session(session);
}

void deliver_batch(Broker *broker, const Batch *batch)
{
    Fill fill = { batch, g_new(StoredWrap, (gsize)batch->delivery_numbers->len * 8 + 1), 0 };
    g_autoptr(GHashTable) all = by_recipient(&fill);
    g_autoptr(GPtrArray) sessions = g_ptr_array_new();
    GHashTableIter iter;
    gpointer session;
    g_hash_table_iter_init(&iter, broker->sessions);
    while (g_hash_table_iter_next(&iter, NULL, &session))
        g_ptr_array_add(sessions, session);
    for (guint i = 0; i < sessions->len; i++) {
        Session *each = sessions->pdata[i];
        send_caught_up(each, g_hash_table_lookup(all, each->service));
    }
    g_free(fill.wraps);
}
