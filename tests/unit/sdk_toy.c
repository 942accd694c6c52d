#include "sdk_toy.h"

#include "adapters/sdk/pack.h"
#include "proto/merkle.h"
#include "proto/sign.h"
#include "unit.h"

#include <sodium.h>
#include <stdio.h>
#include <zmq.h>

static void toy_item_clear(void *data)
{
    g_bytes_unref(((ToyItem *)data)->body);
}

Toy *toy_new(World *world)
{
    int on = 1, linger = 0;
    char endpoint[64];
    size_t len = sizeof endpoint;
    Toy *toy = g_new0(Toy, 1);
    toy->world = world;
    toy->zmq = zmq_ctx_new();
    toy->socket = zmq_socket(toy->zmq, ZMQ_ROUTER);
    toy->signatures_good = true;
    toy->items = g_array_new(FALSE, FALSE, sizeof(ToyItem));
    g_array_set_clear_func(toy->items, toy_item_clear);
    zmq_setsockopt(toy->socket, ZMQ_CURVE_SERVER, &on, sizeof on);
    zmq_setsockopt(toy->socket, ZMQ_CURVE_SECRETKEY, world->broker_curve_secret, 32);
    zmq_setsockopt(toy->socket, ZMQ_LINGER, &linger, sizeof linger);
    assert_int_equal(zmq_bind(toy->socket, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(toy->socket, ZMQ_LAST_ENDPOINT, endpoint, &len);
    toy->port = atoi(strrchr(endpoint, ':') + 1);
    return toy;
}

void toy_free(Toy *toy)
{
    zmq_close(toy->socket);
    zmq_ctx_term(toy->zmq);
    g_clear_pointer(&toy->peer, g_bytes_unref);
    g_array_unref(toy->items);
    g_free(toy);
}

/* ---- Out ---- */

void toy_send_bytes(Toy *toy, const void *bytes, size_t len, bool more)
{
    zmq_send(toy->socket, g_bytes_get_data(toy->peer, NULL), g_bytes_get_size(toy->peer), ZMQ_SNDMORE);
    zmq_send(toy->socket, bytes, len, more ? ZMQ_SNDMORE : 0);
    if (more)
        zmq_send(toy->socket, "more", 4, 0);
}

void toy_send(Toy *toy, const Tc__Frame *frame)
{
    g_autoptr(GByteArray) bytes = pack(&frame->base);
    toy_send_bytes(toy, bytes->data, bytes->len, false);
}

void toy_fault(Toy *toy, uint32_t code)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Fault fault = TC__FAULT__INIT;
    fault.code = code;
    fault.session_ends = true;
    frame.fault = &fault;
    toy_send(toy, &frame);
}

static void toy_fill_head(const Toy *toy, Tc__Head *out, uint8_t signature[64])
{
    TcDigest over;
    tc__head__init(out);
    tc_digest_head(&toy->world->authority, &toy->world->broker, &toy->head, &over);
    tc_sign_digest(toy->world->broker_secret, over.b, signature);
    out->batch = toy->head.batch;
    out->last_sequence = toy->head.last_sequence;
    out->at = toy->head.at;
    out->root = pack_bytes(toy->head.root.b, 32);
    out->previous = pack_bytes(toy->head.previous.b, 32);
    out->last_hash = pack_bytes(toy->head.last_hash.b, 32);
    out->signature = pack_bytes(signature, 64);
}

void toy_welcome(Toy *toy)
{
    uint8_t signature[64];
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Welcome welcome = TC__WELCOME__INIT;
    Tc__Head head;
    welcome.version = 1;
    welcome.broker = pack_bytes(toy->world->broker.b, 16);
    welcome.session = pack_bytes(toy->world->session.b, 16);
    welcome.credit = welcome.max_items = 256;
    welcome.max_frame = 1024 * 1024;
    welcome.now_at = g_get_real_time() + toy->clock_off;
    welcome.directory_serial = toy->world->serial;
    welcome.last_delivery = toy->deliveries;
    toy_fill_head(toy, &head, signature);
    welcome.head = toy->head.batch == 0 ? NULL : &head;
    frame.welcome = &welcome;
    toy_send(toy, &frame);
}

void toy_answer_directory(Toy *toy, GBytes *directory)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Answer answer = TC__ANSWER__INIT;
    answer.id = toy->question;
    answer.directory = tc__signed_snapshot__unpack(NULL, g_bytes_get_size(directory), g_bytes_get_data(directory, NULL));
    frame.answer = &answer;
    toy_send(toy, &frame);
    tc__signed_snapshot__free_unpacked(answer.directory, NULL);
}

