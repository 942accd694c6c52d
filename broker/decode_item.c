#include "broker/decode_item.h"

#include "broker/codes.h"
#include "broker/decode_group.h"
#include "broker/kind.h"
#include "proto/digests.h"
#include "proto/unpack.h"

#include <sodium.h>

static Refusal decode_item_refuse(int code, const char *field)
{
    return (Refusal){ code, field, NULL };
}

/* A problem of form; its field outlives the problem. */
static Refusal decode_item_problem(TcArena *arena, const TcProblem *problem)
{
    char *field = tc_arena_alloc(arena, sizeof problem->field);
    if (field == NULL)
        return decode_item_refuse(TC_CODE_TOO_LARGE, "submit");
    g_strlcpy(field, problem->field, sizeof problem->field);
    return decode_item_refuse((int)problem->code, field);
}

/* Lengths are held by the check before this. */
static void decode_item_id(TcId *to, protobuf_c_boolean given, const ProtobufCBinaryData *from)
{
    if (given)
        memcpy(to->b, from->data, sizeof to->b);
}

static void decode_item_digest(TcDigest *to, const ProtobufCBinaryData *from)
{
    memcpy(to->b, from->data, sizeof to->b);
}

/* ---- Envelopes ---- */

static void decode_item_header(const Tc__Header *from, Message *to)
{
    decode_item_id(&to->id, true, &from->id);
    decode_item_id(&to->conversation, true, &from->conversation);
    decode_item_id(&to->in_reply_to, from->has_in_reply_to, &from->in_reply_to);
    decode_item_id(&to->supersedes, from->has_supersedes, &from->supersedes);
    decode_item_id(&to->about, from->has_about, &from->about);
    decode_item_digest(&to->content_digest, &from->content_digest);
    to->kind = (int)from->kind;
    to->sender = from->sender;
    to->worker = from->worker;
    to->recipient = from->recipient;
    decode_group_request(from->request, &to->request);
    to->created_at = from->created_at;
    to->event_at = from->has_event_at ? from->event_at : 0;
    to->due_at = from->has_due_at ? from->due_at : 0;
    to->urgency = from->has_urgency ? (int)from->urgency : 0;
    to->legal_basis = from->has_legal_basis ? (int)from->legal_basis : 0;
    to->sharing_reason = from->has_sharing_reason ? (int)from->sharing_reason : 0;
    to->statutory = from->has_statutory && from->statutory;
    to->part_count = from->n_parts;
    for (size_t i = 0; i < from->n_parts; i++) {
        to->parts[i].part = (int)from->parts[i]->part;
        decode_item_digest(&to->parts[i].commitment, &from->parts[i]->commitment);
    }
}

/* Each part of the header once in the content, and nothing else there. */
static bool decode_item_parts_fit(const Tc__Content *content, const Message *message)
{
    unsigned listed = 0, carried = 0;
    for (size_t i = 0; i < message->part_count; i++)
        listed |= 1u << message->parts[i].part;
    for (size_t i = 0; i < content->n_parts; i++)
        carried |= 1u << content->parts[i]->part;
    return listed == carried && content->n_parts == message->part_count;
}

/* The content is read from its own short-lived arena: only the list of its parts matters here. */
static Refusal decode_item_content(TcArena *arena, Message *message)
{
    TcDigest digest;
    TcProblem problem;
    tc_digest_content(message->content.data, message->content.len, &digest);
    if (!tc_digest_equal(&digest, &message->content_digest))
        return decode_item_refuse(TC_CODE_WRONG_DIGEST, "header.content_digest");
    if (message->content.data == NULL)
        return message->part_count == 0 ? (Refusal){ 0 } : decode_item_refuse(TC_CODE_WRONG_PARTS, "item.content");
    g_autoptr(TcArena) scratch = tc_arena_new(tc_unpack_budget(message->content.len));
    const Tc__Content *content = (const Tc__Content *)tc_unpack(
        scratch, &tc__content__descriptor, message->content.data, message->content.len, TC_UNKNOWN_KEPT, &problem);
    if (content == NULL)
        return decode_item_problem(arena, &problem);
    if (message->part_count == 0 || !decode_item_parts_fit(content, message))
        return decode_item_refuse(TC_CODE_WRONG_PARTS, "item.content");
    return (Refusal){ 0 };
}

