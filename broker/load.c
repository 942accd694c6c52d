/* What decide needs of the past: from memory where it is, from the database where it is not.
 *
 * Events wait in one line: when the first one needs what memory lacks, one question asks for everything that the line needs, and the line goes
 * on in order when it is answered. So events of one conversation are always decided in the order in which they came. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/load_inner.h"

#include <string.h>

#define ASK_MOST 512      /* events looked at for one question */

/* ---- before deciding ---- */

bool need_ask(Need *need, unsigned what)
{
    if (need->event->answered & what)
        return false;
    need->missing = true;
    need->event->asked |= need->question ? what : 0;
    return need->question != NULL;
}

const CachedHead *need_head(Broker *broker, Need *need, unsigned what, const TcId *conversation)
{
    const CachedHead *cached = tc_id_is_none(conversation) ? NULL : g_hash_table_lookup(broker->memory->heads, conversation);
    if (!cached && !tc_id_is_none(conversation) && need_ask(need, what))
        g_array_append_val(need->question->conversations, *conversation);
    return cached;
}

static const CachedRef *need_ref(Broker *broker, Need *need, unsigned what, const TcId *message)
{
    const CachedRef *cached = tc_id_is_none(message) ? NULL : g_hash_table_lookup(broker->memory->refs, message);
    if (!cached && !tc_id_is_none(message) && need_ask(need, what))
        g_array_append_val(need->question->messages, *message);
    return cached;
}

const Care *need_standing(Broker *broker, Need *need, unsigned what, const TcId *client, bool sure)
{
    for (TcId at = *client; !tc_id_is_none(&at);) {
        const CachedCare *cached = g_hash_table_lookup(broker->memory->cares, &at);
        if (cached == NULL) {
            if (sure && need_ask(need, what))
                g_array_append_val(need->question->clients, at);
            return NULL;
        }
        if (tc_id_is_none(&cached->care.same_as))
            return &cached->care;
        at = cached->care.same_as;
    }
    return NULL;
}

static void need_care(Broker *broker, Need *need, const TcId *client)
{
    const Care *care = need_standing(broker, need, LOAD_CARE, client, !need->missing);
    if (care != NULL)
        need->event->known.care = *care;
}

static void known_head(Event *event, const CachedHead *head) { if (head) event->known.head = head->head; }

/* All of it at once, when an event first needs it: a few hundred services at most. */
static void need_availability(Broker *broker, Need *need)
{
    if (!broker->memory->availabilities_known && need_ask(need, LOAD_AVAILABILITY))
        need->question->availabilities = true;
}

/* Whose conversation it is: as decide_link_client will say. A client that nobody has spoken of yet has no coordinator. */
static TcId need_client(const Known *known)
{
    return known->head.version > 0 ? known->head.client : known->about.version > 0 ? known->about.client : known->client_same;
}

/* Last of all: it waits until nothing is in flight. */
static void need_holders(Broker *broker, Need *need, Event *event)
{
    if (need->missing || holders_known(broker, event, &need->client))
        return;
    need->missing = need->holders = true;
}

static void need_message(Broker *broker, Need *need, Event *event)
{
    const Message *m = &event->item.message;
    bool starts = tc_id_equal(&m->id, &m->conversation);
    bool maybe_known = m->retry || event->again;
    const CachedRef *same = maybe_known ? need_ref(broker, need, LOAD_SAME, &m->id) : g_hash_table_lookup(broker->memory->refs, &m->id);
    if (same)
        event->known.duplicate = same->ref;
    if (!starts || maybe_known)
        known_head(event, need_head(broker, need, LOAD_HEAD, &m->conversation));
    const CachedHead *about = need_head(broker, need, LOAD_ABOUT, &m->about);
    if (about)
        event->known.about = about->head;
    const CachedRef *reply = need_ref(broker, need, LOAD_REPLY, &m->in_reply_to);
    if (reply)
        event->known.reply_ref = reply->ref;
    if (m->kind == KIND_RECALL && reply) {
        event->known.ref = reply->ref;
        event->known.floor_service = deliver_queue(broker, reply->ref.recipient)->floor;
    }
    need_availability(broker, need);
    need_tokens(broker, need, event);
    need->client = need_client(&event->known);
    need_care(broker, need, &need->client);
    need_merge(broker, need, event);
    need_holders(broker, need, event);
}

