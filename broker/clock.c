#include "broker/clock.h"

#include "broker/codes.h"
#include "broker/machine.h"
#include "broker/working.h"

#include <stdio.h>

enum { CLOCK_RELEASE_HOUR = 10, CLOCK_NAMED_DAYS_BEFORE = 28 };
#define CLOCK_NAMED_GRACE (2 * CLOCK_HOUR)
#define CLOCK_CONTACT_AFTER (2 * CLOCK_HOUR)
#define CLOCK_PAST_GRACE (15 * CLOCK_MINUTE)
#define CLOCK_TOLD_TIME (5 * CLOCK_MINUTE)
#define CLOCK_AGAIN_TIME (30 * CLOCK_MINUTE)
#define CLOCK_SEEN_AFTER (24 * CLOCK_HOUR)
#define CLOCK_FORTNIGHT (14 * 24 * CLOCK_HOUR)
#define CLOCK_ATTEMPT_AT_ONCE (2 * CLOCK_HOUR)
enum { CLOCK_TRANSFER_DAYS = 5, CLOCK_BEFORE_SCRIPT_END = 2, CLOCK_BOOKING_DAYS = 2, CLOCK_ROUTINE_DAYS = 2 }; /* working days */

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
    { POLICY_CELL_ANSWERED, ROLE_FALLBACK, "cell_answered/fallback" },
    { POLICY_CELL_ANSWERED, ROLE_SPOC, "cell_answered/spoc" },
    { POLICY_CELL_ANSWERED, ROLE_NONE, "cell_answered/nobody" },
    { POLICY_SAME_DAY_ANSWERED, ROLE_FALLBACK, "same_day_answered/fallback" },
    { POLICY_SAME_DAY_ANSWERED, ROLE_SPOC, "same_day_answered/spoc" },
    { POLICY_SAME_DAY_ANSWERED, ROLE_AREA_MANAGER, "same_day_answered/area_manager" },
    { POLICY_SAME_DAY_ANSWERED, ROLE_NONE, "same_day_answered/nobody" },
    { POLICY_REFERRAL_ANSWERED, ROLE_SPOC, "referral_answered/spoc" },
    { POLICY_REFERRAL_ANSWERED, ROLE_NONE, "referral_answered/nobody" },
    { POLICY_BOOKED, ROLE_TEAM_LEADER, "booked/team_leader" },
    { POLICY_BOOKED, ROLE_SPOC, "booked/spoc" },
    { POLICY_BOOKED, ROLE_NONE, "booked/nobody" },
    { POLICY_SEEN, ROLE_TEAM_LEADER, "seen/team_leader" },
    { POLICY_SEEN, ROLE_SPOC, "seen/spoc" },
    { POLICY_SEEN, ROLE_NONE, "seen/nobody" },
    { POLICY_FIRST_ATTEMPT, ROLE_TEAM_LEADER, "first_attempt/team_leader" },
    { POLICY_FIRST_ATTEMPT, ROLE_SPOC, "first_attempt/spoc" },
    { POLICY_FIRST_ATTEMPT, ROLE_NONE, "first_attempt/nobody" },
    { POLICY_ACKNOWLEDGED, ROLE_MANAGER, "acknowledged/manager" },
    { POLICY_ACKNOWLEDGED, ROLE_SPOC, "acknowledged/spoc" },
    { POLICY_ACKNOWLEDGED, ROLE_NONE, "acknowledged/nobody" },
    { POLICY_BRIEF_INTERVENTION, ROLE_SPOC, "brief_intervention/spoc" },
    { POLICY_BRIEF_INTERVENTION, ROLE_NONE, "brief_intervention/nobody" },
    { POLICY_RAPID_PRESCRIBING, ROLE_SPOC, "rapid_prescribing/spoc" },
    { POLICY_RAPID_PRESCRIBING, ROLE_NONE, "rapid_prescribing/nobody" },
};

/* Rungs that only an area's own ladder has: any role for any policy. */
enum { CLOCK_SET_ROWS = 1000, CLOCK_SET_ROLES = ROLE_AREA_MANAGER + 1 };

