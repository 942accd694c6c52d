/* Any bytes as a frame from a client: refused, or decoded into items of which each is refused or decided, and nothing that is
 * refused leaves a row. The signature's check is asked too, and may not be right. */
#include "fuzz.h"

#include "../unit/submit.h"

static void decide_one(FrameIn *frame, size_t index, TcDirectory *directory, const TcService *service)
{
    World world = { .directory = directory, .now = WORLD_NOW, .oldest_id_at = 0 };
    Event *event = event_new_item(frame, index, directory, service, &service->stations[0], 1);
    Decision decision;
    decision_init(&decision);
    decide(event, &world, &decision);
    g_assert((decision.refusal.code != 0 || decision.no_effect) == (decision.audit->len == 0));
    if (decision.refusal.code != 0)
        g_assert(tc_errors_find((uint32_t)decision.refusal.code) != NULL && decision.deliveries->len == 0);
    decision_clear(&decision);
    event_free(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t token_key[DECODE_TOKEN_KEY_LEN] = { 1 };
    static TcDirectory *directory;
    TcProblem problem;
    if (directory == NULL)
        directory = world_directory();
    const TcService *carat = tc_directory_service(directory, "carat");
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    g_autoptr(FrameIn) frame = decode_frame(bytes, token_key, &problem);
    if (frame == NULL) {
        g_assert(tc_errors_find(problem.code) != NULL && g_utf8_validate(problem.field, -1, NULL));
        return 0;
    }
    if (frame->kind != FRAME_SUBMIT)
        return 0;
    decode_verify(frame, directory, carat, &submit_session, WORLD_NOW);
    for (size_t i = 0; i < frame->submit.count; i++) {
        const ItemIn *item = &frame->submit.items[i];
        if (item->refusal.code == 0)
            decide_one(frame, i, directory, carat);
        else
            g_assert(item->refusal.field != NULL && g_utf8_validate(item->refusal.field, -1, NULL));
    }
    return 0;
}
