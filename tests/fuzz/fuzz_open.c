/* What comes out of a seal: the sealer may be anybody with a key, so opened bytes are bytes from outside. The first byte says which
 * part, or 0 the content that holds them. What can be read is shown, and made into a dose page if it is clinical. */
#include "fuzz.h"

#include "adapters/sdk/open.h"
#include "adapters/sdk/seal.h"
#include "proto/unpack.h"

#include <stdlib.h>

static void fuzz_content(const uint8_t *data, size_t size)
{
    TcProblem problem = { 0 };
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(size));
    const Tc__Content *content = (const Tc__Content *)tc_unpack(arena, &tc__content__descriptor, data, size, TC_UNKNOWN_KEPT, &problem);
    for (size_t i = 0; content != NULL && i < content->n_parts; i++)
        g_assert(content->parts[i]->sealed.len >= 16);
}

/* A page is at most sixty lines of 78 columns, whatever the doses say. */
static void fuzz_page(json_t *clinical)
{
    TcError error = { 0 };
    json_t *message = json_pack("{s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s},s:{s:{},s:O}}", "kind", "dose_answer", "id", "a", "signature", "good", "sender",
                                "health", "recipient", "scripts", "dose_answer", "reply", "confirmed", "valid_until_at",
                                "2031-01-01T00:00:00Z", "parts", "minimum", "clinical", clinical);
    char *page = tc_dose_page(message, NULL, INT64_C(1795531200000000), &error);
    g_assert((page == NULL) == (error.code[0] != '\0'));
    unsigned lines = 0, columns = 0;
    for (const char *at = page; at != NULL && *at != '\0'; at = g_utf8_next_char(at)) {
        columns = *at == '\n' ? 0 : columns + 1;
        lines += *at == '\n';
        g_assert(columns <= 78 && lines <= 60);
    }
    free(page);
    json_decref(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TcProblem problem = { 0 };
    int part = size == 0 ? 0 : data[0] % SEAL_PARTS;
    if (size == 0)
        return 0;
    if (part == 0) {
        fuzz_content(data + 1, size - 1);
        return 0;
    }
    json_t *json = open_plain(part, data + 1, size - 1, &problem);
    g_assert((json == NULL) == (problem.code != TC_CODE_OK));
    if (json != NULL && part == TC__PART__CODE__CLINICAL)
        fuzz_page(json);
    json_decref(json);
    return 0;
}
