/* From bytes to a message, safely: the only way this program unpacks protobuf from outside.
 *
 * tc_unpack checks the bytes first (check.h), then lets protobuf-c unpack them into an arena. protobuf-c has no limit on
 * depth and little on memory; the check bounds the first, the arena's budget the second. The message and everything in it
 * belong to the arena and live as long as it does; never free them with protobuf-c's functions. */
#ifndef PROTO_UNPACK_H
#define PROTO_UNPACK_H

#include "proto/arena.h"
#include "proto/check.h"

/* A budget that any checked message of len bytes fits in. */
size_t tc_unpack_budget(size_t len);

/* NULL with problem set when the bytes are not good, or do not fit the arena (too_large). data is copied, not kept. */
ProtobufCMessage *tc_unpack(TcArena *arena, const ProtobufCMessageDescriptor *type, const void *data, size_t len,
                            TcUnknown unknown, TcProblem *problem) G_GNUC_WARN_UNUSED_RESULT;

#endif
