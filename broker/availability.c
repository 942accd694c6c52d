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
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, working_zone());
    g_date_clear(&day, 1);
    g_date_set_dmy(&day, (GDateDay)g_date_time_get_day_of_month(local), (GDateMonth)g_date_time_get_month(local),
                   (GDateYear)g_date_time_get_year(local));
    for (int i = 0; i < DAYS_AHEAD; i++, g_date_add_days(&day, 1)) {
        int64_t open = open_on(availability, &day, at);
        if (open != 0)
            return open;
    }
    return 0;
}