static void need_wrap(Broker *broker, Need *need, Event *event)
{
    const Wrap *wrap = &event->item.wrap;
    const CachedRef *ref = need_ref(broker, need, LOAD_REF, &wrap->message);
    const CachedWrap *same = g_hash_table_lookup(broker->memory->wraps, &wrap->id);
    /* The first wrap comes with its message; anything else may have been here before. */
    bool fresh = ref && !event->again && ref->ref.sequence == 0;
    if (!same && !fresh && need_ask(need, LOAD_WRAP))
        g_array_append_val(need->question->wraps, wrap->id);
    if (same)
        event->known.duplicate = (MessageRef){ .id = wrap->id, .digest = same->ref.digest, .sequence = same->ref.sequence, .batch = same->ref.batch };
    if (ref) {
        event->known.ref = ref->ref;
        known_head(event, need_head(broker, need, LOAD_HEAD, &ref->ref.conversation));
        need_care(broker, need, &event->known.head.client);
    }
}

static void need_held(Broker *broker, Need *need, Event *event)
{
    const Confirmation *c = &event->item.confirmation;
    Queue *queue = deliver_queue(broker, event->service);
    g_autofree char *station = g_strdup_printf("%s/%s", event->service, event->station);
    const Floor *floor = g_hash_table_lookup(broker->floors, station);
    event->known.floor_station = floor ? floor->now : 0;
    event->known.floor_service = queue->floor;
    event->known.last_delivery = queue->last;
    if (c->upto <= queue->floor || c->upto > queue->last)
        return;
    if (queue->floor < queue->complete_from) { /* memory does not go back so far: the database is asked */
        if (broker->memory->held_for == event) {
            event->known.held = broker->memory->held;
        } else {
            need->missing = true;
        }
        return;
    }
    g_clear_pointer(&broker->memory->held, g_array_unref);
    broker->memory->held = g_array_new(FALSE, FALSE, sizeof(MessageRef));
    for (GList *node = queue->unheld.head; node && ((QueuedRef *)node->data)->number <= c->upto; node = node->next) {
        const QueuedRef *queued = node->data;
        const CachedRef *newer = g_hash_table_lookup(broker->memory->refs, &queued->ref.id);
        const MessageRef *ref = newer ? &newer->ref : &queued->ref;
        if (queued->number > queue->floor)
            g_array_append_val(broker->memory->held, *ref);
    }
    broker->memory->held_for = NULL;
    event->known.held = broker->memory->held;
}

static void need_notice(Broker *broker, Need *need, Event *event)
{
    const Confirmation *c = &event->item.confirmation;
    g_autofree char *key = memory_notice_key(event->service, c->delivery);
    const CachedNotice *notice = g_hash_table_lookup(broker->memory->notices, key);
    if (notice) {
        event->known.notice_clock = notice->ref.clock;
        event->known.notice_conversation = notice->ref.conversation;
        event->known.notice_number = c->delivery;
        known_head(event, need_head(broker, need, LOAD_HEAD, &notice->ref.conversation));
    } else if (need_ask(need, LOAD_NOTICE)) {
        NoticeKey wanted = { .number = c->delivery };
        g_strlcpy(wanted.service, event->service, sizeof wanted.service);
        g_array_append_val(need->question->notices, wanted);
    }
}

