#include "broker/encode.h"

#include "broker/codes.h"
#include "proto/arena.h"
#include "throughcare.pb-c.h"

#include <string.h>

enum { ENCODE_MAX_ROWS = 1000 };

/* Arrays of generated structs that a frame needs while it is packed; bounded by the callers' counts. */
static void *encode_array(TcArena *arena, size_t count, size_t size)
{
    void *array = tc_arena_alloc(arena, count * size);
    if (array == NULL)
        g_error("out of memory for a frame");
    return array;
}

static TcArena *encode_scratch(void)
{
    return tc_arena_new(G_MAXSIZE / 2);
}

static ProtobufCBinaryData encode_bytes(const void *data, size_t len)
{
    return (ProtobufCBinaryData){ len, (uint8_t *)data };
}

/* protobuf-c declares texts as writable and never writes them. */
static char *encode_text(const char *text)
{
    return (char *)text;
}

static GByteArray *encode_pack(const Tc__Frame *frame)
{
    size_t len = tc__frame__get_packed_size(frame);
    GByteArray *bytes = g_byte_array_sized_new((guint)len);
    g_byte_array_set_size(bytes, (guint)len);
    tc__frame__pack(frame, bytes->data);
    return bytes;
}

/* head: filled in and returned, or NULL for none. */
static Tc__Head *encode_head(const SignedHead *from, Tc__Head *head)
{
    if (from == NULL || from->head.batch == 0)
        return NULL;
    tc__head__init(head);
    head->batch = from->head.batch;
    head->last_sequence = from->head.last_sequence;
    head->at = from->head.at;
    head->root = encode_bytes(from->head.root.b, 32);
    head->previous = encode_bytes(from->head.previous.b, 32);
    head->last_hash = encode_bytes(from->head.last_hash.b, 32);
    head->signature = encode_bytes(from->signature, sizeof from->signature);
    return head;
}

GByteArray *encode_welcome(const WelcomeOut *from)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Welcome welcome = TC__WELCOME__INIT;
    Tc__Head head;
    welcome.version = ENCODE_VERSION;
    welcome.broker = encode_bytes(from->broker.b, 16);
    welcome.session = encode_bytes(from->session.b, 16);
    welcome.credit = from->credit;
    welcome.max_frame = from->max_frame;
    welcome.max_items = from->max_items;
    welcome.now_at = from->now_at;
    welcome.directory_serial = from->directory_serial;
    welcome.last_delivery = from->last_delivery;
    welcome.head = encode_head(&from->head, &head);
    frame.welcome = &welcome;
    return encode_pack(&frame);
}

/* ---- Receipts ---- */

static void encode_proof(TcArena *arena, const ReceiptOut *from, Tc__Receipt *to)
{
    to->has_sequence = to->has_at = to->has_previous = to->has_index = to->has_count = true;
    to->sequence = from->row->sequence;
    to->at = from->row->at;
    to->previous = encode_bytes(from->row->previous.b, 32);
    to->index = from->index;
    to->count = (uint32_t)tc_merkle_count(from->tree);
    to->n_path = tc_merkle_path_len(from->index, to->count);
    to->path = encode_array(arena, to->n_path, sizeof *to->path);
    for (size_t i = 0; i < to->n_path; i++)
        to->path[i] = encode_bytes(tc_merkle_path_node(from->tree, from->index, i), 32);
}

static void encode_receipt(TcArena *arena, const ReceiptOut *from, Tc__Receipt *to)
{
    tc__receipt__init(to);
    to->digest = encode_bytes(from->digest.b, 32);
    to->outcome = from->refusal.code == 0 ? TC__OUTCOME__CODE__ACCEPTED : TC__OUTCOME__CODE__REFUSED;
    if (from->refusal.code != 0) {
        to->has_code = true;
        to->code = (uint32_t)from->refusal.code;
        to->field = encode_text(from->refusal.field);
        to->standing = encode_text(from->refusal.standing);
    } else if (from->row != NULL) {
        encode_proof(arena, from, to);
    }
}

