/* Every digest of PROTOCOL.md section 1, one function each. Pure; any thread; nothing here fails.
 * Callers pass lengths already bounded by check.h. NULL with length 0 stands for an absent field. */
#ifndef PROTO_DIGESTS_H
#define PROTO_DIGESTS_H

#include "proto/types.h"

#include <stddef.h>
#include <stdint.h>

typedef struct TcAuditRow { /* the hashed fields of one audit row, see broker's audit table */
    uint64_t sequence;
    int64_t at;
    uint32_t event;       /* AuditEvent.Code */
    const char *service;  /* "" when none */
    TcId conversation;    /* none: hashed as empty */
    TcId message;         /* none: hashed as empty */
    TcDigest digest;      /* all zero: hashed as empty */
    const char *detail;   /* "" when none */
    TcDigest previous;
} TcAuditRow;

typedef struct TcHead { /* what the broker signs once a batch */
    uint64_t batch, last_sequence;
    int64_t at;
    TcDigest root, previous, last_hash;
} TcHead;

void tc_digest_item(uint8_t type, const void *body, size_t len, TcDigest *out);
void tc_digest_submission(const TcDigest *authority, const TcId *broker, const TcId *session, const TcDigest *root, TcDigest *out);
void tc_digest_content(const void *content, size_t len, TcDigest *out);
void tc_digest_commitment(const uint8_t part_key[32], const TcId *message, uint8_t part, TcDigest *out);
/* tokens: count times strong (32 bytes) then born (32 bytes) */
void tc_digest_tokens(const uint8_t salt[16], const uint8_t *tokens, size_t count, TcDigest *out);
void tc_digest_directory(const void *snapshot, size_t len, TcDigest *out);
void tc_digest_audit(const TcAuditRow *row, TcDigest *out);
void tc_digest_head(const TcDigest *authority, const TcId *broker, const TcHead *head, TcDigest *out);

#endif
