/* Dates and times as text. A date is YYYY-MM-DD and exists in the calendar; a time is RFC 3339 in UTC.
 * Times are microseconds since 1970, from year 1970 to 9999. Nothing is kept; text results are the caller's to free. */
#ifndef PROTO_DATE_H
#define PROTO_DATE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TC_DATE_LEN 10
/* 9999-12-31T23:59:59.999999Z */
#define TC_DATE_MAX_TIME G_GINT64_CONSTANT(253402300799999999)

/* text need not end in NUL. */
bool tc_date_valid(const char *text, size_t len) G_GNUC_WARN_UNUSED_RESULT;

/* "2026-11-13T09:30:00Z", with up to six decimals where there are any. time must lie in range. */
char *tc_date_format_time(int64_t time);

/* Reads what tc_date_format_time writes, and any RFC 3339 offset. False for anything else. */
bool tc_date_parse_time(const char *text, int64_t *time) G_GNUC_WARN_UNUSED_RESULT;

#endif
