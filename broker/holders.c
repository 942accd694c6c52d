/* Everybody who was told anything of a client: asked for when a statement must reach them all, or must stop what is on its way.
 *
 * The line waits with that statement until nothing else is in flight, so that the database's answer leaves nothing out. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/memory.h"

static bool tells_holders(const Event *event)
{
    if (event->kind != EVENT_ITEM || event->item.kind != ITEM_MESSAGE)
        return false;
    const Message *message = &event->item.message;
    int kind = message->kind;
    if (kind == KIND_ATTEMPT)
        return message->group.coded.code == ATTEMPT_WRONG_PERSON;
    return kind == KIND_CONSENT || kind == KIND_DEATH || kind == KIND_MERGE || (kind == KIND_RECALL && event->known.ref.kind == KIND_DEATH);
}

bool holders_known(Broker *broker, Event *event, const TcId *client)
{
    struct Memory *memory = broker->memory;
    if (!tells_holders(event) || tc_id_is_none(client))
        return true;
    if (memory->holders_for != event)
        return false;
    event->known.holders = memory->holders;
    event->known.queued = memory->queued;
    return true;
}

void holders_forget(struct Memory *memory)
{
    g_clear_pointer(&memory->holders, g_array_unref);
    g_clear_pointer(&memory->queued, g_array_unref);
    memory->holders_for = NULL;
}

typedef struct Asked { Broker *broker; const Event *event; } Asked;

static GArray *copy_of(const GArray *rows)
{
    GArray *copy = g_array_new(FALSE, FALSE, g_array_get_element_size((GArray *)rows));
    return g_array_append_vals(copy, rows->data, rows->len);
}

static void on_holders(void *ctx, const HoldersAnswer *answer)
{
    Asked *asked = ctx;
    struct Memory *memory = asked->broker->memory;
    asked->broker->load_asked = false;
    holders_forget(memory);
    if (!answer->failed && g_queue_peek_head(&asked->broker->incoming) == asked->event) {
        memory->holders = copy_of(answer->holders);
        memory->queued = copy_of(answer->queued);
        memory->holders_for = asked->event;
    }
    g_free(asked);
}

void holders_ask(Broker *broker, const Event *event, const TcId *client, const TcId *other)
{
    HoldersQuestion question = { { *client, *other }, g_ptr_array_new(), g_array_new(FALSE, FALSE, sizeof(uint64_t)) };
    GHashTableIter iter;
    gpointer value;
    if (!broker->open && !store_in_flight(broker->store)) {
        g_hash_table_iter_init(&iter, broker->queues);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
            const Queue *queue = value;
            if (queue->floor >= queue->last)
                continue;
            g_ptr_array_add(question.services, queue->service);
            g_array_append_val(question.floors, queue->floor);
        }
        Asked *asked = g_new(Asked, 1);
        *asked = (Asked){ broker, event };
        broker->load_asked = true;
        store_holders(broker->store, &question, on_holders, asked);
    }
    g_ptr_array_unref(question.services);
    g_array_unref(question.floors);
}
