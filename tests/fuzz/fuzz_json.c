/* JSON text from outside, packed. Whatever is taken must pass the check as bytes, which tc_json_to_message holds. */
#include "fuzz.h"

#include "proto/json.h"
#include "proto/unpack.h"
#include "types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TcProblem problem = { 0 };
    json_t *json = size == 0 ? NULL : json_loadb((const char *)data + 1, size - 1, JSON_ALLOW_NUL, NULL);
    if (json == NULL)
        return 0;
    const ProtobufCMessageDescriptor *type = fuzz_type(data[0]).type;
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(size));
    ProtobufCMessage *message = tc_json_to_message(arena, type, json, &problem);
    json_decref(json);
    g_assert((message == NULL) == (problem.code != TC_CODE_OK));
    g_assert(problem.code != TC_CODE_TOO_LARGE);
    if (message != NULL)
        json_decref(tc_json_from_message(message));
    return 0;
}
