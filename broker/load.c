/* What decide needs of the past: from memory where it is, from the database where it is not.
 *
 * Memory holds the newest heads, messages, wraps, confirmations and linkage tokens, those of batches not yet committed included. Events
 * wait in one line: when the first one needs what memory lacks, one question asks for everything that the line needs, and the line goes
 * on in order when it is answered. So events of one conversation are always decided in the order in which they came. After a failed batch
 * memory is forgotten whole. */
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/decode_availability.h"

#include "proto/uuid.h"

#include <string.h>

#define MEMORY_MOST 20000 /* of each kind; beyond it what is safely committed may go */
#define ASK_MOST 512      /* events looked at for one question */

typedef struct CachedHead { Head head; uint64_t batch; } CachedHead;
typedef struct CachedRef { MessageRef ref; uint64_t batch; } CachedRef;
typedef struct CachedWrap { TcId id; WrapRef ref; uint64_t batch; } CachedWrap;
typedef struct TokenOwner { TcDigest born; TcId client; } TokenOwner;
typedef struct CachedToken { TcDigest strong; GArray *owners; uint64_t batch; } CachedToken;
typedef struct CachedNotice { NoticeRef ref; uint64_t batch; } CachedNotice;
typedef struct CachedCare { Care care; uint64_t batch; } CachedCare;


/* What an event may need to be looked up, each at most once; Event.asked and Event.answered. */
enum { LOAD_HEAD = 1 << 0, LOAD_ABOUT = 1 << 1, LOAD_SAME = 1 << 2, LOAD_REPLY = 1 << 3, LOAD_REF = 1 << 4, LOAD_WRAP = 1 << 5,
       LOAD_TOKENS = 1 << 6, LOAD_CONFIRMATION = 1 << 7, LOAD_NOTICE = 1 << 8, LOAD_CARE = 1 << 9,
       LOAD_AVAILABILITY = 1 << 10 };

struct Memory {
    GHashTable *heads, *refs, *wraps;   /* TcId -> Cached… */
    GHashTable *cares;                  /* client -> CachedCare */
    GHashTable *confirmations;          /* text key -> batch as uint64_t* */
    GHashTable *tokens;                 /* TcDigest -> CachedToken */
    GHashTable *notices;                /* "service number" -> CachedNotice */
    GHashTable *availabilities;         /* service -> Availability: of every service that said something, once known */
    bool availabilities_known;
    GArray *held;                       /* MessageRef: the answer to a HELD that memory could not tell */
    const Event *held_for;
};

static guint digest_hash(gconstpointer digest) { guint value; memcpy(&value, digest, sizeof value); return value; }
static gboolean digest_equal(gconstpointer a, gconstpointer b) { return memcmp(a, b, 32) == 0; }

static void free_token(void *token)
{
    g_array_unref(((CachedToken *)token)->owners);
    g_free(token);
}

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
    return memory;
}

void memory_forget(struct Memory *memory)
{
    GHashTable *all[] = { memory->heads, memory->refs, memory->wraps, memory->cares, memory->confirmations, memory->tokens, memory->notices,
                          memory->availabilities };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_hash_table_remove_all(all[i]);
    g_clear_pointer(&memory->held, g_array_unref);
    memory->held_for = NULL;
    memory->availabilities_known = false;
}

