#include "adapters/cli/when.h"

#include "adapters/cli/command.h"
#include "proto/date.h"

#include <glib.h>

int64_t when_read(const char *text)
{
    int64_t time;
    if (tc_date_parse_time(text, &time))
        return time;
    g_autoptr(GTimeZone) london = g_time_zone_new_identifier("Europe/London");
    g_autofree char *whole = g_regex_match_simple("^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}$", text, 0, 0) ? g_strdelimit(g_strconcat(text, ":00", NULL), " ", 'T')
                                                                                                                    : NULL;
    g_autoptr(GDateTime) local = whole == NULL || london == NULL ? NULL : g_date_time_new_from_iso8601(whole, london);
    return local == NULL ? 0 : g_date_time_to_unix(local) * G_USEC_PER_SEC;
}

char *when_text(const char *text)
{
    int64_t time = when_read(text);
    return time == 0 ? NULL : tc_date_format_time(time);
}

bool when_day(const char *day, int64_t fallback, int64_t more, int64_t *out)
{
    g_autofree char *time = day == NULL ? NULL : g_strconcat(day, " 00:00", NULL);
    *out = day == NULL ? fallback : when_read(time) + more;
    return day == NULL || when_read(time) != 0 || (command_fail(_("%s is no day. Write it as 2026-11-24."), day), false);
}
