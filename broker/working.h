/* Working time in England and Wales: weekends, bank holidays of any year, and Europe/London summer time.
 *
 * A working day runs from nine to five in London, Monday to Friday, bank holidays left out. Bank holidays follow the Banking and
 * Financial Dealings Act 1971 and its usual proclamations (New Year's Day, Good Friday, Easter Monday, early May, spring, summer,
 * Christmas and Boxing Day; one that falls on a weekend moves to the next working day), with the moves and extra days of single years as
 * rows in working.c. Times are microseconds since 1970 UTC. Pure but for GLib's time zone data, read once. Any thread. */
#ifndef BROKER_WORKING_H
#define BROKER_WORKING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Years 1978 to 2199: from the first with today's rules. */
bool working_is_holiday(int year, int month, int day);
bool working_is_day(int year, int month, int day);

/* The close of the nth working day after the one that at falls in; a time outside working hours belongs to the next working day, so 0
 * gives the close of today, or of the next working day when today's is over. days negative: the close that many working days before. */
int64_t working_close(int64_t at, int days);
/* The day in London that a moment falls in. */
void working_local_day(int64_t at, GDate *day);
/* The last moment of the day in London. */
int64_t working_midnight(int64_t at);

/* A day that is otherwise than the rules say, as an operator has set it; WORKING_AS_USUAL takes it back. For the whole process, and only between
 * decisions: the thread that decides sets it. */
typedef enum WorkingException { WORKING_AS_USUAL, WORKING_HOLIDAY, WORKING_ORDINARY } WorkingException;
void working_except(int year, int month, int day, WorkingException exception);
void working_forget_exceptions(void);

/* Europe/London, for who needs local times. Borrowed. */
GTimeZone *working_zone(void);

#endif