GByteArray *encode_receipts(const SignedHead *signed_head, const ReceiptOut *from, size_t count)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Receipts receipts = TC__RECEIPTS__INIT;
    Tc__Head head;
    g_autoptr(TcArena) arena = encode_scratch();
    Tc__Receipt *list = encode_array(arena, count, sizeof *list);
    receipts.receipts = encode_array(arena, count, sizeof *receipts.receipts);
    receipts.n_receipts = count;
    for (size_t i = 0; i < count; i++) {
        encode_receipt(arena, &from[i], &list[i]);
        receipts.receipts[i] = &list[i];
    }
    receipts.head = encode_head(signed_head, &head);
    frame.receipts = &receipts;
    return encode_pack(&frame);
}

/* ---- Deliveries ---- */

/* Bodies are kept packed; this puts one into a message as its field, as protobuf-c writes fields it does not know. */
static void encode_splice(TcArena *arena, ProtobufCMessage *message, uint32_t tag, Span body)
{
    ProtobufCMessageUnknownField *field = encode_array(arena, 1, sizeof *field);
    uint8_t *data = encode_array(arena, 1, body.len + 5);
    size_t used = 0, len = body.len;
    for (; len >= 0x80; len >>= 7)
        data[used++] = (uint8_t)(len | 0x80);
    data[used++] = (uint8_t)len;
    memcpy(data + used, body.data, body.len);
    *field = (ProtobufCMessageUnknownField){ tag, PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED, used + body.len, data };
    message->unknown_fields = field;
    message->n_unknown_fields = 1;
}

static Tc__Provenance *encode_provenance(TcArena *arena, const Provenance *from)
{
    Tc__Provenance *to = encode_array(arena, 1, sizeof *to);
    tc__provenance__init(to);
    to->session = encode_bytes(from->session.b, 16);
    to->signature = encode_bytes(from->signature, sizeof from->signature);
    to->index = from->index;
    to->count = from->count;
    to->n_path = from->path.len / 32;
    to->path = encode_array(arena, to->n_path, sizeof *to->path);
    for (size_t i = 0; i < to->n_path; i++)
        to->path[i] = encode_bytes(from->path.data + 32 * i, 32);
    return to;
}

static void encode_wraps(TcArena *arena, const StoredDelivery *from, Tc__Delivery *to)
{
    to->n_wraps = from->wrap_count;
    to->wraps = encode_array(arena, to->n_wraps, sizeof *to->wraps);
    for (size_t i = 0; i < to->n_wraps; i++) {
        to->wraps[i] = encode_array(arena, 1, sizeof **to->wraps);
        tc__signed_wrap__init(to->wraps[i]);
        to->wraps[i]->body = encode_bytes(from->wraps[i].body.data, from->wraps[i].body.len);
        to->wraps[i]->provenance = encode_provenance(arena, &from->wraps[i].provenance);
    }
}

static void encode_message(TcArena *arena, const StoredDelivery *from, Tc__Delivery *to)
{
    to->message = encode_array(arena, 1, sizeof *to->message);
    tc__message_delivery__init(to->message);
    to->message->header = encode_bytes(from->header.data, from->header.len);
    to->message->has_content = from->content.data != NULL;
    to->message->content = encode_bytes(from->content.data, from->content.len);
    to->message->provenance = encode_provenance(arena, &from->provenance);
    to->message->sequence = from->sequence;
    encode_wraps(arena, from, to);
}

/* A message taken back before it was held goes out in its own place, as the fact that it was. */
static void encode_delivery(TcArena *arena, const StoredDelivery *from, Tc__Delivery *to)
{
    bool recalled = from->type == DELIVERY_RECALLED || (from->type == DELIVERY_MESSAGE && from->recalled_before_held);
    tc__delivery__init(to);
    to->number = from->number;
    to->at = from->at;
    if (from->withheld) {
        to->type = TC__DELIVERY_TYPE__CODE__WITHHELD;
        return;
    }
    to->type = recalled ? TC__DELIVERY_TYPE__CODE__RECALLED : (Tc__DeliveryType__Code)from->type;
    if (recalled) {
        to->has_recalled = true;
        to->recalled = encode_bytes(from->message.b, 16);
        return;
    }
    switch (from->type) {
    case DELIVERY_MESSAGE: encode_message(arena, from, to); break;
    case DELIVERY_WRAPS: encode_wraps(arena, from, to); break;
    case DELIVERY_EVIDENCE: encode_splice(arena, &to->base, 6, from->body); break;
    case DELIVERY_WRAP_REQUEST: encode_splice(arena, &to->base, 7, from->body); break;
    case DELIVERY_NOTICE: encode_splice(arena, &to->base, 8, from->body); break;
    default: g_error("delivery of type %d", from->type);
    }
}

