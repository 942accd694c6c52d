/* From a message as JSON to records ready for the spool: header, sealed content, linkage tokens and the first wrap.
 *
 * What the SDK fills in: id, sender, created_at, digests, commitments; the conversation (and, for replies, the recipient) from the
 * message replied to or superseded, where this station has it. The grammar, the kind's rules as the broker reads them, and safety.h
 * are checked here, so a refusal at the broker can only come from what the broker alone knows.
 * A Sealed holds part keys in locked memory; clear it with seal_clear. Nothing is stored but by seal_store. */
#ifndef SDK_SEAL_H
#define SDK_SEAL_H

#include "adapters/sdk/client.h"

#define SEAL_PARTS 5 /* by Part.Code, 1 to 4 */

typedef struct Sealed {
    TcId id, conversation, in_reply_to, supersedes;
    int kind;
    int64_t created_at;
    GByteArray *header, *content, *wrap; /* content and wrap: NULL when there are no parts */
    GByteArray *tokens;                  /* strong, born, strong, born …; NULL: none */
    uint8_t token_salt[16];
    TcDigest content_digest;
    uint8_t *keys[SEAL_PARTS];
} Sealed;

/* False and *error: the message is not good. Either way seal_clear it. */
bool seal_message(TcClient *client, const json_t *message, Sealed *sealed, TcError *error);
void seal_clear(Sealed *sealed);
/* Puts it into the spool, within a transaction: the message, its keys, and the items to submit. */
void seal_store(TcClient *client, const Sealed *sealed);

/* Linkage tokens of a person (JSON), or NULL: no strong number with a date of birth, or no linkage key. Caller frees. */
GByteArray *seal_tokens(const TcClient *client, const json_t *person);
/* One record to be submitted, within a transaction. */
void seal_item(TcClient *client, int type, const TcId *message, int paired, const GByteArray *body, const Sealed *tokens);

#endif