static void need_confirmation(Broker *broker, Need *need, Event *event)
{
    const Confirmation *c = &event->item.confirmation;
    if (c->step == STEP_HELD) {
        need_held(broker, need, event);
        return;
    }
    bool told = c->step == STEP_TOLD || c->step == STEP_NOT_TOLD;
    g_autofree char *key = memory_confirmation_key(&c->message, told ? c->delivery : 0, event->service, c->step);
    event->known.confirmation_known = g_hash_table_contains(broker->memory->confirmations, key);
    if (!event->known.confirmation_known && need_ask(need, LOAD_CONFIRMATION)) {
        ConfirmationRow row = { .message = c->message, .delivery = told ? c->delivery : 0, .service = event->service, .step = c->step };
        g_array_append_val(need->question->confirmations, row);
    }
    if (told) {
        need_notice(broker, need, event);
        return;
    }
    const CachedRef *ref = need_ref(broker, need, LOAD_REF, &c->message);
    if (ref) {
        event->known.ref = ref->ref;
        known_head(event, need_head(broker, need, LOAD_HEAD, &ref->ref.conversation));
        if (c->step == STEP_CANNOT_OPEN)
            need_care(broker, need, &event->known.head.client);
    }
}

static void need_clock(Broker *broker, Need *need, Event *event)
{
    known_head(event, need_head(broker, need, LOAD_HEAD, &event->clock.conversation));
    need_availability(broker, need);
    need_care(broker, need, &event->known.head.client);
    const CachedRef *ref = need_ref(broker, need, LOAD_REF, &event->clock.message);
    if (!ref)
        return;
    event->known.ref = ref->ref;
    event->known.clock_ended = ref->ref.delivery && deliver_queue(broker, ref->ref.recipient)->floor >= ref->ref.delivery;
}

static void need_hand_back(Broker *broker, Need *need, Event *event)
{
    need_care(broker, need, &event->hand_back.client);
    known_head(event, need_head(broker, need, LOAD_HEAD, &event->known.care.conversation));
}

static bool need_all(Broker *broker, Need *need, Event *event)
{
    memset(&event->known, 0, sizeof event->known);
    need->event = event;
    need->missing = need->holders = false;
    if (event->kind == EVENT_CLOCK)
        need_clock(broker, need, event);
    else if (event->kind == EVENT_HAND_BACK)
        need_hand_back(broker, need, event);
    else if (event->kind == EVENT_ITEM && event->item.kind == ITEM_MESSAGE)
        need_message(broker, need, event);
    else if (event->kind == EVENT_ITEM && event->item.kind == ITEM_WRAP)
        need_wrap(broker, need, event);
    else if (event->kind == EVENT_ITEM)
        need_confirmation(broker, need, event);
    return !need->missing;
}

bool load_known(Broker *broker, Event *event)
{
    Need need = { 0 };
    return need_all(broker, &need, event);
}

/* ---- the question ---- */

typedef struct Asked { Broker *broker; GPtrArray *events; } Asked;

/* What was said since, in batches on their way, is newer than what the database has. */
static void loaded_availabilities(Broker *broker, const GArray *rows)
{
    if (rows == NULL)
        return;
    for (guint i = 0; i < rows->len; i++) {
        const AvailabilityPlain *row = &g_array_index(rows, AvailabilityPlain, i);
        if (!g_hash_table_contains(broker->memory->availabilities, row->service))
            g_hash_table_insert(broker->memory->availabilities, g_strdup(row->service), g_memdup2(&row->availability, sizeof row->availability));
    }
    broker->memory->availabilities_known = true;
}

static void loaded_settled(Broker *broker, const GArray *rows)
{
    for (guint i = 0; rows != NULL && i < rows->len; i++)
        memory_keep_settled(broker, &g_array_index(rows, SettledRow, i));
    broker->memory->settled_known = broker->memory->settled_known || rows != NULL;
}

