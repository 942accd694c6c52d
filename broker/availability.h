/* When a service is open, what it can do, and how many places it has: what it said last in a signed AVAILABILITY message.
 *
 * A service that said nothing is open on working days from nine to five, has places, and can do nothing in particular. Days and hours are
 * those of Europe/London; bank holidays those of working.h. Pure. Any thread. */
#ifndef BROKER_AVAILABILITY_H
#define BROKER_AVAILABILITY_H

#include "broker/item.h"

enum { AVAILABILITY_OPENINGS = 24, AVAILABILITY_CLOSURES = 16, AVAILABILITY_NOT_SAID = -1 };

typedef struct Opening { int day; /* Weekday.Code */ int opens, closes; /* minutes after midnight */ } Opening;
typedef struct Closure { char from_day[11], to_day[11]; } Closure; /* YYYY-MM-DD, both included */

typedef struct Availability {
    Opening openings[AVAILABILITY_OPENINGS]; size_t opening_count;
    Closure closures[AVAILABILITY_CLOSURES]; size_t closure_count;
    int places;                /* AVAILABILITY_NOT_SAID */
    uint32_t capabilities;     /* bits 1 << Capability.Code */
} Availability;

/* What holds for a service that has said nothing. */
extern const Availability availability_unsaid;

/* The first moment from at on when it is open; 0: not within sixteen days. With the capability OUT_OF_HOURS it is open at every hour of a
 * day on which it is not closed. */
int64_t availability_open_from(const Availability *availability, int64_t at);

/* Working time as the service works: the close of the nth day after the one that at falls in, on which it works by its weekly hours (a bank
 * holiday only by those of BANK_HOLIDAY); days negative: before it. NULL: the ordinary week, as working_close. At most a week from what that
 * gives, so that nobody waits long for a service that seldom works. A closure puts nothing off: somebody must take over then, and the ladder tells. */
#define AVAILABILITY_SHIFT_MOST (7 * G_TIME_SPAN_DAY)
int64_t availability_close(const Availability *availability, int64_t at, int days);

#endif
