#include "proto/digests.h"

#include "proto/hash.h"

static const TcDigest digests_none;

/* Ids and digests that are all zero stand for absent fields, and are hashed as lp(""). */
static void digests_id(TcHash *hash, const TcId *id)
{
    tc_hash_lp(hash, id->b, tc_id_is_none(id) ? 0 : sizeof id->b);
}

static void digests_optional(TcHash *hash, const TcDigest *digest)
{
    tc_hash_lp(hash, digest->b, tc_digest_equal(digest, &digests_none) ? 0 : sizeof digest->b);
}

static void digests_fixed(TcHash *hash, const TcDigest *digest)
{
    tc_hash_lp(hash, digest->b, sizeof digest->b);
}

void tc_digest_item(uint8_t type, const void *body, size_t len, TcDigest *out)
{
    TcHash hash;
    tc_hash_begin(&hash, "throughcare item 1");
    tc_hash_u8(&hash, type);
    tc_hash_lp(&hash, body, len);
    tc_hash_end(&hash, out->b);
}

void tc_digest_submission(const TcDigest *authority, const TcId *broker, const TcId *session, const TcDigest *root,
                          TcDigest *out)
{
    TcHash hash;
    tc_hash_begin(&hash, "throughcare submission 1");
    digests_fixed(&hash, authority);
    tc_hash_lp(&hash, broker->b, sizeof broker->b);
    tc_hash_lp(&hash, session->b, sizeof session->b);
    digests_fixed(&hash, root);
    tc_hash_end(&hash, out->b);
}

void tc_digest_content(const void *content, size_t len, TcDigest *out)
{
    tc_hash_once("throughcare content 1", content, len, out->b);
}

void tc_digest_commitment(const uint8_t part_key[32], const TcId *message, uint8_t part, TcDigest *out)
{
    TcHash hash;
    tc_hash_begin(&hash, "throughcare commitment 1");
    tc_hash_lp(&hash, part_key, 32);
    tc_hash_lp(&hash, message->b, sizeof message->b);
    tc_hash_u8(&hash, part);
    tc_hash_end(&hash, out->b);
}

void tc_digest_tokens(const uint8_t salt[16], const uint8_t *tokens, size_t count, TcDigest *out)
{
    TcHash hash;
    tc_hash_begin(&hash, "throughcare tokens 1");
    tc_hash_lp(&hash, salt, 16);
    for (size_t i = 0; i < 2 * count; i++)
        tc_hash_lp(&hash, tokens + 32 * i, 32);
    tc_hash_end(&hash, out->b);
}

void tc_digest_directory(const void *snapshot, size_t len, TcDigest *out)
{
    tc_hash_once("throughcare directory 1", snapshot, len, out->b);
}

void tc_digest_audit(const TcAuditRow *row, TcDigest *out)
{
    TcHash hash;
    tc_hash_begin(&hash, "throughcare audit 1");
    tc_hash_u64(&hash, row->sequence);
    tc_hash_i64(&hash, row->at);
    tc_hash_u32(&hash, row->event);
    tc_hash_text(&hash, row->service);
    digests_id(&hash, &row->conversation);
    digests_id(&hash, &row->message);
    digests_optional(&hash, &row->digest);
    tc_hash_text(&hash, row->detail);
    digests_fixed(&hash, &row->previous);
    tc_hash_end(&hash, out->b);
}

void tc_digest_head(const TcDigest *authority, const TcId *broker, const TcHead *head, TcDigest *out)
{
    TcHash hash;
    tc_hash_begin(&hash, "throughcare head 1");
    digests_fixed(&hash, authority);
    tc_hash_lp(&hash, broker->b, sizeof broker->b);
    tc_hash_u64(&hash, head->batch);
    tc_hash_u64(&hash, head->last_sequence);
    tc_hash_i64(&hash, head->at);
    digests_fixed(&hash, &head->root);
    digests_fixed(&hash, &head->previous);
    digests_fixed(&hash, &head->last_hash);
    tc_hash_end(&hash, out->b);
}
