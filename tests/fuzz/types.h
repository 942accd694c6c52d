/* The message types that come from outside; a fuzz input's first byte chooses one. */
#ifndef TESTS_FUZZ_TYPES_H
#define TESTS_FUZZ_TYPES_H

#include "proto/check.h"
#include "throughcare.pb-c.h"

#include <glib.h>

typedef struct FuzzType {
    const ProtobufCMessageDescriptor *type;
    TcUnknown unknown;
} FuzzType;

static inline FuzzType fuzz_type(uint8_t choice)
{
    static const FuzzType types[] = {
        { &tc__frame__descriptor, TC_UNKNOWN_REFUSED },           { &tc__header__descriptor, TC_UNKNOWN_REFUSED },
        { &tc__wrap__descriptor, TC_UNKNOWN_REFUSED },            { &tc__confirmation__descriptor, TC_UNKNOWN_REFUSED },
        { &tc__content__descriptor, TC_UNKNOWN_KEPT },            { &tc__minimum__descriptor, TC_UNKNOWN_KEPT },
        { &tc__clinical__descriptor, TC_UNKNOWN_KEPT },           { &tc__risk__descriptor, TC_UNKNOWN_KEPT },
        { &tc__safeguarding__descriptor, TC_UNKNOWN_KEPT },       { &tc__snapshot__descriptor, TC_UNKNOWN_REFUSED },
        { &tc__signed_snapshot__descriptor, TC_UNKNOWN_REFUSED },
    };
    return types[choice % G_N_ELEMENTS(types)];
}

#endif
