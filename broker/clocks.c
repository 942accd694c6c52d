/* Running clocks in memory, in order of their due time, up to a horizon; those beyond it are fetched as time comes nearer. The horizon is a day at
 * most, and nearer when there are many: a queue of a million messages has two million clocks, and memory is bounded.
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
#define NEAR_US (10 * G_TIME_SPAN_MINUTE) /* however many there are, those due so soon are fetched */
enum { CLOCKS_MOST = 100000, CLOCKS_KEPT = 50000 };

struct Clocks { GTree *by_due; int64_t known_until, asked_until; unsigned most; bool asked; };

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
    clocks->most = STORE_CLOCKS_MOST;
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

void clocks_known(Broker *broker, int64_t until) { broker->clocks->known_until = until; }

void clocks_forget(Broker *broker)
{
    g_hash_table_foreach(broker->queues, forget_queue, NULL);
    clocks_free(broker->clocks);
    broker->clocks = clocks_new();
    broker->clocks->known_until = wallclock_now() + HORIZON_US;
}

static void drop(Broker *broker, Timer *timer)
{
    if (timer->queue)
        g_queue_unlink(&timer->queue->held_clocks, &timer->link);
    g_tree_remove(broker->clocks->by_due, timer);
}

/* Beyond a size the latest go, and the horizon comes nearer. */
static void bound(Broker *broker)
{
    struct Clocks *clocks = broker->clocks;
    if (g_tree_nnodes(clocks->by_due) <= CLOCKS_MOST)
        return;
    while (g_tree_nnodes(clocks->by_due) > CLOCKS_KEPT) {
        Timer *latest = g_tree_node_value(g_tree_node_last(clocks->by_due));
        clocks->known_until = MIN(clocks->known_until, latest->due.due_at - 1);
        drop(broker, latest);
    }
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
    bound(broker);
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

int clocks_count(const Broker *broker) { return g_tree_nnodes(broker->clocks->by_due); }

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
    struct Clocks *clocks = broker->clocks;
    int64_t until = store_clocks_until(answer->clocks, clocks->most, clocks->asked_until);
    /* So many are due at one moment that the answer holds no other: more are asked for at a time. */
    clocks->most = until <= clocks->known_until && until < clocks->asked_until ? clocks->most * 4 : STORE_CLOCKS_MOST;
    clocks->known_until = MAX(clocks->known_until, until);
    for (guint i = 0; i < answer->clocks->len; i++)
        clocks_add(broker, &g_array_index(answer->clocks, ClockDue, i), NULL, 0);
}

void clocks_refill(Broker *broker)
{
    struct Clocks *clocks = broker->clocks;
    int64_t now = wallclock_now();
    bool far = clocks->known_until > now + NEAR_US && g_tree_nnodes(clocks->by_due) > CLOCKS_KEPT / 2;
    if (clocks->asked || store_state(broker->store) != STORE_ACTIVE || far || now + REFILL_US < clocks->known_until)
        return;
    clocks->asked = true;
    clocks->asked_until = MAX(clocks->known_until, now) + REFILL_US; /* time may have been put forward */
    store_clocks(broker->store, clocks->known_until, clocks->asked_until, clocks->most, on_clocks, broker);
}
