#include "broker/working.h"

enum { CLOSES = 17, MONDAY = 1, FRIDAY = 5, SATURDAY = 6 };

/* Years that were otherwise, from the proclamations in The Gazette. holiday false: an ordinary day after all. */
static const struct { int year, month, day; bool holiday; } exceptions[] = {
    { 1981, 7, 29, true },                          /* royal wedding */
    { 1995, 5, 1, false }, { 1995, 5, 8, true },    /* VE day */
    { 1999, 12, 31, true },                         /* millennium */
    { 2002, 5, 27, false }, { 2002, 6, 3, true }, { 2002, 6, 4, true },   /* golden jubilee */
    { 2011, 4, 29, true },                          /* royal wedding */
    { 2012, 5, 28, false }, { 2012, 6, 4, true }, { 2012, 6, 5, true },   /* diamond jubilee */
    { 2020, 5, 4, false }, { 2020, 5, 8, true },    /* VE day */
    { 2022, 5, 30, false }, { 2022, 6, 2, true }, { 2022, 6, 3, true },   /* platinum jubilee */
    { 2022, 9, 19, true },                          /* state funeral */
    { 2023, 5, 8, true },                           /* coronation */
};

GTimeZone *working_zone(void)
{
    static gsize once;
    static GTimeZone *zone;
    if (g_once_init_enter(&once)) {
        zone = g_time_zone_new_identifier("Europe/London");
        if (zone == NULL)
            g_error("the time zone Europe/London is missing: install tzdata");
        g_once_init_leave(&once, 1);
    }
    return zone;
}

/* ---- Bank holidays ---- */

static int weekday(int year, int month, int day)
{
    GDate date;
    g_date_set_dmy((g_date_clear(&date, 1), &date), (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return (int)g_date_get_weekday(&date); /* Monday 1 */
}

/* Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher), as a day number counted from 1 March. */
static int easter_from_march(int year)
{
    int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4;
    int g = (8 * b + 13) / 25, h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 19 * l) / 433;
    int month = (h + l - 7 * m + 90) / 25, day = (h + l - 7 * m + 33 * month + 19) % 32;
    return month == 3 ? day : day + 31;
}

static bool is_easter_holiday(int year, int month, int day)
{
    int easter = easter_from_march(year), here = month == 3 ? day : month == 4 ? day + 31 : 0;
    return here != 0 && (here == easter - 2 || here == easter + 1);
}

/* New Year's Day, Christmas and Boxing Day, or the days that stand in for them. */
static bool is_fixed_holiday(int year, int month, int day)
{
    int on = weekday(year, month, day);
    if (month == 1)
        return on < SATURDAY && (day == 1 || (on == MONDAY && day <= 3));
    if (month != 12 || on >= SATURDAY)
        return false;
    if (day == 25 || day == 26)
        return true;
    if (day == 27)
        return on == MONDAY || on == MONDAY + 1; /* Christmas on a Saturday; on a Sunday: Boxing Day was Monday */
    return day == 28 && (on == MONDAY || on == MONDAY + 1); /* Boxing Day on a Saturday, or on a Sunday */
}

static bool is_monday_holiday(int year, int month, int day)
{
    if (weekday(year, month, day) != MONDAY)
        return false;
    return (month == 5 && (day <= 7 || day >= 25)) || (month == 8 && day >= 25);
}

typedef struct SetDay { int year, month, day; WorkingException exception; } SetDay;
static SetDay *set_days;
static size_t set_day_count;

static SetDay *find_set_day(int year, int month, int day)
{
    for (size_t i = 0; i < set_day_count; i++)
        if (set_days[i].year == year && set_days[i].month == month && set_days[i].day == day)
            return &set_days[i];
    return NULL;
}

void working_except(int year, int month, int day, WorkingException exception)
{
    SetDay *found = find_set_day(year, month, day);
    if (found == NULL) {
        set_days = g_renew(SetDay, set_days, set_day_count + 1);
        found = &set_days[set_day_count++];
    }
    *found = (SetDay){ year, month, day, exception };
}

void working_forget_exceptions(void)
{
    g_clear_pointer(&set_days, g_free);
    set_day_count = 0;
}

bool working_is_holiday(int year, int month, int day)
{
    const SetDay *set = find_set_day(year, month, day);
    if (set != NULL && set->exception != WORKING_AS_USUAL)
        return set->exception == WORKING_HOLIDAY;
    for (size_t i = 0; i < G_N_ELEMENTS(exceptions); i++)
        if (exceptions[i].year == year && exceptions[i].month == month && exceptions[i].day == day)
            return exceptions[i].holiday;
    return is_easter_holiday(year, month, day) || is_fixed_holiday(year, month, day) || is_monday_holiday(year, month, day);
}

bool working_is_day(int year, int month, int day)
{
    return weekday(year, month, day) <= FRIDAY && !working_is_holiday(year, month, day);
}

/* ---- Days and hours in London ---- */

static GDateTime *local_of(int64_t at)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    return g_date_time_to_timezone(utc, working_zone());
}

static bool is_working(const GDate *day)
{
    return working_is_day(g_date_get_year(day), (int)g_date_get_month(day), g_date_get_day(day));
}

static int64_t hour_of(const GDate *day, int hour, int minute, double second)
{
    g_autoptr(GDateTime) time = g_date_time_new(working_zone(), g_date_get_year(day), (int)g_date_get_month(day), g_date_get_day(day),
                                                hour, minute, second);
    return g_date_time_to_unix(time) * G_USEC_PER_SEC;
}

static void day_of(GDateTime *local, GDate *day)
{
    g_date_clear(day, 1);
    g_date_set_dmy(day, (GDateDay)g_date_time_get_day_of_month(local), (GDateMonth)g_date_time_get_month(local),
                   (GDateYear)g_date_time_get_year(local));
}

void working_local_day(int64_t at, GDate *day)
{
    g_autoptr(GDateTime) local = local_of(at);
    day_of(local, day);
}

int64_t working_close(int64_t at, int days)
{
    GDate day;
    g_autoptr(GDateTime) local = local_of(at);
    day_of(local, &day);
    if (g_date_time_get_hour(local) >= CLOSES)
        g_date_add_days(&day, 1);
    while (!is_working(&day))
        g_date_add_days(&day, 1);
    for (; days > 0; days--)
        do
            g_date_add_days(&day, 1);
        while (!is_working(&day));
    for (; days < 0; days++)
        do
            g_date_subtract_days(&day, 1);
        while (!is_working(&day));
    return hour_of(&day, CLOSES, 0, 0);
}

int64_t working_midnight(int64_t at)
{
    GDate day;
    working_local_day(at, &day);
    return hour_of(&day, 23, 59, 59);
}
