/* The broker's memory for a frame runs out at each allocation in turn: the frame, or the item, is refused as too large, or nothing is
 * missing from it. The frames are the fuzz targets': each kind that a client may send, good and bad. */
#include "budget.h"

#include "submit.h"

#define ARENAS_MOST 16

static const uint8_t token_key[DECODE_TOKEN_KEY_LEN] = { 1 };
static unsigned refused, ran_out;

static FrameIn *decode_with(GBytes *bytes, unsigned which, size_t most, TcProblem *problem)
{
    budget_begin(which, most);
    FrameIn *frame = decode_frame(bytes, token_key, problem);
    budget_begin(0, 0);
    return frame;
}

static void assert_same_item(const ItemIn *item, const ItemIn *whole, bool *same)
{
    if (item->refusal.code == TC_CODE_TOO_LARGE && whole->refusal.code != TC_CODE_TOO_LARGE) {
        *same = false;
        refused++;
        return;
    }
    assert_int_equal(item->refusal.code, whole->refusal.code);
    if (item->refusal.code == 0 && item->item.kind == ITEM_MESSAGE) {
        assert_memory_equal(item->item.digest.b, whole->item.digest.b, 32);
        assert_memory_equal(item->item.message.id.b, whole->item.message.id.b, 16);
        assert_string_equal(item->item.message.sender, whole->item.message.sender);
        assert_int_equal(item->item.message.token_count, whole->item.message.token_count);
    }
}

/* True when nothing was missing. */
static bool assert_clean(GBytes *bytes, unsigned which, size_t most, const FrameIn *whole, const TcProblem *why)
{
    bool same = true;
    TcProblem problem = { 0 };
    g_autoptr(FrameIn) frame = decode_with(bytes, which, most, &problem);
    if (frame == NULL && (whole != NULL || problem.code != why->code)) {
        assert_int_equal(problem.code, TC_CODE_TOO_LARGE);
        ran_out++;
        return false;
    }
    assert_true((frame == NULL) == (whole == NULL));
    if (frame == NULL)
        return true;
    assert_int_equal(frame->kind, whole->kind);
    if (frame->kind == FRAME_HELLO)
        assert_string_equal(frame->hello.station, whole->hello.station);
    for (size_t i = 0; frame->kind == FRAME_SUBMIT && i < frame->submit.count; i++)
        assert_same_item(&frame->submit.items[i], &whole->submit.items[i], &same);
    return same;
}

static void at_each_allocation(const uint8_t *data, size_t len)
{
    TcProblem problem = { 0 };
    g_autoptr(GBytes) bytes = g_bytes_new(data, len);
    g_autoptr(FrameIn) whole = decode_with(bytes, 0, 0, &problem);
    for (unsigned which = 1; which <= ARENAS_MOST; which++) {
        size_t most = 0;
        while (!assert_clean(bytes, which, most, whole, &problem))
            most += BUDGET_STEP;
        budget_begin(which, SIZE_MAX);
        frame_unref(decode_frame(bytes, token_key, &problem));
        if (!budget_met())
            break;
    }
    budget_begin(0, 0);
}

static void test_every_frame(void **state)
{
    (void)state;
    assert_true(budget_each("submit", at_each_allocation) >= 16);
    assert_true(ran_out > 1000 && refused > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_frame) };
    return cmocka_run_group_tests_name("budget_broker", tests, NULL, NULL);
}