static void toy_receipt(Toy *toy, Tc__Receipt *receipt, Tc__Head *head)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Receipts receipts = TC__RECEIPTS__INIT;
    receipts.head = head;
    receipts.receipts = &receipt;
    receipts.n_receipts = 1;
    frame.receipts = &receipts;
    toy_send(toy, &frame);
}

/* The next batch, of one row. */
static void toy_log(Toy *toy, const ToyItem *item, TcDigest *previous)
{
    TcDigest leaf;
    TcAuditRow row = { .sequence = toy->head.last_sequence + 1, .at = g_get_real_time(), .service = "oakdale-carat",
                       .conversation = item->conversation, .message = item->message, .digest = item->digest, .detail = "",
                       .previous = toy->head.last_hash };
    row.event = item->type == TC__ITEM_TYPE__CODE__WRAP ? TC__AUDIT_EVENT__CODE__WRAPPED : TC__AUDIT_EVENT__CODE__ACCEPTED;
    tc_digest_audit(&row, &leaf);
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaf.b, 1);
    *previous = row.previous;
    toy->older = toy->head;
    toy->head = (TcHead){ .batch = toy->head.batch + 1, .last_sequence = row.sequence, .at = row.at, .previous = row.previous,
                          .last_hash = leaf };
    memcpy(toy->head.root.b, tc_merkle_root(tree), 32);
}

void toy_accept(Toy *toy, const ToyItem *item, void (*spoil)(Tc__Receipt *receipt, Tc__Head *head))
{
    uint8_t signature[64];
    TcDigest previous;
    Tc__Head head;
    Tc__Receipt receipt = TC__RECEIPT__INIT;
    receipt.digest = pack_bytes(item->digest.b, 32);
    receipt.outcome = TC__OUTCOME__CODE__ACCEPTED;
    if (item->type == TC__ITEM_TYPE__CODE__CONFIRMATION) {
        toy_receipt(toy, &receipt, NULL);
        return;
    }
    toy_log(toy, item, &previous);
    toy_fill_head(toy, &head, signature);
    receipt.has_sequence = receipt.has_at = receipt.has_previous = receipt.has_index = receipt.has_count = true;
    receipt.sequence = toy->head.last_sequence;
    receipt.at = toy->head.at;
    receipt.previous = pack_bytes(previous.b, 32);
    receipt.count = 1;
    if (spoil != NULL)
        spoil(&receipt, &head);
    toy_receipt(toy, &receipt, &head);
}

void toy_refuse(Toy *toy, const ToyItem *item, uint32_t code, const char *standing)
{
    Tc__Receipt receipt = TC__RECEIPT__INIT;
    receipt.digest = pack_bytes(item->digest.b, 32);
    receipt.outcome = TC__OUTCOME__CODE__REFUSED;
    receipt.has_code = true;
    receipt.code = code;
    receipt.standing = (char *)standing;
    toy_receipt(toy, &receipt, NULL);
}

const ToyItem *toy_item(const Toy *toy, guint i)
{
    assert_true(i < toy->items->len);
    return &g_array_index(toy->items, ToyItem, i);
}

unsigned toy_count(const Toy *toy, int type)
{
    unsigned count = 0;
    for (guint i = 0; i < toy->items->len; i++)
        count += g_array_index(toy->items, ToyItem, i).type == type;
    return count;
}

/* ---- In ---- */