void memory_free(struct Memory *memory)
{
    memory_forget(memory);
    GHashTable *all[] = { memory->heads, memory->refs, memory->wraps, memory->cares, memory->confirmations, memory->tokens, memory->notices,
                          memory->availabilities };
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

static void keep_head(Broker *broker, const Head *head, uint64_t batch)
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

static void keep_care(Broker *broker, const Care *care, uint64_t batch)
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

static void keep_ref(Broker *broker, const MessageRef *ref, uint64_t batch)
{
    if (g_hash_table_contains(broker->memory->refs, &ref->id))
        return;
    CachedRef *cached = g_new(CachedRef, 1);
    *cached = (CachedRef){ *ref, batch };
    g_hash_table_insert(broker->memory->refs, &cached->ref.id, cached);
}

static void keep_wrap(Broker *broker, const WrapRef *ref, uint64_t batch)
{
    if (g_hash_table_contains(broker->memory->wraps, &ref->id))
        return;
    CachedWrap *cached = g_new(CachedWrap, 1);
    *cached = (CachedWrap){ ref->id, *ref, batch };
    g_hash_table_insert(broker->memory->wraps, &cached->id, cached);
}

static void keep_token(Broker *broker, const TcDigest *strong, const TcDigest *born, const TcId *client, uint64_t batch)
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

static char *confirmation_key(const TcId *message, uint64_t delivery, const char *service, int step)
{
    char id[TC_UUID_TEXT_LEN + 1] = "";
    if (!delivery)
        tc_uuid_format(message->b, id);
    return g_strdup_printf("%s %" G_GUINT64_FORMAT " %s %d", id, delivery, service, step);
}

static void keep_confirmation(Broker *broker, const ConfirmationRow *row, uint64_t batch)
{
    uint64_t *value = g_new(uint64_t, 1);
    *value = batch;
    g_hash_table_replace(broker->memory->confirmations, confirmation_key(&row->message, row->delivery, row->service, row->step), value);
}

static char *notice_key(const char *service, uint64_t number) { return g_strdup_printf("%s %" G_GUINT64_FORMAT, service, number); }

static void keep_notice(Broker *broker, const NoticeRef *ref, uint64_t batch)
{
    CachedNotice *cached = g_new(CachedNotice, 1);
    *cached = (CachedNotice){ *ref, batch };
    g_hash_table_replace(broker->memory->notices, notice_key(ref->key.service, ref->key.number), cached);
}

const MessageRef *load_ref(Broker *broker, const TcId *message)
{
    CachedRef *cached = g_hash_table_lookup(broker->memory->refs, message);
    return cached ? &cached->ref : NULL;
}

static void keep_availability(Broker *broker, const char *service, Span header)
{
    Availability *availability = g_new(Availability, 1);
    decode_availability(header, availability);
    g_hash_table_replace(broker->memory->availabilities, g_strdup(service), availability);
}

const Availability *load_availability(const void *broker, const char *service)
{
    return g_hash_table_lookup(((const Broker *)broker)->memory->availabilities, service);
}

/* ---- after deciding ---- */

static void remember_message(Broker *broker, const Item *item, const char *recipient)
{
    const Message *m = &item->message;
    MessageRef ref = { .id = m->id, .conversation = m->conversation, .kind = m->kind, .digest = item->digest, .content_digest = m->content_digest };
    g_strlcpy(ref.sender, m->sender, sizeof ref.sender);
    g_strlcpy(ref.recipient, recipient, sizeof ref.recipient);
    keep_ref(broker, &ref, next_batch(broker));
}

static void remember_rows(Broker *broker, const Decision *decision)
{
    for (guint i = 0; i < decision->tokens->len; i++) {
        const TokenRow *row = &g_array_index(decision->tokens, TokenRow, i);
        keep_token(broker, &row->strong, &row->born, &row->client, next_batch(broker));
    }
    for (guint i = 0; i < decision->confirmations->len; i++) {
        const ConfirmationRow *row = &g_array_index(decision->confirmations, ConfirmationRow, i);
        keep_confirmation(broker, row, next_batch(broker));
        CachedRef *cached = g_hash_table_lookup(broker->memory->refs, &row->message);
        if (cached && row->step == STEP_OPENED && strcmp(cached->ref.recipient, row->service) == 0)
            cached->ref.opened = true;
    }
    for (guint i = 0; i < decision->cares->len; i++)
        keep_care(broker, &g_array_index(decision->cares, CareRow, i).care, next_batch(broker));
    for (guint i = 0; i < decision->recalls->len; i++) {
        CachedRef *cached = g_hash_table_lookup(broker->memory->refs, &g_array_index(decision->recalls, RecallRow, i).message);
        if (cached)
            cached->ref.recalled = true;
    }
}

void load_remember(Broker *broker, const Event *event, const Decision *decision)
{
    if (decision->head_changed)
        keep_head(broker, &decision->head, next_batch(broker));
    if (decision->store_message)
        remember_message(broker, decision->store_message, decision->recipient);
    if (availability_changes(event, decision))
        keep_availability(broker, event->service, availability_header(event));
    if (decision->store_wrap) {
        WrapRef ref = { .id = decision->store_wrap->wrap.id, .digest = decision->store_wrap->digest };
        keep_wrap(broker, &ref, next_batch(broker));
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
    if (!cached)
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

void load_sealed(Broker *broker, const Batch *batch)
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

/* ---- before deciding ---- */

typedef struct Need { LoadQuestion *question; Event *event; bool missing; } Need; /* question NULL: only whether something is missing */

/* True when the database must be asked: memory lacks it, and it has not been answered yet. */
static bool need_ask(Need *need, unsigned what)
{
    if (need->event->answered & what)
        return false;
    need->missing = true;
    need->event->asked |= need->question ? what : 0;
    return need->question != NULL;
}

static const CachedHead *need_head(Broker *broker, Need *need, unsigned what, const TcId *conversation)
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

/* Not asked while the client is not known for sure: another question is still open. */
static void need_care(Broker *broker, Need *need, const TcId *client)
{
    const CachedCare *cached = tc_id_is_none(client) ? NULL : g_hash_table_lookup(broker->memory->cares, client);
    if (cached)
        need->event->known.care = cached->care;
    else if (!need->missing && !tc_id_is_none(client) && need_ask(need, LOAD_CARE))
        g_array_append_val(need->question->clients, *client);
}

static void known_head(Event *event, const CachedHead *head) { if (head) event->known.head = head->head; }

static void need_tokens(Broker *broker, Need *need, Event *event)
{
    for (size_t i = 0; i < event->token_count; i++) {
        const CachedToken *cached = g_hash_table_lookup(broker->memory->tokens, &event->tokens[i].strong);
        if (need_ask(need, LOAD_TOKENS)) /* memory may hold some owners and the database more */
            g_array_append_val(need->question->tokens, event->tokens[i]);
        for (guint j = 0; cached && j < cached->owners->len; j++) {
            const TokenOwner *owner = &g_array_index(cached->owners, TokenOwner, j);
            if (tc_digest_equal(&owner->born, &event->tokens[i].born))
                event->known.client_same = owner->client;
            else
                event->known.client_other = owner->client;
        }
    }
}

/* All of it at once, when an event first needs it: a few hundred services at most. */
static void need_availability(Broker *broker, Need *need)
{
    if (!broker->memory->availabilities_known && need_ask(need, LOAD_AVAILABILITY))
        need->question->availabilities = true;
}

/* Whose conversation it is: as decide_link_client will say. A client that nobody has spoken of yet has no coordinator. */
static void need_message_care(Broker *broker, Need *need, Event *event)
{
    const Known *known = &event->known;
    if (known->head.version > 0)
        need_care(broker, need, &known->head.client);
    else if (known->about.version > 0)
        need_care(broker, need, &known->about.client);
    else
        need_care(broker, need, &known->client_same);
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
    if (m->request.kind != 0 || m->kind == KIND_REFERRAL_ANSWER)
        need_availability(broker, need);
    need_tokens(broker, need, event);
    need_message_care(broker, need, event);
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
    g_autofree char *key = notice_key(event->service, c->delivery);
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
    g_autofree char *key = confirmation_key(&c->message, told ? c->delivery : 0, event->service, c->step);
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
    }
}

static void need_clock(Broker *broker, Need *need, Event *event)
{
    known_head(event, need_head(broker, need, LOAD_HEAD, &event->clock.conversation));
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
    need->missing = false;
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
                keep_head(broker, head, 0);
        }
        for (guint i = 0; i < answer->messages->len; i++)
            keep_ref(broker, &g_array_index(answer->messages, MessageRef, i), 0);
        for (guint i = 0; i < answer->wraps->len; i++)
            keep_wrap(broker, &g_array_index(answer->wraps, WrapRef, i), 0);
        for (guint i = 0; i < answer->tokens->len; i++) {
            const TokenMatch *match = &g_array_index(answer->tokens, TokenMatch, i);
            keep_token(broker, &match->strong, &match->born, &match->client, 0);
        }
        for (guint i = 0; i < answer->confirmations->len; i++)
            keep_confirmation(broker, &g_array_index(answer->confirmations, ConfirmationRow, i), 0);
        for (guint i = 0; i < answer->notices->len; i++)
            keep_notice(broker, &g_array_index(answer->notices, NoticeRef, i), 0);
        for (guint i = 0; i < answer->cares->len; i++) {
            const Care *care = &g_array_index(answer->cares, Care, i);
            if (!g_hash_table_contains(broker->memory->cares, &care->client))
                keep_care(broker, care, 0);
        }
        loaded_availabilities(broker, answer->availabilities);
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

static GArray *ids(void) { return g_array_new(FALSE, FALSE, sizeof(TcId)); }

void load_ask(Broker *broker)
{
    if (broker->load_asked || store_state(broker->store) != STORE_ACTIVE || ask_held(broker, g_queue_peek_head(&broker->incoming)))
        return;
    LoadQuestion question = { ids(), ids(), ids(), g_array_new(FALSE, FALSE, sizeof(TokenPair)),
                              g_array_new(FALSE, FALSE, sizeof(ConfirmationRow)), g_array_new(FALSE, FALSE, sizeof(NoticeKey)), ids(), false };
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
