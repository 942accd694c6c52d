/* Frames that a broker sends: each is what the protocol allows (the SDK's own check says so), and says what went in. */
#include "unit.h"

#include "broker/encode.h"
#include "proto/unpack.h"
#include "submit.h"

static Tc__Frame *read_frame(TcArena *arena, GByteArray *bytes)
{
    TcProblem problem;
    Tc__Frame *frame = (Tc__Frame *)tc_unpack(arena, &tc__frame__descriptor, bytes->data, bytes->len, TC_UNKNOWN_REFUSED, &problem);
    if (frame == NULL)
        fail_msg("%s %s", tc_errors_name(problem.code), problem.field);
    g_byte_array_unref(bytes);
    return frame;
}

static SignedHead a_head(void)
{
    return (SignedHead){ { 4, 9, WORLD_NOW, { { 1 } }, { { 2 } }, { { 3 } } }, { 5 } };
}

static void test_welcome(void **state)
{
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    WelcomeOut welcome = { .session = submit_session, .credit = 256, .max_frame = DECODE_MAX_FRAME, .max_items = 256,
                           .now_at = WORLD_NOW, .directory_serial = 3, .last_delivery = 11 };
    (void)state;
    memcpy(welcome.broker.b, sample_16, 16);
    Tc__Frame *frame = read_frame(arena, encode_welcome(&welcome));
    assert_null(frame->welcome->head);
    assert_int_equal(frame->welcome->version, ENCODE_VERSION);
    assert_int_equal(frame->welcome->last_delivery, 11);
    welcome.head = a_head();
    frame = read_frame(arena, encode_welcome(&welcome));
    assert_int_equal(frame->welcome->head->batch, 4);
    assert_int_equal(frame->welcome->head->last_hash.data[0], 3);
}

static void test_receipts(void **state)
{
    uint8_t leaves[5][32] = { { 1 }, { 2 }, { 3 }, { 4 }, { 5 } }, root[32];
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaves[0], 5);
    TcAuditRow row = { .sequence = 8, .at = WORLD_NOW };
    SignedHead head = a_head();
    ReceiptOut receipts[] = {
        { .digest = { { 7 } }, .row = &row, .tree = tree, .index = 3 },
        { .digest = { { 8 } }, .refusal = { TC_CODE_WRONG_STATE, "header.kind", "met" } },
        { .digest = { { 9 } } },
    };
    (void)state;
    Tc__Frame *frame = read_frame(arena, encode_receipts(&head, receipts, G_N_ELEMENTS(receipts)));
    const Tc__Receipt *proved = frame->receipts->receipts[0], *refused = frame->receipts->receipts[1];
    uint8_t path[8 * 32];
    for (size_t i = 0; i < proved->n_path; i++)
        memcpy(path + 32 * i, proved->path[i].data, 32);
    assert_true(tc_merkle_climb(leaves[3], proved->index, proved->count, path, proved->n_path, root));
    assert_memory_equal(root, tc_merkle_root(tree), 32);
    assert_int_equal(proved->sequence, 8);
    assert_int_equal(refused->code, TC_CODE_WRONG_STATE);
    assert_string_equal(refused->standing, "met");
    assert_false(frame->receipts->receipts[2]->has_sequence);
    assert_int_equal(frame->receipts->head->batch, 4);
    frame = read_frame(arena, encode_receipts(NULL, receipts + 1, 1));
    assert_null(frame->receipts->head);
}

static Span span_of(const void *data, size_t len)
{
    return (Span){ data, len };
}

static StoredDelivery a_message(uint64_t number, const uint8_t *content, size_t len)
{
    StoredDelivery delivery = { .number = number, .type = DELIVERY_MESSAGE, .at = WORLD_NOW, .header = span_of("head", 4),
                                .content = span_of(content, len), .sequence = 6 };
    delivery.provenance.count = 1;
    memcpy(delivery.message.b, sample_16, 16);
    return delivery;
}