static const ClockRung *clock_set_rung(uint32_t number)
{
    static const char *const roles[CLOCK_SET_ROLES] = { "nobody", "spoc", "manager", "fallback", "team_leader", "area_manager" };
    static ClockRung rungs[(POLICY_LAST + 1) * CLOCK_SET_ROLES];
    ClockRung *rung = &rungs[MIN(number, G_N_ELEMENTS(rungs) - 1)];
    if (number >= G_N_ELEMENTS(rungs) || !clock_may_be_set((int)number / CLOCK_SET_ROLES))
        return NULL;
    if (rung->name == NULL) {
        int policy = (int)number / CLOCK_SET_ROLES, role = (int)number % CLOCK_SET_ROLES;
        g_autofree char *name = g_strdup_printf("%s/%s", clock_policy_name(policy), roles[role]);
        *rung = (ClockRung){ policy, role, g_intern_string(name) };
    }
    return rung;
}

const ClockRung *clock_rung(uint32_t row)
{
    return row < G_N_ELEMENTS(clock_rungs) ? &clock_rungs[row] : row < CLOCK_SET_ROWS ? NULL : clock_set_rung(row - CLOCK_SET_ROWS);
}

static uint32_t clock_set_row(int policy, int role)
{
    return (uint32_t)(CLOCK_SET_ROWS + policy * CLOCK_SET_ROLES + role);
}

void clock_ladder(int policy, const int *roles, size_t role_count, ClockLadder *ladder)
{
    ladder->count = 0;
    for (uint32_t row = 0; role_count == 0 && row < G_N_ELEMENTS(clock_rungs); row++)
        if (clock_rungs[row].policy == policy)
            ladder->rows[ladder->count++] = row;
    for (size_t i = 0; i < role_count && i + 1 < G_N_ELEMENTS(ladder->rows); i++)
        ladder->rows[ladder->count++] = clock_set_row(policy, roles[i]);
    if (role_count != 0)
        ladder->rows[ladder->count++] = clock_set_row(policy, ROLE_NONE);
    g_assert(ladder->count > 0);
}

size_t clock_ladder_find(const ClockLadder *ladder, uint32_t row)
{
    for (size_t i = 0; i < ladder->count; i++)
        if (clock_rung(ladder->rows[i])->role == clock_rung(row)->role)
            return i;
    return ladder->count - 1;
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
        [POLICY_DOSE_ANSWERED] = "dose_answered", [POLICY_TOLD] = "told", [POLICY_CELL_ANSWERED] = "cell_answered",
        [POLICY_SAME_DAY_ANSWERED] = "same_day_answered", [POLICY_REFERRAL_ANSWERED] = "referral_answered",
        [POLICY_BOOKED] = "booked", [POLICY_SEEN] = "seen", [POLICY_FIRST_ATTEMPT] = "first_attempt",
        [POLICY_TRANSFER_ANSWERED] = "transfer_answered", [POLICY_ACKNOWLEDGED] = "acknowledged",
        [POLICY_BRIEF_INTERVENTION] = "brief_intervention", [POLICY_RAPID_PRESCRIBING] = "rapid_prescribing", [POLICY_REMINDER] = "reminder",
    };
    return policy > POLICY_NONE && (size_t)policy < G_N_ELEMENTS(names) ? names[policy] : "";
}

/* ---- Days in London ---- */

static GDateTime *clock_local(int64_t at)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    g_autoptr(GDateTime) exact = g_date_time_add(utc, at % G_USEC_PER_SEC);
    return g_date_time_to_timezone(exact, working_zone());
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
    g_autoptr(GDateTime) time = g_date_time_new(working_zone(), year, month, number, CLOCK_RELEASE_HOUR, 0, 0);
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

/* ---- Referrals, transfers, drop-outs, concerns ---- */

static bool clock_is_urgent(int urgency)
{
    return urgency == URGENCY_BEFORE_LEAVES_CELL || urgency == URGENCY_SAME_DAY;
}

