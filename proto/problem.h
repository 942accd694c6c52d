/* Building a TcProblem: where in a message something is wrong, and what the field would take.
 *
 * A TcPlace is a chain on the caller's stack, from the innermost field outwards; nothing allocates. Shared by check.c and
 * json.c, so that a wire error and a JSON error name fields alike. Values never enter a problem. */
#ifndef PROTO_PROBLEM_H
#define PROTO_PROBLEM_H

#include "proto/check.h"

typedef struct TcPlace {
    const struct TcPlace *outer;
    const char *name; /* NULL: the root of a Frame, which has no name */
    int index;        /* in a repeated field; -1 otherwise */
} TcPlace;

/* Always false, so that callers can return it. */
bool tc_problem_set(TcProblem *problem, TcCode code, const TcPlace *place);

/* Adds to the hint, cut at its size. */
void tc_problem_hint(TcProblem *problem, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Adds "one of: ..." with the names of a code list in lower case, NONE left out. */
void tc_problem_hint_codes(TcProblem *problem, const ProtobufCEnumDescriptor *list);

/* The root of a message type: its name in lower case with underscores, in buffer; NULL name for Frame. */
TcPlace tc_problem_root(const ProtobufCMessageDescriptor *type, char *buffer, size_t size);

#endif
