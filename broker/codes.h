/* Code values of throughcare.proto under plain names (KIND_RELEASE_NOTIFICATION, STEP_HELD, AUDIT_ACCEPTED …), from codes.def.
 * Plain integers: nothing here owns or can fail. Values are held to the generated enums in decode.c. */
#ifndef BROKER_CODES_H
#define BROKER_CODES_H

enum {
#define CODE(prefix, LIST, NAME, value) prefix##_##NAME = value,
#include "broker/codes.def"
#undef CODE
};

#endif
