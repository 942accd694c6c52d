/* Messages as JSON: the plain form that the SDK, the command line and adapters read and write.
 *
 * Members have the names of throughcare.proto. Codes are their names in lower case ("release_notification"); bytes of 16
 * are UUIDs, other bytes lower-case hexadecimal; times (fields named at or ending in _at) are RFC 3339 in UTC; dates stay
 * text; whole numbers are numbers. Absent fields and empty lists are left out. Walks descriptors, so every message type has
 * this form and no other. From JSON everything is checked as from the wire (check.h): a problem names the member and, for a
 * bad code, what it may be; it never repeats a value. Nothing is kept; any thread. */
#ifndef PROTO_JSON_H
#define PROTO_JSON_H

#include "proto/arena.h"
#include "proto/check.h"

#include <jansson.h>

/* A new object; the caller drops it with json_decref. The message must have passed check.h. */
json_t *tc_json_from_message(const ProtobufCMessage *message);

/* The packed bytes of a message of this type; caller frees. NULL with problem set when json is not one. */
GByteArray *tc_json_pack(const ProtobufCMessageDescriptor *type, const json_t *json, TcProblem *problem)
    G_GNUC_WARN_UNUSED_RESULT;

/* The same as a message in the arena. */
ProtobufCMessage *tc_json_to_message(TcArena *arena, const ProtobufCMessageDescriptor *type, const json_t *json,
                                     TcProblem *problem) G_GNUC_WARN_UNUSED_RESULT;

/* One code as its name in lower case; NULL for a number outside the list. Caller frees. */
char *tc_json_code_name(const ProtobufCEnumDescriptor *list, int code);

/* The code of a name in lower case; false when the list has none (NONE never matches). */
bool tc_json_code_of(const ProtobufCEnumDescriptor *list, const char *name, int *code) G_GNUC_WARN_UNUSED_RESULT;

#endif
