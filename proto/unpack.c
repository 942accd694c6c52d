#include "proto/unpack.h"

#include "proto/problem.h"

/* What costs most for its bytes is a list of the smallest services: about twenty-five times. A test holds it. */
enum { UNPACK_FLOOR = 64 * 1024, UNPACK_GROWTH = 32 };

size_t tc_unpack_budget(size_t len)
{
    return UNPACK_FLOOR + UNPACK_GROWTH * len;
}

ProtobufCMessage *tc_unpack(TcArena *arena, const ProtobufCMessageDescriptor *type, const void *data, size_t len,
                            TcUnknown unknown, TcProblem *problem)
{
    if (!tc_check(type, data, len, unknown, problem))
        return NULL;
    ProtobufCMessage *message = protobuf_c_message_unpack(type, tc_arena_allocator(arena), len, len == 0 ? (const uint8_t *)"" : data);
    if (message == NULL)
        tc_problem_set(problem, TC_CODE_TOO_LARGE, NULL);
    return message;
}
