/* A good submission that tests spoil: one envelope of each shape a test wants, a wrap, a confirmation, signed by its service. */
#ifndef TESTS_UNIT_SUBMIT_H
#define TESTS_UNIT_SUBMIT_H

#include "world.h"

#include "proto/merkle.h"

#define SUBMIT_MAX 8

static const TcId submit_session = { { 0x5e, 0x55 } };

typedef struct Draft {                   /* one envelope before it is packed */
    Tc__Header header;
    Tc__ReleaseHeader release;
    Tc__ReleaseAnswerHeader release_answer;
    Tc__MeetingHeader meeting;
    Tc__DoseRequestHeader dose_request;
    Tc__DoseAnswerHeader dose_answer;
    Tc__PartSeal seals[5], *seal_list[5];
    Tc__SealedPart parts[5], *part_list[5];
    Tc__Content content;
    Tc__Token tokens[2], *token_list[2];
    Tc__Item item;
    bool keep_digest;                    /* do not work out content_digest anew */
    bool keep_tokens;                    /* the same for tokens_digest */
    uint8_t id[16], digest[32], tokens_digest[32], token_bytes[2][2][32];
} Draft;

static inline void draft_part(Draft *draft, int part)
{
    size_t i = draft->header.n_parts++;
    tc__part_seal__init(&draft->seals[i]);
    tc__sealed_part__init(&draft->parts[i]);
    draft->seals[i].part = draft->parts[i].part = (Tc__Part__Code)part;
    draft->seals[i].commitment = sample_bytes(sample_32, 32);
    draft->parts[i].sealed = sample_bytes(sample_64, 64);
    draft->seal_list[i] = &draft->seals[i];
    draft->part_list[i] = &draft->parts[i];
    draft->content.n_parts = draft->header.n_parts;
}

static inline void draft_group(Draft *draft, int kind)
{
    tc__release_header__init(&draft->release);
    tc__release_answer_header__init(&draft->release_answer);
    tc__meeting_header__init(&draft->meeting);
    tc__dose_request_header__init(&draft->dose_request);
    tc__dose_answer_header__init(&draft->dose_answer);
    draft->release = (Tc__ReleaseHeader){ .base = draft->release.base, .certainty = TC__CERTAINTY__CODE__PLANNED,
                                          .route = TC__ROUTE__CODE__SENTENCE_END, .prison = (char *)"LEI",
                                          .area = (char *)"leeds", .area_certainty = TC__AREA_CERTAINTY__CODE__CONFIRMED,
                                          .meet_asked = TC__YES_NO__CODE__YES };
    draft->release_answer.reply = TC__RELEASE_REPLY__CODE__WILL;
    draft->release_answer.named_worker = (char *)"w-1";
    draft->meeting.outcome = TC__MEETING_OUTCOME__CODE__MET;
    draft->dose_request.asked_of = TC__ASKED_OF__CODE__PRISON;
    draft->dose_answer.reply = TC__DOSE_REPLY__CODE__CONFIRMED;
    draft->dose_answer.has_valid_until_at = true;
    draft->dose_answer.valid_until_at = WORLD_NOW + WORLD_DAY;
    draft->header.release = kind == KIND_RELEASE_NOTIFICATION ? &draft->release : NULL;
    draft->header.release_answer = kind == KIND_RELEASE_ANSWER ? &draft->release_answer : NULL;
    draft->header.meeting = kind == KIND_MEETING_REPORT ? &draft->meeting : NULL;
    draft->header.dose_request = kind == KIND_DOSE_REQUEST ? &draft->dose_request : NULL;
    draft->header.dose_answer = kind == KIND_DOSE_ANSWER ? &draft->dose_answer : NULL;
}

