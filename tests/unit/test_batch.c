/* Batches: places in the log and in queues are given in order, the head is over all of it, and what failed can be taken back. */
#include "unit.h"

#include "broker/batch.h"
#include "proto/sign.h"

typedef struct Log { LogPosition position; Sealer sealer; uint8_t public_key[32], secret_key[64]; } Log;

static void open_log(Log *log)
{
    *log = (Log){ 0 };
    tc_sign_keypair(log->public_key, log->secret_key);
    log->sealer = (Sealer){ .signing_key = log->secret_key, .last_delivery = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
    memset(log->sealer.authority.b, 7, sizeof log->sealer.authority.b);
}

static void close_log(Log *log) { g_hash_table_unref(log->sealer.last_delivery); }

static Event *event_of(ItemKind kind, uint8_t mark, const uint8_t *body, size_t len)
{
    Event *event = g_new0(Event, 1);
    event->kind = EVENT_ITEM;
    event->item.kind = kind;
    event->item.body = (Span){ body, len };
    memset(event->item.digest.b, mark, sizeof event->item.digest.b);
    return event;
}

/* An event with so many audit rows, and a delivery to each recipient. */
static void add(Batch *batch, ItemKind kind, uint8_t mark, size_t rows, const char *const *recipients)
{
    static const uint8_t body[64];
    Decision decision;
    decision_init(&decision);
    Event *event = event_of(kind, mark, body, sizeof body);
    for (size_t i = 0; i < rows; i++) {
        AuditRow row = { .event = (int)i + 1, .service = "carat", .digest = event->item.digest };
        g_array_append_val(decision.audit, row);
    }
    for (; recipients && *recipients; recipients++) {
        DeliveryRow row = { .recipient = *recipients };
        g_array_append_val(decision.deliveries, row);
    }
    batch_add(batch, event, &decision);
}

static const SealedAudit *row(const Batch *batch, guint i) { return &g_array_index(batch->audit, SealedAudit, i); }
static uint64_t number(const Batch *batch, guint i) { return g_array_index(batch->delivery_numbers, uint64_t, i); }

static void test_rows_are_numbered_and_chained(void **state)
{
    static const char *const both[] = { "cjip", "spoc", NULL }, *const one[] = { "cjip", NULL };
    Log log;
    (void)state;
    open_log(&log);
    log.position = (LogPosition){ .batch = 4, .sequence = 9, .last_hash = { { 1, 2, 3 } } };
    TcDigest before = log.position.last_hash, hash;
    Batch *batch = batch_new();
    add(batch, ITEM_MESSAGE, 1, 2, both);
    add(batch, ITEM_WRAP, 2, 1, one);
    batch_seal(batch, &log.sealer, &log.position, 1234);
    assert_int_equal(batch->audit->len, 3);
    for (guint i = 0; i < 3; i++) {
        assert_int_equal(row(batch, i)->row.sequence, 10 + i);
        assert_int_equal(row(batch, i)->row.at, 1234);
        assert_memory_equal(row(batch, i)->row.previous.b, before.b, 32);
        tc_digest_audit(&row(batch, i)->row, &hash);
        assert_memory_equal(row(batch, i)->hash.b, hash.b, 32);
        before = hash;
    }
    assert_memory_equal(log.position.last_hash.b, before.b, 32);
    assert_int_equal(log.position.sequence, 12);
    assert_int_equal(log.position.batch, 5);
    assert_int_equal(number(batch, 0), 1); /* cjip */
    assert_int_equal(number(batch, 1), 1); /* spoc */
    assert_int_equal(number(batch, 2), 2); /* cjip's next */
    batch_free(batch);
    close_log(&log);
}

static void test_the_head_is_signed_over_every_row(void **state)
{
    Log log;
    TcDigest over;
    uint8_t path[TC_MERKLE_MAX_PATH * TC_MERKLE_LEN], root[TC_MERKLE_LEN];
    (void)state;
    open_log(&log);
    Batch *batch = batch_new();
    for (uint8_t i = 0; i < 5; i++)
        add(batch, ITEM_MESSAGE, i, 2, NULL);
    batch_seal(batch, &log.sealer, &log.position, 99);
    batch_sign(batch, &log.sealer);
    for (guint i = 0; i < batch->audit->len; i++) {
        size_t nodes = tc_merkle_path(batch->tree, i, path);
        assert_true(tc_merkle_climb(row(batch, i)->hash.b, i, batch->audit->len, path, nodes, root));
        assert_memory_equal(root, batch->head.root.b, TC_MERKLE_LEN);
    }
    tc_digest_head(&log.sealer.authority, &log.sealer.broker, &batch->head, &over);
    assert_true(tc_sign_verify(log.public_key, over.b, batch->signature));
    batch->head.last_sequence++;
    tc_digest_head(&log.sealer.authority, &log.sealer.broker, &batch->head, &over);
    assert_false(tc_sign_verify(log.public_key, over.b, batch->signature));
    batch_free(batch);
    close_log(&log);
}

static void test_the_next_batch_goes_on_where_the_last_ended(void **state)
{
    static const char *const one[] = { "cjip", NULL };
    Log log;
    (void)state;
    open_log(&log);
    Batch *first = batch_new(), *second = batch_new();
    add(first, ITEM_MESSAGE, 1, 1, one);
    add(second, ITEM_MESSAGE, 2, 1, one);
    batch_seal(first, &log.sealer, &log.position, 1);
    batch_seal(second, &log.sealer, &log.position, 2);
    assert_int_equal(second->head.batch, first->head.batch + 1);
    assert_memory_equal(second->head.previous.b, first->head.last_hash.b, 32);
    assert_memory_equal(row(second, 0)->row.previous.b, row(first, 0)->hash.b, 32);
    assert_int_equal(number(second, 0), number(first, 0) + 1);
    batch_free(first);
    batch_free(second);
    close_log(&log);
}

static void test_it_is_full_at_512_messages_or_512_kib(void **state)
{
    static const uint8_t large[64 * 1024];
    Decision decision;
    (void)state;
    Batch *batch = batch_new();
    for (int i = 0; i < 511; i++)
        add(batch, ITEM_MESSAGE, 0, 1, NULL);
    assert_false(batch_full(batch));
    add(batch, ITEM_WRAP, 0, 1, NULL);
    assert_false(batch_full(batch)); /* a wrap is no message */
    add(batch, ITEM_MESSAGE, 0, 1, NULL);
    assert_true(batch_full(batch));
    batch_free(batch);
    batch = batch_new();
    for (int i = 0; i < 8; i++) {
        assert_false(batch_full(batch));
        decision_init(&decision);
        batch_add(batch, event_of(ITEM_MESSAGE, 0, large, sizeof large), &decision);
    }
    assert_true(batch_full(batch));
    batch_free(batch);
}

static void test_only_confirmations_is_noticed(void **state)
{
    (void)state;
    Batch *batch = batch_new();
    add(batch, ITEM_CONFIRMATION, 1, 1, NULL);
    assert_true(batch->only_confirmations);
    add(batch, ITEM_WRAP, 1, 1, NULL);
    assert_false(batch->only_confirmations);
    batch_free(batch);
}

static void test_it_waits_for_half_of_a_crowd_and_no_longer_than_a_millisecond(void **state)
{
    (void)state;
    Batch *batch = batch_new();
    add(batch, ITEM_CONFIRMATION, 1, 1, NULL);
    assert_true(batch_waits(batch, 1, 999)); /* confirmations alone */
    assert_false(batch_waits(batch, 1, 1000));
    add(batch, ITEM_MESSAGE, 1, 1, NULL);
    assert_false(batch_waits(batch, 1, 0)); /* one sender, or few: at once */
    assert_false(batch_waits(batch, 7, 0));
    assert_true(batch_waits(batch, 8, 999));
    assert_false(batch_waits(batch, 8, 1000));
    for (int i = 0; i < 2; i++)
        add(batch, ITEM_MESSAGE, 1, 1, NULL);
    assert_true(batch_waits(batch, 8, 0));
    add(batch, ITEM_MESSAGE, 1, 1, NULL);
    assert_false(batch_waits(batch, 8, 0)); /* half of them are here */
    batch_free(batch);
}

static void test_events_are_taken_back_in_order(void **state)
{
    (void)state;
    Batch *batch = batch_new();
    for (uint8_t i = 0; i < 4; i++)
        add(batch, ITEM_MESSAGE, i, 1, NULL);
    g_autoptr(GPtrArray) events = batch_take_events(batch);
    batch_free(batch); /* must not free them */
    assert_int_equal(events->len, 4);
    for (guint i = 0; i < events->len; i++) {
        Event *event = events->pdata[i];
        assert_int_equal(event->item.digest.b[0], i);
        event_free(event);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_numbered_and_chained),
        cmocka_unit_test(test_the_head_is_signed_over_every_row),
        cmocka_unit_test(test_the_next_batch_goes_on_where_the_last_ended),
        cmocka_unit_test(test_it_is_full_at_512_messages_or_512_kib),
        cmocka_unit_test(test_only_confirmations_is_noticed),
        cmocka_unit_test(test_it_waits_for_half_of_a_crowd_and_no_longer_than_a_millisecond),
        cmocka_unit_test(test_events_are_taken_back_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