static void decode_item_keep_token(const uint8_t *key, uint8_t which, ProtobufCBinaryData *token, TcDigest *kept)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, DECODE_TOKEN_KEY_LEN);
    crypto_auth_hmacsha256_update(&state, &which, 1);
    crypto_auth_hmacsha256_update(&state, token->data, token->len);
    crypto_auth_hmacsha256_final(&state, kept->b);
    sodium_memzero(token->data, token->len);
    sodium_memzero(&state, sizeof state);
}

static bool decode_item_tokens_hold(const Tc__Header *header, const Tc__Item *from)
{
    uint8_t tokens[8][2][32];
    TcDigest digest;
    bool all = header->has_tokens_digest && from->has_token_salt && from->n_tokens > 0;
    bool none = !header->has_tokens_digest && !from->has_token_salt && from->n_tokens == 0;
    if (!all)
        return none;
    for (size_t i = 0; i < from->n_tokens; i++) {
        memcpy(tokens[i][0], from->tokens[i]->strong.data, 32);
        memcpy(tokens[i][1], from->tokens[i]->born.data, 32);
    }
    tc_digest_tokens(from->token_salt.data, tokens[0][0], from->n_tokens, &digest);
    sodium_memzero(tokens, sizeof tokens);
    return memcmp(digest.b, header->tokens_digest.data, sizeof digest.b) == 0;
}

static Refusal decode_item_tokens(const Tc__Header *header, Tc__Item *from, const uint8_t *key, Message *to)
{
    bool hold = decode_item_tokens_hold(header, from);
    to->token_count = hold ? from->n_tokens : 0;
    for (size_t i = 0; i < from->n_tokens; i++) {
        decode_item_keep_token(key, 's', &from->tokens[i]->strong, &to->tokens[i].strong);
        decode_item_keep_token(key, 'b', &from->tokens[i]->born, &to->tokens[i].born);
    }
    return hold ? (Refusal){ 0 } : decode_item_refuse(TC_CODE_WRONG_TOKENS, "header.tokens_digest");
}

static Refusal decode_item_envelope(TcArena *arena, const Tc__Header *header, Tc__Item *from, const uint8_t *key,
                                    Message *to)
{
    Refusal refusal = decode_item_tokens(header, from, key, to);
    decode_item_header(header, to);
    to->retry = from->has_retry && from->retry;
    if (from->has_content)
        to->content = (Span){ from->content.data, from->content.len };
    if (refusal.code == 0)
        refusal = decode_group(header, to);
    if (refusal.code == 0)
        refusal = kind_check(to);
    return refusal.code == 0 ? decode_item_content(arena, to) : refusal;
}

/* ---- Wraps and confirmations ---- */

static Refusal decode_item_wrap(TcArena *arena, const Tc__Wrap *from, Wrap *to)
{
    decode_item_id(&to->id, true, &from->id);
    decode_item_id(&to->message, true, &from->message);
    decode_item_digest(&to->content_digest, &from->content_digest);
    to->maker = from->maker;
    to->made_at = from->made_at;
    to->request = from->has_request ? from->request : 0;
    to->key_count = from->n_keys;
    if (from->n_keys == 0)
        return decode_item_refuse(TC_CODE_MISSING_FIELD, "wrap.keys");
    to->keys = tc_arena_alloc(arena, from->n_keys * sizeof *to->keys);
    if (to->keys == NULL)
        return decode_item_refuse(TC_CODE_TOO_LARGE, "submit");
    for (size_t i = 0; i < from->n_keys; i++) {
        to->keys[i].service = from->keys[i]->service;
        to->keys[i].part = (int)from->keys[i]->part;
        decode_item_digest(&to->keys[i].key_id, &from->keys[i]->key_id);
    }
    return (Refusal){ 0 };
}