static void toy_item_ids(ToyItem *item, const Tc__Item *from)
{
    if (item->type == TC__ITEM_TYPE__CODE__ENVELOPE) {
        Tc__Header *header = tc__header__unpack(NULL, from->body.len, from->body.data);
        memcpy(item->message.b, header->id.data, 16);
        memcpy(item->conversation.b, header->conversation.data, 16);
        tc__header__free_unpacked(header, NULL);
    } else if (item->type == TC__ITEM_TYPE__CODE__WRAP) {
        Tc__Wrap *wrap = tc__wrap__unpack(NULL, from->body.len, from->body.data);
        memcpy(item->message.b, wrap->message.data, 16);
        item->conversation = item->message; /* of a conversation's first message, which is all these tests send */
        tc__wrap__free_unpacked(wrap, NULL);
    }
}

static bool toy_signed_right(const Toy *toy, const Tc__Submit *submit, const uint8_t *leaves)
{
    TcDigest root, over;
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaves, submit->n_items);
    memcpy(root.b, tc_merkle_root(tree), 32);
    tc_digest_submission(&toy->world->authority, &toy->world->broker, &toy->world->session, &root, &over);
    return tc_sign_verify(tc_keys_signing_public(world_service(toy->world, "oakdale-carat")->keys), over.b, submit->signature.data);
}

static void toy_take_submit(Toy *toy, const Tc__Submit *submit)
{
    g_autofree uint8_t *leaves = g_malloc(32 * submit->n_items);
    toy->submits++;
    for (size_t i = 0; i < submit->n_items; i++) {
        const Tc__Item *from = submit->items[i];
        ToyItem item = { .type = (int)from->type, .retry = from->retry, .body = g_bytes_new(from->body.data, from->body.len) };
        tc_digest_item((uint8_t)item.type, from->body.data, from->body.len, &item.digest);
        memcpy(leaves + 32 * i, item.digest.b, 32);
        toy_item_ids(&item, from);
        g_array_append_val(toy->items, item);
    }
    toy->signatures_good &= toy_signed_right(toy, submit, leaves);
}

static void toy_take(Toy *toy, const Tc__Frame *frame)
{
    if (frame->hello != NULL) {
        toy->hellos++;
        toy->hello_held = frame->hello->held;
        if (toy->welcome_fault != 0)
            toy_fault(toy, toy->welcome_fault);
        else if (!toy->silent_hello)
            toy_welcome(toy);
    }
    if (frame->submit != NULL)
        toy_take_submit(toy, frame->submit);
    if (frame->query != NULL && frame->query->type == TC__QUERY_TYPE__CODE__DIRECTORY) {
        toy->asked++;
        toy->question = frame->query->id;
    }
}

static void toy_play(Toy *toy)
{
    zmq_msg_t part;
    zmq_msg_init(&part);
    while (zmq_msg_recv(&part, toy->socket, ZMQ_DONTWAIT) >= 0) {
        g_clear_pointer(&toy->peer, g_bytes_unref);
        toy->peer = g_bytes_new(zmq_msg_data(&part), zmq_msg_size(&part));
        assert_true(zmq_msg_recv(&part, toy->socket, 0) >= 0);
        Tc__Frame *frame = tc__frame__unpack(NULL, zmq_msg_size(&part), zmq_msg_data(&part));
        toy_take(toy, frame);
        tc__frame__free_unpacked(frame, NULL);
    }
    zmq_msg_close(&part);
}

void toy_until(Toy *const *toys, TcClient *client, bool (*condition)(void *ctx), void *ctx, const char *what)
{
    gint64 end = g_get_monotonic_time() + 8 * G_TIME_SPAN_SECOND;
    GPollFD fd = { .fd = tc_client_fd(client), .events = G_IO_IN };
    while (!condition(ctx)) {
        if (g_get_monotonic_time() > end)
            fail_msg("waited in vain for %s", what);
        tc_client_dispatch(client);
        for (Toy *const *toy = toys; *toy != NULL; toy++)
            toy_play(*toy);
        g_poll(&fd, 1, 5);
    }
}
