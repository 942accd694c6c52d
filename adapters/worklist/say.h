/* Days and times as people in Britain read them, in London's time. Results are the caller's to free with g_free; "" for what is missing. */
#ifndef WORKLIST_SAY_H
#define WORKLIST_SAY_H

#include <glib.h>
#include <stdint.h>

char *say_day(const char *day);             /* "2026-11-25" -> "Wednesday 25 November 2026" */
char *say_short_day(const char *day);       /* "25 November 2026" */
char *say_time(int64_t time);               /* "25 November 2026 at 4:39pm" */
char *say_time_text(const char *rfc3339);
char *say_library_time(const char *words); /* what the library writes, "25 Nov 2026, 16:39" */
char *say_clock(int64_t time);              /* "16:39", in London */
/* The day it is in London at a time, and so many days later: "2026-11-25". */
char *say_date_of(int64_t time, int days);

/* Words with an example of a day in them, as people type it: "{yesterday}", "{tomorrow}" and "{next_week}" become "24 11 2026" and so on. */
char *say_example(const char *words, int64_t now);

/* Whole years between two days, "1997-02-03" and "2026-11-25"; -1: none is a day, or the second comes first. */
int say_years(const char *born, const char *today);
char *say_age(const char *born, const char *today); /* "29 years old" */

/* With a capital at its beginning. */
char *say_sentence(const char *words);

#endif