GByteArray *encode_deliver(const StoredDelivery *from, size_t count, size_t limit, size_t *taken)
{
    enum { AROUND = 16, EACH = 6 }; /* tags and lengths of the frame, and of one delivery in it */
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Deliver deliver = TC__DELIVER__INIT;
    size_t len = AROUND;
    g_autoptr(TcArena) arena = encode_scratch();
    Tc__Delivery *list = encode_array(arena, count, sizeof *list);
    deliver.deliveries = encode_array(arena, count, sizeof *deliver.deliveries);
    for (*taken = 0; *taken < count; ++*taken) {
        Tc__Delivery *delivery = &list[*taken];
        encode_delivery(arena, &from[*taken], delivery);
        len += tc__delivery__get_packed_size(delivery) + EACH;
        if (*taken > 0 && len > limit)
            break;
        deliver.deliveries[*taken] = delivery;
    }
    deliver.n_deliveries = *taken;
    frame.deliver = &deliver;
    return encode_pack(&frame);
}

GByteArray *encode_fault(const FaultOut *from)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Fault fault = TC__FAULT__INIT;
    fault.code = (uint32_t)from->code;
    fault.field = encode_text(from->field);
    fault.session_ends = from->session_ends;
    fault.has_retry_after_ms = from->retry_after_ms != 0;
    fault.retry_after_ms = from->retry_after_ms;
    frame.fault = &fault;
    return encode_pack(&frame);
}

GByteArray *encode_announce(const AnnounceOut *from)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Announce announce = TC__ANNOUNCE__INIT;
    Tc__Head head;
    announce.directory_serial = from->directory_serial;
    announce.head = encode_head(&from->head, &head);
    announce.has_database_away = from->database_away;
    announce.database_away = from->database_away;
    announce.has_directory_expires_at = from->directory_expires_at != 0;
    announce.directory_expires_at = from->directory_expires_at;
    frame.announce = &announce;
    return encode_pack(&frame);
}

/* ---- Answers ---- */

static GByteArray *encode_answer(Tc__Answer *answer)
{
    Tc__Frame frame = TC__FRAME__INIT;
    frame.answer = answer;
    return encode_pack(&frame);
}

GByteArray *encode_answer_refused(uint32_t id, int code)
{
    Tc__Answer answer = TC__ANSWER__INIT;
    answer.id = id;
    answer.has_code = true;
    answer.code = (uint32_t)code;
    return encode_answer(&answer);
}

GByteArray *encode_answer_directory(uint32_t id, const TcDirectory *directory)
{
    Tc__Answer answer = TC__ANSWER__INIT;
    gsize len;
    answer.id = id;
    const uint8_t *data = g_bytes_get_data(directory->signed_bytes, &len);
    g_autoptr(TcArena) arena = encode_scratch();
    encode_splice(arena, &answer.base, 3, (Span){ data, len });
    return encode_answer(&answer);
}

GByteArray *encode_answer_head(uint32_t id, const SignedHead *signed_head)
{
    Tc__Answer answer = TC__ANSWER__INIT;
    Tc__Head head;
    answer.id = id;
    answer.head = encode_head(signed_head, &head);
    return encode_answer(&answer);
}

static void encode_trace_row(const TraceRowPlain *from, Tc__TraceRow *to)
{
    tc__trace_row__init(to);
    to->sequence = from->sequence;
    to->at = from->at;
    to->event = (Tc__AuditEvent__Code)from->event;
    to->service = encode_text(from->service == NULL ? "" : from->service);
    to->has_message = !tc_id_is_none(&from->message);
    to->message = encode_bytes(from->message.b, 16);
    to->has_kind = from->kind != KIND_NONE;
    to->kind = (Tc__Kind__Code)from->kind;
    to->detail = from->detail != NULL && *from->detail != '\0' ? encode_text(from->detail) : NULL;
}

