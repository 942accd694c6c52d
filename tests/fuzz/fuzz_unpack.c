/* Bytes from outside, unpacked. Whatever passes the check must fit its budget, pack again to bytes that pass too, and
 * come through JSON unchanged. */
#include "fuzz.h"

#include "proto/json.h"
#include "proto/unpack.h"
#include "types.h"

static GByteArray *pack(const ProtobufCMessage *message)
{
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_set_size(bytes, (guint)protobuf_c_message_get_packed_size(message));
    protobuf_c_message_pack(message, bytes->data);
    return bytes;
}

/* JSON leaves out what the type does not know, so the comparison starts from a message that went through it once. */
static GByteArray *through_json(const ProtobufCMessage *message)
{
    TcProblem problem;
    json_t *json = tc_json_from_message(message);
    GByteArray *bytes = tc_json_pack(message->descriptor, json, &problem);
    json_decref(json);
    g_assert(bytes != NULL);
    return bytes;
}

static void assert_same(const GByteArray *a, const GByteArray *b)
{
    g_assert(a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0));
}

static void assert_stable(const ProtobufCMessage *message)
{
    TcProblem problem;
    g_autoptr(GByteArray) once = through_json(message);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(once->len));
    ProtobufCMessage *same = tc_unpack(arena, message->descriptor, once->data, once->len, TC_UNKNOWN_REFUSED, &problem);
    g_assert(same != NULL);
    g_autoptr(GByteArray) packed = pack(same), twice = through_json(same);
    assert_same(packed, once);
    assert_same(twice, once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TcProblem problem = { 0 };
    if (size == 0)
        return 0;
    FuzzType chosen = fuzz_type(data[0]);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(size));
    ProtobufCMessage *message = tc_unpack(arena, chosen.type, data + 1, size - 1, chosen.unknown, &problem);
    if (message == NULL) {
        g_autofree char *sentence = tc_problem_sentence(&problem);
        g_assert(problem.code != TC_CODE_OK && problem.code != TC_CODE_TOO_LARGE);
        g_assert(g_utf8_validate(sentence, -1, NULL));
        return 0;
    }
    g_autoptr(GByteArray) again = pack(message);
    g_assert(tc_check(chosen.type, again->data, again->len, chosen.unknown, &problem));
    assert_stable(message);
    return 0;
}
