/* Unpacking: what is good arrives whole, what is not costs nothing, and hostile bytes stay within their budget. */
#include "unit.h"

#include "hex.h"
#include "proto/unpack.h"
#include "sample.h"

static ProtobufCMessage *unpack(TcArena *arena, const ProtobufCMessageDescriptor *type, const GByteArray *bytes,
                                TcProblem *problem)
{
    return tc_unpack(arena, type, bytes->data, bytes->len, TC_UNKNOWN_REFUSED, problem);
}

static void test_round(void **state)
{
    SampleHeader sample;
    TcProblem problem;
    (void)state;
    sample_header(&sample);
    g_autoptr(GByteArray) bytes = sample_pack(&sample.header.base);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(bytes->len));
    Tc__Header *header = (Tc__Header *)unpack(arena, &tc__header__descriptor, bytes, &problem);
    assert_non_null(header);
    assert_string_equal(header->sender, "carat-lei");
    assert_string_equal(header->release->expected_date, "2026-11-13");
    assert_int_equal(header->n_parts, 1);
    assert_memory_equal(header->parts[0]->commitment.data, sample_32, 32);
    g_autoptr(GByteArray) again = sample_pack(&header->base);
    assert_int_equal(again->len, bytes->len);
    assert_memory_equal(again->data, bytes->data, bytes->len);
}

static void test_refused_bytes_take_no_memory(void **state)
{
    TcProblem problem;
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    g_autoptr(GByteArray) bytes = hex_bytes("ffff");
    (void)state;
    assert_null(unpack(arena, &tc__frame__descriptor, bytes, &problem));
    assert_int_equal(problem.code, TC_CODE_MALFORMED);
    assert_int_equal(tc_arena_size(arena), 0);
}

/* 64 KB of fields within fields crashed protobuf-c through its recursion; here they are bytes of a field nobody knows,
 * or a type that ends. */
static void test_deep_nesting(void **state)
{
    TcProblem problem;
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    (void)state;
    for (guint i = 0; i < 32768; i++)
        g_byte_array_append(bytes, (const guint8 *)(i % 2 == 0 ? "\x0b" : "\x1a"), 1);
    assert_null(unpack(arena, &tc__frame__descriptor, bytes, &problem));
    assert_null(tc_unpack(arena, &tc__minimum__descriptor, bytes->data, bytes->len, TC_UNKNOWN_KEPT, &problem));
    assert_int_equal(tc_arena_size(arena), 0);
}

/* The two-byte submessages that made a megabyte seventy-six. */
static void test_amplification(void **state)
{
    TcProblem problem;
    g_autoptr(TcArena) arena = tc_arena_new(1 << 20);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    (void)state;
    for (guint i = 0; i < 500000; i++)
        g_byte_array_append(bytes, (const guint8 *)"\x12\x00", 2);
    assert_null(tc_unpack(arena, &tc__minimum__descriptor, bytes->data, bytes->len, TC_UNKNOWN_KEPT, &problem));
    assert_string_equal(problem.field, "minimum.contacts[0].kind");
    assert_int_equal(tc_arena_size(arena), 0);
}

/* The dearest good message for its bytes: a snapshot of nothing but the smallest services. */
static GByteArray *many_small_services(void)
{
    static Tc__ServiceEntry entry = TC__SERVICE_ENTRY__INIT;
    static Tc__ServiceEntry *services[2000];
    Tc__BrokerEntry broker = TC__BROKER_ENTRY__INIT;
    Tc__Snapshot snapshot = TC__SNAPSHOT__INIT;
    entry.id = entry.name = entry.organisation = entry.area = (char *)"a";
    entry.kind = TC__SERVICE_KIND__CODE__CARAT;
    for (size_t i = 0; i < G_N_ELEMENTS(services); i++)
        services[i] = &entry;
    broker.id = sample_bytes(sample_16, 16);
    broker.curve_key = snapshot.authority = sample_bytes(sample_32, 32);
    snapshot.broker = &broker;
    snapshot.name = (char *)"a";
    snapshot.services = services;
    snapshot.n_services = G_N_ELEMENTS(services);
    return sample_pack(&snapshot.base);
}

static void test_the_usual_budget_is_enough(void **state)
{
    TcProblem problem;
    g_autoptr(GByteArray) bytes = many_small_services();
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(bytes->len));
    (void)state;
    if (unpack(arena, &tc__snapshot__descriptor, bytes, &problem) == NULL)
        fail_msg("%s", tc_problem_sentence(&problem));
    assert_true(tc_arena_size(arena) <= tc_unpack_budget(bytes->len));
}

static void test_over_budget(void **state)
{
    TcProblem problem;
    g_autoptr(GByteArray) bytes = many_small_services();
    (void)state;
    for (size_t budget = 0; budget < 8 * bytes->len; budget += 9973) {
        g_autoptr(TcArena) arena = tc_arena_new(budget);
        assert_null(unpack(arena, &tc__snapshot__descriptor, bytes, &problem));
        assert_int_equal(problem.code, TC_CODE_TOO_LARGE);
        assert_true(tc_arena_size(arena) <= budget);
    }
}

/* A budget that runs out at every allocation of a whole header in turn: nothing is half there, and the first budget that is enough is. */
static void test_out_at_each_allocation(void **state)
{
    SampleHeader sample;
    TcProblem problem;
    bool enough = false;
    (void)state;
    sample_header(&sample);
    g_autoptr(GByteArray) bytes = sample_pack(&sample.header.base);
    for (size_t budget = 0; budget <= tc_unpack_budget(bytes->len); budget++) {
        g_autoptr(TcArena) arena = tc_arena_new(budget);
        ProtobufCMessage *message = unpack(arena, &tc__header__descriptor, bytes, &problem);
        assert_true(message != NULL || problem.code == TC_CODE_TOO_LARGE);
        assert_true(message != NULL || !enough);
        enough = message != NULL;
    }
    assert_true(enough);
}

static void test_arena(void **state)
{
    TcArena *arena = tc_arena_new(100000);
    (void)state;
    assert_null(tc_arena_alloc(arena, 100001));
    assert_null(tc_arena_alloc(arena, SIZE_MAX));
    for (size_t size = 0; size < 300; size++) {
        uint8_t *memory = tc_arena_alloc(arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 16, 0);
        memset(memory, (int)size, size);
    }
    assert_null(tc_arena_alloc(arena, 60000));
    TcArena *same = tc_arena_ref(arena);
    tc_arena_unref(arena);
    assert_non_null(tc_arena_alloc(same, 16));
    tc_arena_unref(same);
    tc_arena_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_refused_bytes_take_no_memory),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_amplification),
        cmocka_unit_test(test_the_usual_budget_is_enough),
        cmocka_unit_test(test_out_at_each_allocation),
        cmocka_unit_test(test_over_budget),
        cmocka_unit_test(test_arena),
    };
    return cmocka_run_group_tests_name("unpack", tests, NULL, NULL);
}
