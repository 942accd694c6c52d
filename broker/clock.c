#include "broker/clock.h"

#include "broker/codes.h"

#include <stdio.h>

enum { CLOCK_RELEASE_HOUR = 10, CLOCK_NAMED_DAYS_BEFORE = 28 };
#define CLOCK_NAMED_GRACE (2 * CLOCK_HOUR)
#define CLOCK_CONTACT_AFTER (2 * CLOCK_HOUR)
#define CLOCK_PAST_GRACE (15 * CLOCK_MINUTE)
#define CLOCK_TOLD_TIME (5 * CLOCK_MINUTE)
#define CLOCK_AGAIN_TIME (30 * CLOCK_MINUTE)

/* The ladders. Row numbers are kept in the database: rows are only ever added at the end. */
static const ClockRung clock_rungs[] = {
    { POLICY_HELD, ROLE_SPOC, "held/spoc" },
    { POLICY_HELD, ROLE_NONE, "held/nobody" },
    { POLICY_NAMED, ROLE_SPOC, "named/spoc" },
    { POLICY_NAMED, ROLE_NONE, "named/nobody" },
    { POLICY_CONTACT, ROLE_SPOC, "contact/spoc" },
    { POLICY_CONTACT, ROLE_NONE, "contact/nobody" },
    { POLICY_DOSE_ANSWERED, ROLE_MANAGER, "dose_answered/manager" },
    { POLICY_DOSE_ANSWERED, ROLE_SPOC, "dose_answered/spoc" },
    { POLICY_DOSE_ANSWERED, ROLE_NONE, "dose_answered/nobody" },
};

const ClockRung *clock_rung(uint32_t row)
{
    return row < G_N_ELEMENTS(clock_rungs) ? &clock_rungs[row] : NULL;
}

uint32_t clock_ladder(int policy)
{
    uint32_t row = 0;
    while (clock_rungs[row].policy != policy && row + 1 < G_N_ELEMENTS(clock_rungs))
        row++;
    g_assert(clock_rungs[row].policy == policy);
    return row;
}

uint32_t clock_rung_number(uint32_t row)
{
    const ClockRung *rung = clock_rung(row);
    return rung == NULL ? 0 : row - clock_ladder(rung->policy);
}

int64_t clock_rung_time(uint32_t row)
{
    const ClockRung *rung = clock_rung(row);
    return rung != NULL && rung->role == ROLE_NONE ? CLOCK_AGAIN_TIME : CLOCK_TOLD_TIME;
}

const char *clock_policy_name(int policy)
{
    static const char *const names[] = {
        [POLICY_HELD] = "held", [POLICY_NAMED] = "named", [POLICY_CONTACT] = "contact",
        [POLICY_DOSE_ANSWERED] = "dose_answered", [POLICY_TOLD] = "told",
    };
    return policy > POLICY_NONE && (size_t)policy < G_N_ELEMENTS(names) ? names[policy] : "";
}

/* ---- Days in London ---- */

static GTimeZone *clock_london(void)
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

static GDateTime *clock_local(int64_t at)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    g_autoptr(GDateTime) exact = g_date_time_add(utc, at % G_USEC_PER_SEC);
    return g_date_time_to_timezone(exact, clock_london());
}

static int64_t clock_unix(GDateTime *time)
{
    return g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
}

int64_t clock_day(const char *day)
{
    int year, month, number;
    if (sscanf(day, "%4d-%2d-%2d", &year, &month, &number) != 3)
        return 0;
    g_autoptr(GDateTime) time = g_date_time_new(clock_london(), year, month, number, CLOCK_RELEASE_HOUR, 0, 0);
    return time == NULL ? 0 : clock_unix(time);
}

int64_t clock_release_at(const Message *message)
{
    const ReleaseFields *release = &message->group.release;
    const char *day = release->expected_date != NULL ? release->expected_date
                      : release->court_date != NULL  ? release->court_date
                                                     : release->statutory_date;
    if (message->event_at != 0)
        return message->event_at;
    return day == NULL ? 0 : clock_day(day);
}

bool clock_same_day(int64_t a, int64_t b)
{
    if (a == 0 || b == 0)
        return a == b;
    g_autoptr(GDateTime) first = clock_local(a);
    g_autoptr(GDateTime) second = clock_local(b);
    return g_date_time_get_year(first) == g_date_time_get_year(second)
           && g_date_time_get_day_of_year(first) == g_date_time_get_day_of_year(second);
}

/* Days are counted in London, so that ten o'clock stays ten o'clock across the change of summer time. */
static int64_t clock_days_before(int64_t at, int days)
{
    g_autoptr(GDateTime) local = clock_local(at);
    g_autoptr(GDateTime) before = g_date_time_add_days(local, -days);
    return clock_unix(before);
}

/* ---- Due times ---- */

int64_t clock_held_due(int kind, int64_t now)
{
    bool dose = kind == KIND_DOSE_REQUEST || kind == KIND_DOSE_ANSWER;
    return now + (dose ? 15 : 60) * CLOCK_MINUTE;
}

/* natural: what the release asks for; grace: the least time anybody gets, which a running clock has used up already. */
static int64_t clock_due(int64_t natural, int64_t grace, int64_t running)
{
    return MAX(natural, running != 0 ? MIN(grace, running) : grace);
}

int64_t clock_named_due(int64_t release_at, int64_t now, int64_t running)
{
    int64_t grace = now + CLOCK_NAMED_GRACE;
    if (release_at == 0)
        return clock_due(0, grace, running);
    if (release_at <= now)
        return clock_due(0, now + CLOCK_PAST_GRACE, running);
    return clock_due(clock_days_before(release_at, CLOCK_NAMED_DAYS_BEFORE), MIN(grace, release_at), running);
}

int64_t clock_contact_due(int64_t release_at, int64_t now, int64_t running)
{
    return clock_due(release_at + CLOCK_CONTACT_AFTER, now + CLOCK_PAST_GRACE, running);
}

int64_t clock_dose_due(int64_t needed_at, int64_t now)
{
    return MAX(needed_at, now + CLOCK_PAST_GRACE);
}
