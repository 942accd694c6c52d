#include "broker/decode.h"

#include "broker/codes.h"
#include "broker/decode_item.h"
#include "proto/digests.h"
#include "proto/merkle.h"
#include "proto/sign.h"
#include "proto/unpack.h"

/* codes.def restates values so that the rules need no generated types; here they are held to them. */
#define CODE(prefix, LIST, NAME, value) _Static_assert((int)prefix##_##NAME == (int)TC__##LIST##__CODE__##NAME, #LIST "." #NAME);
#include "broker/codes.def"
#undef CODE

/* Beyond what unpacking takes: the plain structs of one item with 64 keys and its path. */
enum { DECODE_PLAIN_ITEM = 16 * 1024 };

static bool decode_refuse(TcProblem *problem, TcCode code, const char *field)
{
    *problem = (TcProblem){ .code = code };
    g_strlcpy(problem->field, field, sizeof problem->field);
    return false;
}

/* Bodies are unpacked into the same arena after the frame, so the budget holds both. */
static size_t decode_budget(size_t len)
{
    return 2 * tc_unpack_budget(len) + (DECODE_MAX_ITEMS + 1) * (tc_unpack_budget(0) + DECODE_PLAIN_ITEM);
}

static void decode_hello(const Tc__Hello *from, HelloIn *to)
{
    *to = (HelloIn){ .version_min = from->version_min, .version_max = from->version_max, .credit = from->credit,
                     .service = from->service, .station = from->station,
                     .software = from->software == NULL ? "" : from->software,
                     .held = from->held, .directory_serial = from->directory_serial };
}

static void decode_query(const Tc__Query *from, QueryIn *to)
{
    *to = (QueryIn){ .id = from->id, .type = (int)from->type, .batch = from->has_batch ? from->batch : 0 };
    if (from->has_conversation)
        memcpy(to->conversation.b, from->conversation.data, sizeof to->conversation.b);
}

/* The tree over the items' digests: its root, and each item's path for whoever checks that item alone. */
static bool decode_tree(TcArena *arena, SubmitIn *submit)
{
    uint8_t *leaves = tc_arena_alloc(arena, submit->count * TC_MERKLE_LEN);
    if (leaves == NULL)
        return false;
    for (size_t i = 0; i < submit->count; i++)
        memcpy(leaves + i * TC_MERKLE_LEN, submit->items[i].item.digest.b, TC_MERKLE_LEN);
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaves, submit->count);
    memcpy(submit->root.b, tc_merkle_root(tree), sizeof submit->root.b);
    for (size_t i = 0; i < submit->count; i++) {
        Provenance *provenance = &submit->items[i].item.provenance;
        size_t nodes = tc_merkle_path_len(i, submit->count);
        uint8_t *path = tc_arena_alloc(arena, nodes * TC_MERKLE_LEN);
        if (path == NULL)
            return false;
        tc_merkle_path(tree, i, path);
        provenance->index = (uint32_t)i;
        provenance->count = (uint32_t)submit->count;
        provenance->path = (Span){ path, nodes * TC_MERKLE_LEN };
    }
    return true;
}

static bool decode_submit(TcArena *arena, const Tc__Submit *from, const uint8_t *token_key, SubmitIn *to,
                          TcProblem *problem)
{
    if (from->n_items == 0)
        return decode_refuse(problem, TC_CODE_MISSING_FIELD, "submit.items");
    to->count = from->n_items;
    to->items = tc_arena_alloc(arena, to->count * sizeof *to->items);
    if (to->items == NULL)
        return decode_refuse(problem, TC_CODE_TOO_LARGE, "submit");
    memset(to->items, 0, to->count * sizeof *to->items);
    memcpy(to->signature, from->signature.data, sizeof to->signature);
    for (size_t i = 0; i < to->count; i++)
        decode_item(arena, from->items[i], token_key, &to->items[i]);
    return decode_tree(arena, to) || decode_refuse(problem, TC_CODE_TOO_LARGE, "submit");
}

static bool decode_fields(TcArena *arena, const Tc__Frame *from, const uint8_t *token_key, FrameIn *to,
                          TcProblem *problem)
{
    if (from->hello != NULL) {
        to->kind = FRAME_HELLO;
        decode_hello(from->hello, &to->hello);
    } else if (from->query != NULL) {
        to->kind = FRAME_QUERY;
        decode_query(from->query, &to->query);
    } else if (from->submit != NULL) {
        to->kind = FRAME_SUBMIT;
        return decode_submit(arena, from->submit, token_key, &to->submit, problem);
    } else {
        return decode_refuse(problem, TC_CODE_MALFORMED, ""); /* a broker's frame */
    }
    return true;
}

FrameIn *decode_frame(GBytes *bytes, const uint8_t *token_key, TcProblem *problem)
{
    size_t len;
    const uint8_t *data = g_bytes_get_data(bytes, &len);
    if (len > DECODE_MAX_FRAME) {
        decode_refuse(problem, TC_CODE_TOO_LARGE, "");
        return NULL;
    }
    g_autoptr(TcArena) arena = tc_arena_new(decode_budget(len));
    Tc__Frame *from = (Tc__Frame *)tc_unpack(arena, &tc__frame__descriptor, data, len, TC_UNKNOWN_REFUSED, problem);
    if (from == NULL)
        return NULL;
    FrameIn *frame = g_new0(FrameIn, 1);
    g_atomic_ref_count_init(&frame->references);
    frame->arena = g_steal_pointer(&arena);
    if (!decode_fields(frame->arena, from, token_key, frame, problem))
        g_clear_pointer(&frame, frame_unref);
    return frame;
}

FrameIn *frame_ref(FrameIn *frame)
{
    g_atomic_ref_count_inc(&frame->references);
    return frame;
}

void frame_unref(FrameIn *frame)
{
    if (frame == NULL || !g_atomic_ref_count_dec(&frame->references))
        return;
    tc_arena_unref(frame->arena);
    g_free(frame);
}

static bool decode_signed_by(const SubmitIn *submit, const TcService *service, const TcDigest *digest, int64_t now)
{
    for (size_t i = 0; i < service->signing_key_count; i++) {
        const TcKeySpan *key = &service->signing_keys[i];
        if (key->from_at <= now && (key->until_at == 0 || now < key->until_at)
            && tc_sign_verify(key->key.b, digest->b, submit->signature))
            return true;
    }
    return false;
}

Refusal decode_verify(FrameIn *frame, const TcDirectory *directory, const TcService *service, const TcId *session,
                      int64_t now)
{
    TcDigest digest;
    SubmitIn *submit = &frame->submit;
    tc_digest_submission(&directory->authority, &directory->broker, session, &submit->root, &digest);
    if (!decode_signed_by(submit, service, &digest, now))
        return (Refusal){ TC_CODE_BAD_SIGNATURE, "submit.signature", NULL };
    for (size_t i = 0; i < submit->count; i++) {
        Provenance *provenance = &submit->items[i].item.provenance;
        provenance->session = *session;
        memcpy(provenance->signature, submit->signature, sizeof provenance->signature);
    }
    return (Refusal){ 0 };
}