static Refusal decode_item_confirmation_fields(const Tc__Confirmation *from)
{
    int step = (int)from->step;
    bool told = step == STEP_TOLD || step == STEP_NOT_TOLD;
    if (step > STEP_CANNOT_OPEN)
        return decode_item_refuse(TC_CODE_UNKNOWN_CODE, "confirmation.step");
    Refusal refusal = decode_group_with(step == STEP_HELD, from->has_upto, "confirmation.upto");
    if (refusal.code == 0)
        refusal = decode_group_with(step == STEP_OPENED || step == STEP_CANNOT_OPEN, from->has_message, "confirmation.message");
    if (refusal.code == 0)
        refusal = decode_group_with(told, from->has_delivery, "confirmation.delivery");
    if (refusal.code == 0 && from->worker != NULL && !told && step != STEP_OPENED)
        refusal = decode_item_refuse(TC_CODE_SURPLUS_FIELD, "confirmation.worker");
    if (refusal.code == 0 && from->n_parts > 0 && step != STEP_CANNOT_OPEN)
        refusal = decode_item_refuse(TC_CODE_SURPLUS_FIELD, "confirmation.parts");
    return refusal;
}

static Refusal decode_item_confirmation(const Tc__Confirmation *from, Confirmation *to)
{
    *to = (Confirmation){ .step = (int)from->step, .service = from->service, .station = from->station,
                          .worker = from->worker, .upto = from->has_upto ? from->upto : 0,
                          .delivery = from->has_delivery ? from->delivery : 0, .part_count = from->n_parts,
                          .at = from->at };
    decode_item_id(&to->message, from->has_message, &from->message);
    for (size_t i = 0; i < from->n_parts; i++)
        to->parts[i] = (int)from->parts[i];
    return decode_item_confirmation_fields(from);
}

static Refusal decode_item_surplus(const Tc__Item *from)
{
    if (from->type == TC__ITEM_TYPE__CODE__ENVELOPE)
        return (Refusal){ 0 };
    if (from->has_content)
        return decode_item_refuse(TC_CODE_SURPLUS_FIELD, "item.content");
    if (from->has_token_salt || from->n_tokens > 0)
        return decode_item_refuse(TC_CODE_SURPLUS_FIELD, "item.tokens");
    return (Refusal){ 0 };
}

static Refusal decode_item_body(TcArena *arena, Tc__Item *from, const uint8_t *token_key, Item *to)
{
    static const ProtobufCMessageDescriptor *const types[] = {
        [ITEM_MESSAGE] = &tc__header__descriptor, [ITEM_WRAP] = &tc__wrap__descriptor,
        [ITEM_CONFIRMATION] = &tc__confirmation__descriptor,
    };
    TcProblem problem;
    Refusal refusal = decode_item_surplus(from);
    if (refusal.code != 0)
        return refusal;
    ProtobufCMessage *body = tc_unpack(arena, types[to->kind], from->body.data, from->body.len, TC_UNKNOWN_REFUSED, &problem);
    if (body == NULL)
        return decode_item_problem(arena, &problem);
    switch (to->kind) {
    case ITEM_MESSAGE: return decode_item_envelope(arena, (const Tc__Header *)body, from, token_key, &to->message);
    case ITEM_WRAP: return decode_item_wrap(arena, (const Tc__Wrap *)body, &to->wrap);
    default: return decode_item_confirmation((const Tc__Confirmation *)body, &to->confirmation);
    }
}

_Static_assert(ITEM_MESSAGE == (int)TC__ITEM_TYPE__CODE__ENVELOPE && ITEM_WRAP == (int)TC__ITEM_TYPE__CODE__WRAP
               && ITEM_CONFIRMATION == (int)TC__ITEM_TYPE__CODE__CONFIRMATION, "ItemKind");

void decode_item(TcArena *arena, Tc__Item *from, const uint8_t *token_key, ItemIn *to)
{
    Item *item = &to->item;
    item->kind = (ItemKind)from->type;
    item->body = (Span){ from->body.data, from->body.len };
    tc_digest_item((uint8_t)from->type, from->body.data, from->body.len, &item->digest);
    to->refusal = decode_item_body(arena, from, token_key, item);
    for (size_t i = 0; i < from->n_tokens; i++) { /* a refusal may have come before they were kept */
        sodium_memzero(from->tokens[i]->strong.data, from->tokens[i]->strong.len);
        sodium_memzero(from->tokens[i]->born.data, from->tokens[i]->born.len);
    }
}
