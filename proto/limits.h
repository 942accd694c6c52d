/* limits.def, looked up by protobuf descriptor.
 *
 * Every message type that travels has an array of limits, one a field, in the descriptor's own order; fields without a row
 * get the defaults described in limits.def. Built at first use, constant afterwards, safe from any thread. */
#ifndef PROTO_LIMITS_H
#define PROTO_LIMITS_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum TcForm {
    TC_FORM_ANY,
    TC_FORM_LINE,
    TC_FORM_NAME,
    TC_FORM_DAY,
    TC_FORM_DECIMAL,
    TC_FORM_NHS,
    TC_FORM_TIME, /* numbers that are microseconds since 1970: fields named at or ending in _at */
} TcForm;

typedef struct TcLimit {
    TcForm form;
    uint32_t least;
    uint64_t most;
    uint32_t many;
    bool listed; /* has a row in limits.def */
} TcLimit;

/* One for each field of type. type must be a message of throughcare.proto that travels. */
const TcLimit *tc_limits_of(const ProtobufCMessageDescriptor *type);

/* True when text has the form, apart from its length. */
bool tc_limits_form_holds(TcForm form, const char *text, size_t len);

#endif
