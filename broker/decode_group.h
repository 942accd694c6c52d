/* A header's own group: the one that its kind asks for, as plain fields. For the decode files alone; pure. */
#ifndef BROKER_DECODE_GROUP_H
#define BROKER_DECODE_GROUP_H

#include "broker/item.h"
#include "throughcare.pb-c.h"

/* from->kind has been copied to to->kind. Strings are borrowed. */
Refusal decode_group(const Tc__Header *from, Message *to);
/* The same fields for a reader that takes what is there; nothing is judged. */
void decode_group_read(const Tc__Header *from, Message *to);
/* A request for a service; NULL: none. */
void decode_group_request(const Tc__ServiceRequest *from, ServiceRequest *to);
/* Fields that belong to one value of another: needed with it, refused without it. */
Refusal decode_group_with(bool needed, bool given, const char *field);

#endif
