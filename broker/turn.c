/* The turn: what came in is looked up, decided, batched and flushed, in the order in which it came.
 *
 *   incoming -> load -> decide -> open batch -> store
 *
 * A batch is whatever arrived while earlier ones were committing: it is flushed as soon as the store takes one more, but for a millisecond
 * that it may wait for company (batch_waits). Refusals and repeats wait with the batch they were decided in, because what they rest
 * on may not be committed yet. After a failure the events of all batches in flight come back here (commit.c) and are decided again. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/decide.h"
#include "broker/failpoint.h"
#include "broker/memory.h"
#include "broker/wallclock.h"
#include "proto/errors.h"

#define CROWD_US (20 * G_TIME_SPAN_MILLISECOND)
#define CROWD_AGAIN_US (5 * G_TIME_SPAN_MILLISECOND)

bool turn_open(const Broker *broker) { return store_state(broker->store) == STORE_ACTIVE && !broker->writes_refused; }

void turn_take(Broker *broker, Event *event) { g_queue_push_tail(&broker->incoming, event); }

static bool is_blocked(const void *ctx, const char *service) { return g_hash_table_contains(((const Broker *)ctx)->blocked, service); }

static const ClockSetting *clock_setting(const void *ctx, const char *area, int policy) { return settings_clock(((const Broker *)ctx)->settings, area, policy); }

/* The database refused this one alone: a clock was fired before, anything else is told so. */
static void decide_alone(const Event *event, Decision *decision)
{
    if (event->kind == EVENT_ITEM)
        decision->refusal = (Refusal){ .code = TC_CODE_NOT_STORABLE };
    else
        decision->no_effect = true;
}

/* A message whose number memory does not have yet cannot be recalled in the batch that brings it. */
static bool needs_sealing(const Broker *broker, const Event *event)
{
    return event->kind == EVENT_ITEM && event->item.kind == ITEM_MESSAGE && event->item.message.kind == KIND_RECALL && broker->open &&
           !tc_id_is_none(&event->known.ref.id) && event->known.ref.sequence == 0;
}

static void decide_one(Broker *broker, Event *event)
{
    World world = { .directory = event->directory ? event->directory : broker->directory, .now = broker_now(broker),
                    .oldest_id_at = broker->oldest_id_at, .blocked = is_blocked, .availability = memory_availability,
                    .clock_setting = clock_setting, .ctx = broker };
    Decision decision;
    decision_init(&decision);
    if (event->alone)
        decide_alone(event, &decision);
    else
        decide(event, &world, &decision);
    if (!decision.refusal.code && !decision.no_effect)
        memory_remember(broker, event, &decision);
    if (broker->memory->holders_for == event)
        holders_forget(broker->memory);
    if (!broker->open) {
        broker->open = batch_new();
        broker->open_since = g_get_monotonic_time();
    }
    batch_add(broker->open, event, &decision);
    if (broker->bisect_left && --broker->bisect_left == 0)
        broker->bisect_size = 0;
}

/* A wrap stays with its message, so that its recipient gets both at once. */
static bool full(const Broker *broker, const Event *next)
{
    if (!broker->open)
        return false;
    if (broker->bisect_size && broker->open->entries->len >= broker->bisect_size)
        return true;
    return batch_full(broker->open) && !(next->kind == EVENT_ITEM && next->item.kind == ITEM_WRAP && broker->open->entries->len < 4096);
}

static bool has_rows(const Batch *batch)
{
    for (guint i = 0; i < batch->entries->len; i++)
        if (g_array_index(batch->entries, BatchEntry, i).decision.audit->len)
            return true;
    return false;
}

/* How many stations are at it: those that submitted a moment ago. Counted anew every few milliseconds. */
static guint crowd(Broker *broker, int64_t now)
{
    if (now - broker->crowd_at > CROWD_AGAIN_US) {
        broker->crowd = session_count_since(broker, now - CROWD_US);
        broker->crowd_at = now;
    }
    return broker->crowd;
}

static bool company_comes(Broker *broker)
{
    int64_t now = g_get_monotonic_time();
    return !broker->leaving && !broker->close_now && batch_waits(broker->open, crowd(broker, now), now - broker->open_since);
}

/* Nothing to keep: answered as soon as everything before it is safe, also what a broker before this one wrote. */
static void flush_nothing(Broker *broker)
{
    if (store_in_flight(broker->store) || !broker->proved)
        return;
    Batch *batch = g_steal_pointer(&broker->open);
    commit_answer(broker, batch);
    batch_free(batch);
}

static void flush(Broker *broker)
{
    bool bisecting = broker->bisect_size && store_in_flight(broker->store);
    broker->company = false;
    if (!broker->open || broker->recovering || store_state(broker->store) != STORE_ACTIVE || bisecting)
        return;
    if (!has_rows(broker->open)) {
        flush_nothing(broker);
        return;
    }
    if (!store_ready(broker->store))
        return;
    broker->company = company_comes(broker) && !full(broker, g_queue_peek_head(&broker->incoming) ?: &(Event){ 0 });
    if (broker->company)
        return;
    Batch *batch = g_steal_pointer(&broker->open);
    broker->close_now = false;
    batch_seal(batch, &broker->sealer, &broker->position, MAX(broker_now(broker), broker->head.head.at));
    memory_sealed(broker, batch);
    batch->flushed_at = g_get_monotonic_time();
    store_begin(broker->store, batch);
    batch_sign(batch, &broker->sealer); /* while the database is at work on the rest */
    store_submit(broker->store, batch);
}

/* True when the first event in line was decided, or could not be and must wait. */
static bool take_next(Broker *broker)
{
    Event *event = g_queue_peek_head(&broker->incoming);
    if (!event || broker->recovering || g_get_monotonic_time() < broker->retry_at || broker->load_asked || broker->close_now || full(broker, event))
        return false;
    if (!event->alone && !load_known(broker, event)) {
        load_ask(broker);
        return false;
    }
    if (needs_sealing(broker, event)) {
        broker->close_now = true;
        return false;
    }
    g_queue_pop_head(&broker->incoming);
    decide_one(broker, event);
    return true;
}

void turn_run(Broker *broker)
{
    bool more = true;
    while (more && store_state(broker->store) == STORE_ACTIVE) {
        while (take_next(broker))
            continue;
        Batch *before = broker->open;
        flush(broker);
        more = before && !broker->open && !g_queue_is_empty(&broker->incoming) && !broker->load_asked;
    }
    memory_trim(broker);
}

int turn_timeout_ms(const Broker *broker)
{
    if (broker->writes_refused && broker->incoming.length)
        return (int)CLAMP((broker->retry_at - g_get_monotonic_time()) / 1000 + 1, 1, 1000);
    return broker->company && store_ready(broker->store) ? 1 : -1; /* what flush decided, not what it would now: nothing else wakes a batch that waited */
}
