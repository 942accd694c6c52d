/* The rules of the mission. Pure: no socket, no database, no clock, no randomness.
 *
 * New ids that a decision needs (clocks, clients) are derived by hashing the ids that caused them, so that deciding again
 * gives the same ones. Borrowed: everything in; owned by the decision: everything out. */
#ifndef BROKER_DECIDE_H
#define BROKER_DECIDE_H

#include "broker/availability.h"
#include "broker/event.h"
#include "broker/setting.h"
#include "proto/directory.h"

typedef struct World {
    const TcDirectory *directory;
    int64_t now;               /* microseconds, shifted where tests shift it */
    int64_t oldest_id_at;      /* start of the oldest partition kept */
    bool (*blocked)(const void *ctx, const char *service);
    const Availability *(*availability)(const void *ctx, const char *service); /* what it said last; NULL: nothing */
    const ClockSetting *(*clock_setting)(const void *ctx, const char *area, int policy); /* NULL: as usual */
    const void *ctx;
} World;

/* decision is initialised by the caller (decision_init). */
void decide(const Event *event, const World *world, Decision *decision);

#endif