static inline void draft_init(Draft *draft, int kind)
{
    memset(draft, 0, sizeof *draft);
    tc__header__init(&draft->header);
    tc__content__init(&draft->content);
    tc__item__init(&draft->item);
    draft_group(draft, kind);
    bool starts = kind == KIND_RELEASE_NOTIFICATION || kind == KIND_DOSE_REQUEST;
    tc_uuid_floor(WORLD_NOW, draft->id);
    draft->id[15] = (uint8_t)(0x40 + kind);
    draft->header.id = sample_bytes(draft->id, 16);
    draft->header.kind = (Tc__Kind__Code)kind;
    draft->header.sender = (char *)"carat";
    draft->header.recipient = (char *)"cjip";
    draft->header.conversation = starts ? draft->header.id : sample_bytes(sample_16, 16);
    draft->header.has_in_reply_to = !starts;
    draft->header.in_reply_to = sample_bytes(sample_16, 16);
    draft->header.created_at = WORLD_NOW;
    draft->header.has_due_at = kind == KIND_DOSE_REQUEST;
    draft->header.due_at = WORLD_NOW + WORLD_HOUR;
    draft->header.parts = draft->seal_list;
    draft->content.parts = draft->part_list;
    if (kind != KIND_RECALL)
        draft_part(draft, PART_MINIMUM);
    if (kind == KIND_DOSE_ANSWER)
        draft_part(draft, PART_CLINICAL);
    draft->item.type = TC__ITEM_TYPE__CODE__ENVELOPE;
    draft->item.has_content = kind != KIND_RECALL;
}

static inline void draft_tokens(Draft *draft)
{
    for (size_t i = 0; i < 2; i++) {
        tc__token__init(&draft->tokens[i]);
        memset(draft->token_bytes[i], 0x70 + (int)i, sizeof draft->token_bytes[i]);
        draft->token_bytes[i][1][0] = 0xb0;
        draft->tokens[i].strong = sample_bytes(draft->token_bytes[i][0], 32);
        draft->tokens[i].born = sample_bytes(draft->token_bytes[i][1], 32);
        draft->token_list[i] = &draft->tokens[i];
    }
    draft->item.tokens = draft->token_list;
    draft->item.n_tokens = 2;
    draft->item.has_token_salt = draft->header.has_tokens_digest = true;
    draft->item.token_salt = sample_bytes(sample_16, 16);
}

/* Packs what was drafted, with digests that fit unless the test keeps its own. The bytes live in keep. */
static inline void draft_pack(Draft *draft, GPtrArray *keep)
{
    if (draft->item.has_content) {
        GByteArray *content = sample_pack(&draft->content.base);
        g_ptr_array_add(keep, content);
        draft->item.content = sample_bytes(content->data, content->len);
    }
    if (!draft->keep_digest)
        tc_digest_content(draft->item.has_content ? draft->item.content.data : NULL,
                          draft->item.has_content ? draft->item.content.len : 0, (TcDigest *)draft->digest);
    if (draft->header.has_tokens_digest && !draft->keep_tokens)
        tc_digest_tokens(sample_16, draft->token_bytes[0][0], draft->item.n_tokens, (TcDigest *)draft->tokens_digest);
    draft->header.content_digest = sample_bytes(draft->digest, 32);
    draft->header.tokens_digest = sample_bytes(draft->tokens_digest, 32);
    GByteArray *body = sample_pack(&draft->header.base);
    g_ptr_array_add(keep, body);
    draft->item.body = sample_bytes(body->data, body->len);
}

/* A submission of some items, signed by service for submit_session. */
static inline GBytes *submit_pack(Tc__Item **items, size_t count, const char *service, const TcDirectory *directory)
{
    uint8_t secret[TC_SIGN_SECRET_LEN], signature[TC_SIGN_LEN], leaves[SUBMIT_MAX * 32];
    TcDigest public_key, digest, root;
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Submit submit = TC__SUBMIT__INIT;
    for (size_t i = 0; i < count; i++)
        tc_digest_item((uint8_t)items[i]->type, items[i]->body.data, items[i]->body.len, (TcDigest *)(leaves + 32 * i));
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaves, count);
    memcpy(root.b, tc_merkle_root(tree), 32);
    tc_digest_submission(&directory->authority, &directory->broker, &submit_session, &root, &digest);
    world_secret(service, secret, &public_key);
    tc_sign_digest(secret, digest.b, signature);
    submit.items = items;
    submit.n_items = count;
    submit.signature = sample_bytes(signature, sizeof signature);
    frame.submit = &submit;
    return g_byte_array_free_to_bytes(sample_pack(&frame.base));
}

#endif
