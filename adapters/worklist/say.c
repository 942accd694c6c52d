#include "adapters/worklist/say.h"

#include "proto/date.h"

#include <glib/gi18n.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const months[] = { N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
                                      N_("September"), N_("October"), N_("November"), N_("December") };
static const char *const weekdays[] = { N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday") };

static GDateTime *london_at(int64_t time)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time / G_USEC_PER_SEC);
    return zone != NULL && utc != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
}

static char *day_words(const GDate *date) { return g_strdup_printf("%d %s %d", g_date_get_day(date), _(months[g_date_get_month(date) - 1]), g_date_get_year(date)); }

static bool read_day(const char *day, GDate *date)
{
    int y, m, d;
    if (!tc_date_valid(day, strlen(day)) || sscanf(day, "%d-%d-%d", &y, &m, &d) != 3)
        return false;
    g_date_set_dmy(date, (GDateDay)d, (GDateMonth)m, (GDateYear)y);
    return true;
}

char *say_short_day(const char *day)
{
    GDate date;
    g_date_clear(&date, 1);
    return read_day(day, &date) ? day_words(&date) : g_strdup("");
}

char *say_day(const char *day)
{
    GDate date;
    g_date_clear(&date, 1);
    if (!read_day(day, &date))
        return g_strdup("");
    g_autofree char *words = day_words(&date);
    return g_strdup_printf("%s %s", _(weekdays[g_date_get_weekday(&date) - 1]), words);
}

int say_years(const char *born, const char *today)
{
    GDate from, to;
    g_date_clear(&from, 1);
    g_date_clear(&to, 1);
    if (!read_day(born, &from) || !read_day(today, &to) || g_date_compare(&from, &to) > 0)
        return -1;
    bool before = g_date_get_month(&to) != g_date_get_month(&from) ? g_date_get_month(&to) < g_date_get_month(&from) : g_date_get_day(&to) < g_date_get_day(&from);
    return g_date_get_year(&to) - g_date_get_year(&from) - before;
}

char *say_age(const char *born, const char *today)
{
    int years = say_years(born, today);
    return years < 0 ? g_strdup("") : g_strdup_printf(ngettext("%d year old", "%d years old", (gulong)years), years);
}

static char *time_words(int day, int month, int year, int hour, int minute)
{
    if (hour == 12 && minute == 0)
        return g_strdup_printf(_("%d %s %d at midday"), day, _(months[month]), year);
    return g_strdup_printf(_("%d %s %d at %d:%02d%s"), day, _(months[month]), year, hour % 12 == 0 ? 12 : hour % 12, minute, hour < 12 ? _("am") : _("pm"));
}

char *say_time(int64_t time)
{
    g_autoptr(GDateTime) at = time > 0 && time <= TC_DATE_MAX_TIME ? london_at(time) : NULL;
    if (at == NULL)
        return g_strdup("");
    return time_words(g_date_time_get_day_of_month(at), g_date_time_get_month(at) - 1, g_date_time_get_year(at), g_date_time_get_hour(at), g_date_time_get_minute(at));
}

char *say_time_text(const char *rfc3339)
{
    int64_t time = 0;
    return tc_date_parse_time(rfc3339, &time) ? say_time(time) : g_strdup("");
}

char *say_library_time(const char *words)
{
    int day, year, hour, minute, end = 0;
    char month[4];
    if (sscanf(words, "%2d %3s %4d, %2d:%2d%n", &day, month, &year, &hour, &minute, &end) != 5 || words[end] != '\0')
        return g_strdup("");
    for (size_t i = 0; i < G_N_ELEMENTS(months); i++)
        if (strncmp(months[i], month, 3) == 0)
            return time_words(day, (int)i, year, hour, minute);
    return g_strdup("");
}

char *say_clock(int64_t time)
{
    g_autoptr(GDateTime) at = london_at(time);
    return at != NULL ? g_date_time_format(at, "%H:%M") : g_strdup("");
}

char *say_date_of(int64_t time, int days)
{
    g_autoptr(GDateTime) at = london_at(time);
    g_autoptr(GDateTime) then = at != NULL ? g_date_time_add_days(at, days) : NULL;
    return then != NULL ? g_date_time_format(then, "%Y-%m-%d") : g_strdup("");
}

char *say_example(const char *words, int64_t now)
{
    static const struct { const char *name; int days; } examples[] = { { "{yesterday}", -1 }, { "{tomorrow}", 1 }, { "{next_week}", 8 } };
    g_autoptr(GDateTime) at = london_at(now);
    GString *said = g_string_new(words);
    for (size_t i = 0; at != NULL && i < G_N_ELEMENTS(examples); i++) {
        g_autoptr(GDateTime) then = g_date_time_add_days(at, examples[i].days);
        g_autofree char *day = g_date_time_format(then, "%-d %-m %Y");
        g_string_replace(said, examples[i].name, day, 0);
    }
    return g_string_free(said, FALSE);
}

char *say_sentence(const char *words)
{
    g_autofree char *first = g_utf8_substring(words, 0, *words != '\0'), *capital = g_utf8_strup(first, -1);
    return g_strconcat(capital, words + strlen(first), NULL);
}