static void test_deliver(void **state)
{
    static uint8_t content[40], path[96] = { 1 };
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    GStringChunk *chunk = g_string_chunk_new(64);
    TcId ids[2] = { { { 1 } }, { { 2 } } };
    StoredWrap wrap = { span_of("wrap", 4), { .count = 5, .index = 2, .path = { path, 96 } } };
    EvidenceOut evidence = { .step = STEP_NOT_ANSWERED, .messages = ids, .message_count = 2, .by = "cjip", .at = WORLD_NOW,
                             .policy = POLICY_NAMED, .role = ROLE_SPOC, .station = "desk", .worker = "w-1" };
    int parts[] = { PART_MINIMUM, PART_RISK };
    WrapRequestOut request = { .message = ids[0], .service = "cjip", .key_id = { { 3 } }, .parts = parts, .part_count = 2 };
    NoticeOut notice = { .clock = ids[1], .conversation = ids[0], .message = ids[0], .policy = POLICY_NAMED,
                         .kind = KIND_RELEASE_NOTIFICATION, .role = ROLE_SPOC, .waiting_for = "cjip",
                         .since_at = 1, .due_at = 2, .rung = 0 };
    StoredDelivery deliveries[] = {
        a_message(1, content, sizeof content),
        { .number = 2, .type = DELIVERY_WRAPS, .at = WORLD_NOW, .wraps = &wrap, .wrap_count = 1 },
        { .number = 3, .type = DELIVERY_EVIDENCE, .at = WORLD_NOW, .body = encode_evidence(chunk, &evidence) },
        { .number = 4, .type = DELIVERY_WRAP_REQUEST, .at = WORLD_NOW, .body = encode_wrap_request(chunk, &request) },
        { .number = 5, .type = DELIVERY_NOTICE, .at = WORLD_NOW, .body = encode_notice(chunk, &notice) },
        a_message(6, content, sizeof content),
    };
    size_t taken;
    (void)state;
    deliveries[0].wraps = &wrap;
    deliveries[0].wrap_count = 1;
    deliveries[5].recalled_before_held = true;
    Tc__Frame *frame = read_frame(arena, encode_deliver(deliveries, G_N_ELEMENTS(deliveries), DECODE_MAX_FRAME, &taken));
    Tc__Delivery **out = frame->deliver->deliveries;
    assert_int_equal(taken, 6);
    assert_int_equal(out[0]->message->content.len, sizeof content);
    assert_int_equal(out[0]->n_wraps, 1);
    assert_int_equal(out[1]->wraps[0]->provenance->n_path, 3);
    assert_int_equal(out[2]->evidence->n_messages, 2);
    assert_string_equal(out[2]->evidence->worker, "w-1");
    assert_int_equal(out[2]->evidence->policy, POLICY_NAMED);
    assert_int_equal(out[3]->wrap_request->n_parts, 2);
    assert_string_equal(out[4]->notice->waiting_for, "cjip");
    assert_int_equal(out[5]->type, DELIVERY_RECALLED);
    assert_null(out[5]->message);
    assert_memory_equal(out[5]->recalled.data, sample_16, 16);
    g_string_chunk_free(chunk);
}

/* A frame is filled up to the limit and no further, but one delivery always goes. */
static void test_deliver_limit(void **state)
{
    static uint8_t content[1000];
    StoredDelivery deliveries[40];
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(deliveries); i++)
        deliveries[i] = a_message(i + 1, content, sizeof content);
    for (size_t limit = 10; limit < 30000; limit += 733) {
        size_t taken;
        g_autoptr(GByteArray) bytes = encode_deliver(deliveries, G_N_ELEMENTS(deliveries), limit, &taken);
        assert_true(taken >= 1);
        assert_true(taken == 1 || bytes->len <= limit);
        if (limit > 3000)
            assert_true(taken >= limit / 1200);
    }
}

static void test_small_frames(void **state)
{
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    FaultOut fault = { TC_CODE_LEAVING, NULL, true, 500 };
    AnnounceOut announce = { .directory_serial = 4, .head = a_head(), .database_away = true, .directory_expires_at = WORLD_NOW };
    (void)state;
    Tc__Frame *frame = read_frame(arena, encode_fault(&fault));
    assert_int_equal(frame->fault->code, TC_CODE_LEAVING);
    assert_int_equal(frame->fault->retry_after_ms, 500);
    frame = read_frame(arena, encode_announce(&announce));
    assert_true(frame->announce->database_away);
    assert_int_equal(frame->announce->head->batch, 4);
}

static void test_answers(void **state)
{
    g_autoptr(TcArena) arena = tc_arena_new(1 << 23);
    g_autoptr(TcDirectory) directory = world_directory();
    SignedHead head = a_head();
    QueueOut queues[] = { { "cjip", 3, WORLD_NOW, true }, { "carat", 0, 0, false } };
    g_autofree TraceRowPlain *rows = g_new0(TraceRowPlain, 1500);
    (void)state;
    for (size_t i = 0; i < 1500; i++)
        rows[i] = (TraceRowPlain){ .sequence = i + 1, .at = WORLD_NOW, .event = AUDIT_ACCEPTED, .service = "carat",
                                   .kind = KIND_RECALL, .detail = "" };
    Tc__Frame *frame = read_frame(arena, encode_answer_refused(7, TC_CODE_NOT_FOUND));
    assert_int_equal(frame->answer->code, TC_CODE_NOT_FOUND);
    frame = read_frame(arena, encode_answer_directory(7, directory));
    Tc__SignedSnapshot *snapshot = frame->answer->directory;
    g_autoptr(GByteArray) packed = sample_pack(&snapshot->base);
    assert_memory_equal(packed->data, g_bytes_get_data(directory->signed_bytes, NULL), packed->len);
    frame = read_frame(arena, encode_answer_head(7, &head));
    assert_int_equal(frame->answer->head->batch, 4);
    frame = read_frame(arena, encode_answer_queues(7, queues, 2, DECODE_MAX_FRAME));
    assert_int_equal(frame->answer->n_queues, 2);
    assert_false(frame->answer->queues[1]->has_oldest_at);
    frame = read_frame(arena, encode_answer_trace(7, rows, 1500, DECODE_MAX_FRAME));
    assert_int_equal(frame->answer->n_trace, 1000);
    frame = read_frame(arena, encode_answer_trace(7, rows, 1500, 500));
    assert_in_range(frame->answer->n_trace, 5, 25);
    assert_null(frame->answer->trace[0]->detail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_welcome),
        cmocka_unit_test(test_receipts),
        cmocka_unit_test(test_deliver),
        cmocka_unit_test(test_deliver_limit),
        cmocka_unit_test(test_small_frames),
        cmocka_unit_test(test_answers),
    };
    return cmocka_run_group_tests_name("encode", tests, NULL, NULL);
}
