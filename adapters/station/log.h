/* One line an event, to standard error, as journald takes it: "<6>list_done list=1a2b3c4d rows=3".
 *
 * An event is one word; what follows is name=value pairs of counts, codes, digests, ids, and last, where there is one, a
 * sentence made by this program. Names of people and files, and cells of a list, are never given to it. */
#ifndef STATION_LOG_H
#define STATION_LOG_H

#include <glib.h>

/* Levels as in syslog. */
#define LOG_LINE_ERROR 3
#define LOG_LINE_WARNING 4
#define LOG_LINE_INFO 6

void log_line(int level, const char *event, const char *format, ...) G_GNUC_PRINTF(3, 4);

#endif
