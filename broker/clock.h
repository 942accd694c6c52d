/* When an answer is due, and who is told when none came: the policies of PROTOCOL.md section 8 as arithmetic and one table.
 *
 * Times are microseconds since 1970 UTC. Days are days in Europe/London, summer time included; a day stands for ten in the
 * morning there, when prisons let people go. Pure but for GLib's time zone data, read once. Any thread. */
#ifndef BROKER_CLOCK_H
#define BROKER_CLOCK_H

#include "broker/availability.h"

#define CLOCK_MINUTE G_TIME_SPAN_MINUTE
#define CLOCK_HOUR G_TIME_SPAN_HOUR
#define CLOCK_APPOINTMENT_GRACE (15 * CLOCK_MINUTE) /* an appointment may be so long ago when it is made */

/* One rung of a ladder: in which role somebody is told that a policy's clock ran out. A clock of policy TOLD keeps the number
 * of its row in `rung`, so that the row alone says what is being waited for. Role NONE ends a ladder: nobody could be told,
 * wait and begin again. */
typedef struct ClockRung { int policy, role; const char *name; /* "named/spoc" */ } ClockRung;

/* NULL for no row. */
const ClockRung *clock_rung(uint32_t row);

/* The rungs of a policy in turn, the last of them with role NONE. roles: as an area has set them; role_count 0: as PROTOCOL.md has them. */
typedef struct ClockLadder { uint32_t rows[6]; size_t count; } ClockLadder;
void clock_ladder(int policy, const int *roles, size_t role_count, ClockLadder *ladder);
/* Where a row's role stands in a ladder; the last place, if the ladder no longer has it. */
size_t clock_ladder_find(const ClockLadder *ladder, uint32_t row);
/* How long a person has to be told on this rung; after the last, how long until the ladder is climbed again. */
int64_t clock_rung_time(uint32_t row);

/* The expected release: event_at, else ten o'clock on the expected, court or statutory day; 0 when none is given. */
int64_t clock_release_at(const Message *message);
/* Ten in the morning in London on a day YYYY-MM-DD; 0 for no such day. */
int64_t clock_day(const char *day);
/* True when both lie on the same day in London, or neither is known (0). */
bool clock_same_day(int64_t a, int64_t b);

/* Due times. release_at or needed_at 0: unknown. running: the due time of the clock that this one takes the place of, 0: none;
 * a new version of a message may bring a clock forward or follow the release, but never puts it off by merely coming. */
int64_t clock_held_due(int kind, int64_t now);
int64_t clock_named_due(int64_t release_at, int64_t now, int64_t running);
int64_t clock_contact_due(int64_t release_at, int64_t now, int64_t running); /* release_at not 0 */
int64_t clock_dose_due(int64_t needed_at, int64_t now);

/* Which clock waits for the answer in a lifecycle, and until when. when: the head's time (release, need, leaving the cell, end of a
 * script), 0 unknown. hours: of the service that is waited for, whose working time it is; NULL: the ordinary week. */
int clock_answer_policy(int machine, int urgency);
int64_t clock_answer_due(int policy, int urgency, int64_t when, int64_t now, const Availability *hours);
int64_t clock_booked_due(int urgency, int64_t now, const Availability *hours); /* an appointment after an acceptance */
int64_t clock_attempt_due(int64_t released_at, int64_t now, const Availability *hours); /* within two hours in the first fortnight out of custody, when people die */
int64_t clock_seen_due(int64_t appointment_at, int64_t now);   /* what came of an appointment */
/* True for a clock that waits for the client to be seen or reached: it stops while they are in custody. */
bool clock_needs_client(int policy);

/* What a client who was taken on is due besides an appointment: the first of them that fits, and until when; POLICY_NONE: nothing. */
int clock_treatment_policy(int pathway, int urgency, int service_kind);
int64_t clock_treatment_due(int policy, int64_t now);

/* True for a clock whose time, ladder and reminder an area may set. */
enum { POLICY_LAST = 16 };
bool clock_may_be_set(int policy);

/* "named", "contact" …: for audit details. */
const char *clock_policy_name(int policy);

#endif
