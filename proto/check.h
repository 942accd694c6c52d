/* Checking bytes from outside against throughcare.proto and limits.def, before anything else believes them.
 *
 * tc_check walks the wire format itself, guided by the message's descriptor, so it needs no memory and bounds depth, counts
 * and lengths before protobuf-c sees a byte. It holds: the bytes parse and nothing is left over; every required field is
 * there and nothing single is given twice; every text is UTF-8 without NUL, of its form and within its limit; every code is
 * in its list (NONE is not: it is the absence of a code); bytes have their length; a Frame has exactly one field; fields
 * that the type does not have are refused, or passed over in content.
 * A problem names the field and never repeats its value, so it can be logged. Nothing is kept; any thread. */
#ifndef PROTO_CHECK_H
#define PROTO_CHECK_H

#include "proto/errors.h"

#include <glib.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum TcUnknown {
    TC_UNKNOWN_REFUSED, /* frames and signed records */
    TC_UNKNOWN_KEPT,    /* content: a newer sender may say more */
} TcUnknown;

typedef struct TcProblem {
    TcCode code;
    char field[160]; /* "header.release.route", "submit.items[3].body"; "" when it is the whole */
    char hint[480];  /* what the field takes, such as the values of its code list; "" when the code says it all */
} TcProblem;

/* The path starts with the type's name in lower case, but for a Frame. problem is set only on false. */
bool tc_check(const ProtobufCMessageDescriptor *type, const void *data, size_t len, TcUnknown unknown,
              TcProblem *problem) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a message in memory, before it is sent: packs it and checks the bytes. */
bool tc_check_message(const ProtobufCMessage *message, TcUnknown unknown, TcProblem *problem)
    G_GNUC_WARN_UNUSED_RESULT;

/* "header.release.route: The value is not in this field's code list. Use a value from the code list. (...)". Caller frees. */
char *tc_problem_sentence(const TcProblem *problem);

#endif
