/* Running clocks in memory, in order of their due time, up to a horizon; those beyond it are fetched as time comes nearer.
 *
 * A clock that runs out enters the loop at its left like anything else; decide finds out whether it still matters. HELD clocks are one a
 * message: they also hang on their recipient's queue, and go as soon as it holds the message. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/wallclock.h"

#include <string.h>

#define HORIZON_US (24 * G_TIME_SPAN_HOUR)
#define REFILL_US (12 * G_TIME_SPAN_HOUR)
#define FIRE_A_TURN 256

struct Clocks { GTree *by_due; int64_t known_until, asked_until; bool asked; };

static int compare(gconstpointer a, gconstpointer b, gpointer ctx)
{
    const Timer *x = a, *y = b;
    (void)ctx;
    if (x->due.due_at != y->due.due_at)
        return x->due.due_at < y->due.due_at ? -1 : 1;
    return memcmp(&x->due.id, &y->due.id, sizeof x->due.id);
}

struct Clocks *clocks_new(void)
{
    struct Clocks *clocks = g_new0(struct Clocks, 1);
    clocks->by_due = g_tree_new_full(compare, NULL, NULL, g_free);
    return clocks;
}

void clocks_free(struct Clocks *clocks)
{
    g_tree_destroy(clocks->by_due);
    g_free(clocks);
}

static void forget_queue(gpointer key, gpointer value, gpointer ctx)
{
    (void)key, (void)ctx;
    g_queue_init(&((Queue *)value)->held_clocks);
}

void clocks_forget(Broker *broker)
{
    g_hash_table_foreach(broker->queues, forget_queue, NULL);
    clocks_free(broker->clocks);
    broker->clocks = clocks_new();
    broker->clocks->known_until = wallclock_now() + HORIZON_US;
}

void clocks_add(Broker *broker, const ClockDue *due, Queue *queue, uint64_t delivery)
{
    if (due->due_at > broker->clocks->known_until)
        return;
    Timer *timer = g_new0(Timer, 1);
    timer->due = *due;
    if (g_tree_lookup(broker->clocks->by_due, timer)) {
        g_free(timer);
        return;
    }
    if (queue) {
        timer->queue = queue;
        timer->delivery = delivery;
        timer->link.data = timer;
        g_queue_push_tail_link(&queue->held_clocks, &timer->link);
    }
    g_tree_insert(broker->clocks->by_due, timer, timer);
}

static void drop(Broker *broker, Timer *timer)
{
    if (timer->queue)
        g_queue_unlink(&timer->queue->held_clocks, &timer->link);
    g_tree_remove(broker->clocks->by_due, timer);
}

void clocks_held(Queue *queue, Broker *broker, uint64_t upto)
{
    while (queue->held_clocks.head && ((Timer *)queue->held_clocks.head->data)->delivery <= upto)
        drop(broker, queue->held_clocks.head->data);
}

int64_t clocks_next(const Broker *broker)
{
    GTreeNode *first = g_tree_node_first(broker->clocks->by_due);
    return first ? ((Timer *)g_tree_node_value(first))->due.due_at : INT64_MAX;
}

void clocks_fire(Broker *broker)
{
    int64_t now = wallclock_now();
    for (int fired = 0; fired < FIRE_A_TURN && clocks_next(broker) <= now; fired++) {
        Timer *timer = g_tree_node_value(g_tree_node_first(broker->clocks->by_due));
        turn_take(broker, event_new_clock(&timer->due, broker->directory));
        drop(broker, timer);
    }
}

static void on_clocks(void *ctx, const ClocksAnswer *answer)
{
    Broker *broker = ctx;
    broker->clocks->asked = false;
    if (answer->failed)
        return;
    broker->clocks->known_until = MAX(broker->clocks->known_until, broker->clocks->asked_until);
    for (guint i = 0; i < answer->clocks->len; i++)
        clocks_add(broker, &g_array_index(answer->clocks, ClockDue, i), NULL, 0);
}

void clocks_refill(Broker *broker)
{
    struct Clocks *clocks = broker->clocks;
    if (clocks->asked || store_state(broker->store) != STORE_ACTIVE || wallclock_now() + REFILL_US < clocks->known_until)
        return;
    clocks->asked = true;
    clocks->asked_until = MAX(clocks->known_until, wallclock_now()) + REFILL_US; /* time may have been put forward */
    store_clocks(broker->store, clocks->known_until, clocks->asked_until, on_clocks, broker);
}