/* What was found may bring more into question: a message its conversation, a conversation its client. Those events ask once more. */
static void on_loaded(void *ctx, const LoadAnswer *answer)
{
    Asked *asked = ctx;
    Broker *broker = asked->broker;
    broker->load_asked = false;
    if (!answer->failed) {
        for (guint i = 0; i < answer->heads->len; i++) {
            const Head *head = &g_array_index(answer->heads, Head, i);
            if (!g_hash_table_contains(broker->memory->heads, &head->conversation))
                memory_keep_head(broker, head, 0);
        }
        for (guint i = 0; i < answer->messages->len; i++)
            memory_keep_ref(broker, &g_array_index(answer->messages, MessageRef, i), 0);
        for (guint i = 0; i < answer->wraps->len; i++)
            memory_keep_wrap(broker, &g_array_index(answer->wraps, WrapRef, i), 0);
        for (guint i = 0; i < answer->tokens->len; i++) {
            const TokenMatch *match = &g_array_index(answer->tokens, TokenMatch, i);
            memory_keep_token(broker, &match->strong, &match->born, &match->client, 0);
        }
        for (guint i = 0; i < answer->confirmations->len; i++)
            memory_keep_confirmation(broker, &g_array_index(answer->confirmations, ConfirmationRow, i), 0);
        for (guint i = 0; i < answer->notices->len; i++)
            memory_keep_notice(broker, &g_array_index(answer->notices, NoticeRef, i), 0);
        for (guint i = 0; i < answer->cares->len; i++) {
            const Care *care = &g_array_index(answer->cares, Care, i);
            if (!g_hash_table_contains(broker->memory->cares, &care->client))
                memory_keep_care(broker, care, 0);
        }
        loaded_availabilities(broker, answer->availabilities);
        loaded_settled(broker, answer->settled);
    }
    for (guint i = 0; i < asked->events->len; i++) {
        Event *event = asked->events->pdata[i];
        event->answered |= answer->failed ? 0 : event->asked;
        event->asked = 0;
    }
    g_ptr_array_unref(asked->events);
    g_free(asked);
}

static void on_held(void *ctx, const HeldAnswer *answer)
{
    Asked *asked = ctx;
    Broker *broker = asked->broker;
    broker->load_asked = false;
    if (!answer->failed && asked->events->len) {
        g_clear_pointer(&broker->memory->held, g_array_unref);
        broker->memory->held = g_array_new(FALSE, FALSE, sizeof(MessageRef));
        g_array_append_vals(broker->memory->held, answer->messages->data, answer->messages->len);
        broker->memory->held_for = asked->events->pdata[0];
    }
    g_ptr_array_unref(asked->events);
    g_free(asked);
}

static Asked *asked_new(Broker *broker)
{
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){ broker, g_ptr_array_new() };
    broker->load_asked = true;
    return asked;
}

static bool ask_held(Broker *broker, Event *first)
{
    if (first->kind != EVENT_ITEM || first->item.kind != ITEM_CONFIRMATION || first->item.confirmation.step != STEP_HELD)
        return false;
    Queue *queue = deliver_queue(broker, first->service);
    Asked *asked = asked_new(broker);
    g_ptr_array_add(asked->events, first);
    store_held(broker->store, first->service, queue->floor, first->item.confirmation.upto, on_held, asked);
    return true;
}

static bool ask_holders(Broker *broker, Event *first)
{
    Need need = { 0 };
    (void)need_all(broker, &need, first);
    if (need.holders)
        holders_ask(broker, first, &need.client, &need.other);
    return need.holders;
}

static GArray *ids(void) { return g_array_new(FALSE, FALSE, sizeof(TcId)); }

void load_ask(Broker *broker)
{
    if (broker->load_asked || store_state(broker->store) != STORE_ACTIVE || ask_held(broker, g_queue_peek_head(&broker->incoming)) ||
        ask_holders(broker, g_queue_peek_head(&broker->incoming)))
        return;
    LoadQuestion question = { ids(), ids(), ids(), g_array_new(FALSE, FALSE, sizeof(TokenPair)),
                              g_array_new(FALSE, FALSE, sizeof(ConfirmationRow)), g_array_new(FALSE, FALSE, sizeof(NoticeKey)), ids(), false, false };
    Need need = { .question = &question };
    Asked *asked = asked_new(broker);
    guint looked = 0;
    for (GList *node = broker->incoming.head; node && looked < ASK_MOST; node = node->next, looked++) {
        Event *event = node->data;
        if (!need_all(broker, &need, event))
            g_ptr_array_add(asked->events, event);
    }
    store_load(broker->store, &question, on_loaded, asked);
    GArray *all[] = { question.conversations, question.messages, question.wraps, question.tokens, question.confirmations, question.notices, question.clients };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_unref(all[i]);
}