enum { ENCODE_ROW_AROUND = 6, ENCODE_ANSWER_AROUND = 32 };

GByteArray *encode_answer_trace(uint32_t id, const TraceRowPlain *from, size_t count, size_t limit)
{
    Tc__Answer answer = TC__ANSWER__INIT;
    g_autoptr(TcArena) arena = encode_scratch();
    size_t most = MIN(count, ENCODE_MAX_ROWS), len = ENCODE_ANSWER_AROUND;
    Tc__TraceRow *rows = encode_array(arena, most, sizeof *rows);
    answer.id = id;
    answer.trace = encode_array(arena, most, sizeof *answer.trace);
    for (size_t i = 0; i < most; i++) {
        encode_trace_row(&from[i], &rows[i]);
        len += tc__trace_row__get_packed_size(&rows[i]) + ENCODE_ROW_AROUND;
        if (len > limit)
            break;
        answer.trace[answer.n_trace++] = &rows[i];
    }
    return encode_answer(&answer);
}

static char *encode_given(const char *text) { return *text == '\0' ? NULL : encode_text(text); }

static void encode_care_row(const CarePlain *from, Tc__CoordinationRow *to)
{
    const Care *care = &from->care;
    tc__coordination_row__init(to);
    to->version = care->version;
    to->at = from->at;
    to->step = (Tc__CoordinationStep__Code)care->step;
    to->coordinator = encode_text(care->coordinator);
    to->worker = encode_given(care->worker);
    to->residual = encode_given(care->residual);
    to->from = encode_given(from->from);
    to->prescriber = encode_given(care->prescriber);
    to->in_custody = care->in_custody;
    to->on_order = care->on_order;
    to->died = care->died;
    to->has_message = !tc_id_is_none(&care->message);
    to->message = encode_bytes(care->message.b, sizeof care->message.b);
}

GByteArray *encode_answer_care(uint32_t id, const CarePlain *from, size_t count, size_t limit)
{
    Tc__Answer answer = TC__ANSWER__INIT;
    g_autoptr(TcArena) arena = encode_scratch();
    size_t most = MIN(count, ENCODE_MAX_ROWS), len = ENCODE_ANSWER_AROUND;
    Tc__CoordinationRow *rows = encode_array(arena, most, sizeof *rows);
    answer.id = id;
    answer.coordination = encode_array(arena, most, sizeof *answer.coordination);
    for (size_t i = 0; i < most; i++) {
        encode_care_row(&from[i], &rows[i]);
        len += tc__coordination_row__get_packed_size(&rows[i]) + ENCODE_ROW_AROUND;
        if (len > limit)
            break;
        answer.coordination[answer.n_coordination++] = &rows[i];
    }
    return encode_answer(&answer);
}

GByteArray *encode_answer_queues(uint32_t id, const QueueOut *from, size_t count, size_t limit)
{
    Tc__Answer answer = TC__ANSWER__INIT;
    g_autoptr(TcArena) arena = encode_scratch();
    size_t most = MIN(count, ENCODE_MAX_ROWS), len = ENCODE_ANSWER_AROUND;
    Tc__QueueEntry *queues = encode_array(arena, most, sizeof *queues);
    answer.id = id;
    answer.queues = encode_array(arena, most, sizeof *answer.queues);
    for (size_t i = 0; i < most; i++) {
        tc__queue_entry__init(&queues[i]);
        queues[i].service = encode_text(from[i].service);
        queues[i].waiting = from[i].waiting;
        queues[i].has_oldest_at = from[i].oldest_at != 0;
        queues[i].oldest_at = from[i].oldest_at;
        queues[i].connected = from[i].connected;
        len += tc__queue_entry__get_packed_size(&queues[i]) + ENCODE_ROW_AROUND;
        if (len > limit)
            break;
        answer.queues[answer.n_queues++] = &queues[i];
    }
    return encode_answer(&answer);
}
