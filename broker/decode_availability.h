/* The availability that a service signed, from the header of its message as kept. */
#ifndef BROKER_DECODE_AVAILABILITY_H
#define BROKER_DECODE_AVAILABILITY_H

#include "broker/availability.h"

/* False, and *to as if nothing was said, when the bytes are no such header. */
bool decode_availability(Span header, Availability *to);

#endif
