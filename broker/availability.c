#include "broker/availability.h"

#include "broker/codes.h"
#include "broker/working.h"

#include <string.h>

enum { DAYS_AHEAD = 16, NINE = 9 * 60, FIVE = 17 * 60, DAY_END = 24 * 60 };

const Availability availability_unsaid = {
    .openings = { { WEEKDAY_MONDAY, NINE, FIVE }, { WEEKDAY_TUESDAY, NINE, FIVE }, { WEEKDAY_WEDNESDAY, NINE, FIVE },
                  { WEEKDAY_THURSDAY, NINE, FIVE }, { WEEKDAY_FRIDAY, NINE, FIVE } },
    .opening_count = 5,
    .places = AVAILABILITY_NOT_SAID,
};

static int64_t time_on(const GDate *day, int minute)
{
    g_autoptr(GDateTime) midnight = g_date_time_new(working_zone(), g_date_get_year(day), (int)g_date_get_month(day), g_date_get_day(day),
                                                    MIN(minute, DAY_END - 1) / 60, MIN(minute, DAY_END - 1) % 60, minute == DAY_END ? 59 : 0);
    return g_date_time_to_unix(midnight) * G_USEC_PER_SEC;
}

/* Days compare as their texts do. */
static bool is_closed(const Availability *availability, const GDate *day)
{
    char text[11];
    g_date_strftime(text, sizeof text, "%Y-%m-%d", day);
    for (size_t i = 0; i < availability->closure_count; i++)
        if (strcmp(availability->closures[i].from_day, text) <= 0 && strcmp(text, availability->closures[i].to_day) <= 0)
            return true;
    return false;
}

/* The first moment of that day, from at on, when it is open; 0: none. */
static int64_t open_on(const Availability *availability, const GDate *day, int64_t at)
{
    bool holiday = working_is_holiday(g_date_get_year(day), (int)g_date_get_month(day), g_date_get_day(day));
    int wanted = holiday ? WEEKDAY_BANK_HOLIDAY : (int)g_date_get_weekday(day); /* Monday 1, as the code list */
    int64_t first = 0;
    if (is_closed(availability, day))
        return 0;
    if ((availability->capabilities & 1u << CAPABILITY_OUT_OF_HOURS) != 0)
        return MAX(at, time_on(day, 0));
    for (size_t i = 0; i < availability->opening_count; i++) {
        const Opening *opening = &availability->openings[i];
        int64_t opens = time_on(day, opening->opens);
        if (opening->day != wanted || at >= time_on(day, opening->closes))
            continue;
        opens = MAX(opens, at);
        first = first == 0 ? opens : MIN(first, opens);
    }
    return first;
}

int64_t availability_open_from(const Availability *availability, int64_t at)
{
    GDate day;
    working_local_day(at, &day);
    for (int i = 0; i < DAYS_AHEAD; i++, g_date_add_days(&day, 1)) {
        int64_t open = open_on(availability, &day, at);
        if (open != 0)
            return open;
    }
    return 0;
}

/* ---- Working time ---- */

/* When it closes on such a day; 0: it does not work that day. */
static int64_t closes_on(const Availability *availability, const GDate *day)
{
    bool holiday = working_is_holiday(g_date_get_year(day), (int)g_date_get_month(day), g_date_get_day(day));
    int wanted = holiday ? WEEKDAY_BANK_HOLIDAY : (int)g_date_get_weekday(day), last = 0;
    if ((availability->capabilities & 1u << CAPABILITY_OUT_OF_HOURS) != 0)
        last = DAY_END;
    for (size_t i = 0; i < availability->opening_count; i++)
        if (availability->openings[i].day == wanted)
            last = MAX(last, availability->openings[i].closes);
    return last == 0 ? 0 : time_on(day, last);
}

/* The close of the first day on which it works, stepping day by day; 0: none within `most` days. */
static int64_t next_close(const Availability *availability, GDate *day, int step, int most)
{
    for (int i = 0; i < most; i++) {
        g_date_set_julian(day, (guint32)((int)g_date_get_julian(day) + step));
        int64_t closes = closes_on(availability, day);
        if (closes != 0)
            return closes;
    }
    return 0;
}

static int64_t own_close(const Availability *availability, int64_t at, int days)
{
    GDate day;
    working_local_day(at, &day);
    int64_t closes = closes_on(availability, &day);
    if (closes <= at)
        closes = next_close(availability, &day, 1, DAYS_AHEAD);
    for (; days > 0 && closes != 0; days--)
        closes = next_close(availability, &day, 1, DAYS_AHEAD);
    for (; days < 0 && closes != 0; days++)
        closes = next_close(availability, &day, -1, DAYS_AHEAD);
    return closes;
}

int64_t availability_close(const Availability *availability, int64_t at, int days)
{
    int64_t usual = working_close(at, days);
    int64_t own = availability == NULL ? usual : own_close(availability, at, days);
    return own == 0 ? usual : CLAMP(own, usual - AVAILABILITY_SHIFT_MOST, usual + AVAILABILITY_SHIFT_MOST);
}
