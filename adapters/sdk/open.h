/* Opening what is sealed, with everything an opener must check: the sender's signature, the content digest, the wrap and its maker's
 * signature, the key's commitment, the tag, and the form of what came out. Nothing of a part is shown unless all of it holds.
 *
 * Opened content exists in memory only. A part that cannot be opened is reported with a code and words for a person. */
#ifndef SDK_OPEN_H
#define SDK_OPEN_H

#include "adapters/sdk/letter.h"
#include "proto/check.h"

/* True when a signing key that the directory has for this service at this time signed the body. */
bool open_signed(const TcClient *client, int type, GBytes *body, const Tc__Provenance *provenance, const char *service, int64_t at);
/* "good", or the code of what is wrong: "bad_signature", "wrong_digest". Own messages are good: they never left unsigned. */
const char *open_standing(const TcClient *client, const Letter *letter);

/* Looks again at what did not hold, and notes in the spool when it holds: within a transaction, or alone. */
bool open_look(TcClient *client, const Letter *letter);

/* Takes keys out of wraps that have come and keeps them under the storage key. Gives the parts (bits 1 << Part.Code) that are
 * still without a key. Writes to the spool: within a transaction, or alone. */
unsigned open_take_keys(TcClient *client, const Letter *letter);

/* Opens every part that can be: parts gets them by name, closed { "code", "text" } by name. Both objects are the caller's. Gives the
 * parts that had no key. */
unsigned open_parts(TcClient *client, const Letter *letter, json_t *parts, json_t *closed);
/* Who a conversation is about, by its newest message that says so; said (may be NULL): the newest readable one. NULL: nobody. New reference. */
json_t *open_person(TcClient *client, const GPtrArray *letters, const Letter **said);
/* The plain bytes of one part as JSON; NULL with problem set when they are not good. New reference. */
json_t *open_plain(int part, const void *plain, size_t len, TcProblem *problem);
/* "minimum"; NULL for no part. */
const char *open_part_name(int part);
const ProtobufCMessageDescriptor *open_part_type(int part);

#endif