int clock_answer_policy(int machine, int urgency)
{
    switch (machine) {
    case MACHINE_DOSE: return POLICY_DOSE_ANSWERED;
    case MACHINE_REFERRAL:
        return urgency == URGENCY_BEFORE_LEAVES_CELL ? POLICY_CELL_ANSWERED
               : urgency == URGENCY_SAME_DAY         ? POLICY_SAME_DAY_ANSWERED
                                                     : POLICY_REFERRAL_ANSWERED;
    case MACHINE_TRANSFER: return POLICY_TRANSFER_ANSWERED;
    case MACHINE_DROPOUT: return POLICY_FIRST_ATTEMPT;
    case MACHINE_CONCERN: return POLICY_ACKNOWLEDGED;
    default: return POLICY_NAMED;
    }
}

/* The client leaves the cell at leaves_at, where that is known. */
static int64_t clock_cell_due(int64_t leaves_at, int64_t now)
{
    int64_t most = now + CLOCK_HOUR;
    return leaves_at == 0 ? most : CLAMP(leaves_at, now + CLOCK_PAST_GRACE, most);
}

static int64_t clock_transfer_due(int64_t script_end_at, int64_t now, const Availability *hours)
{
    int64_t due = availability_close(hours, now, CLOCK_TRANSFER_DAYS);
    if (script_end_at != 0)
        due = MIN(due, availability_close(hours, script_end_at, -CLOCK_BEFORE_SCRIPT_END));
    return MAX(due, now + CLOCK_HOUR);
}

int64_t clock_answer_due(int policy, int urgency, int64_t when, int64_t now, const Availability *hours)
{
    switch (policy) {
    case POLICY_DOSE_ANSWERED: return clock_dose_due(when, now);
    case POLICY_NAMED: return clock_named_due(when, now, 0);
    case POLICY_CELL_ANSWERED: return clock_cell_due(when, now);
    case POLICY_SAME_DAY_ANSWERED: return MAX(working_midnight(now), now + CLOCK_HOUR);
    case POLICY_TRANSFER_ANSWERED: return clock_transfer_due(when, now, hours);
    case POLICY_FIRST_ATTEMPT: return clock_attempt_due(0, now, hours);
    case POLICY_REFERRAL_ANSWERED: return availability_close(hours, now, urgency == URGENCY_ROUTINE ? CLOCK_ROUTINE_DAYS : 1);
    default: return availability_close(hours, now, 1);
    }
}

int64_t clock_booked_due(int urgency, int64_t now, const Availability *hours)
{
    return clock_is_urgent(urgency) ? MAX(working_midnight(now), now + CLOCK_HOUR) : availability_close(hours, now, CLOCK_BOOKING_DAYS);
}

int64_t clock_attempt_due(int64_t released_at, int64_t now, const Availability *hours)
{
    int64_t usual = availability_close(hours, now, 0);
    bool fortnight = released_at != 0 && now >= released_at && now < released_at + CLOCK_FORTNIGHT;
    return fortnight ? MIN(usual, now + CLOCK_ATTEMPT_AT_ONCE) : usual;
}

int64_t clock_seen_due(int64_t appointment_at, int64_t now)
{
    return MAX(appointment_at, now) + CLOCK_SEEN_AFTER;
}

/* DOMAIN: brief crack intervention within 48 hours; rapid prescribing by the service's model 1, 3 or 14 days, of which the middle one is
 * usual and an area sets its own. */
int clock_treatment_policy(int pathway, int urgency, int service_kind)
{
    if (pathway == PATHWAY_CRACK)
        return POLICY_BRIEF_INTERVENTION;
    return service_kind == SERVICE_PRESCRIBER && (urgency == URGENCY_RAPID || clock_is_urgent(urgency)) ? POLICY_RAPID_PRESCRIBING : POLICY_NONE;
}

int64_t clock_treatment_due(int policy, int64_t now)
{
    return now + (policy == POLICY_BRIEF_INTERVENTION ? 48 : 72) * CLOCK_HOUR;
}

bool clock_may_be_set(int policy)
{
    return policy > POLICY_HELD && policy < POLICY_REMINDER && policy != POLICY_TOLD;
}

bool clock_needs_client(int policy)
{
    return policy == POLICY_BRIEF_INTERVENTION || policy == POLICY_RAPID_PRESCRIBING || policy == POLICY_BOOKED || policy == POLICY_SEEN || policy == POLICY_FIRST_ATTEMPT;
}
