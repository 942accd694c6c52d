#include "adapters/worklist/report.h"

#include "proto/date.h"

#include <glib/gi18n.h>
#include <string.h>

typedef void (*Add)(Report *report, const Case *it);

/* ---- Periods ---- */

static GDateTime *period_begins(GTimeZone *zone, int64_t now, bool by_month)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now / G_USEC_PER_SEC), at = g_date_time_to_timezone(utc, zone);
    g_autoptr(GDateTime) day = g_date_time_new(zone, g_date_time_get_year(at), g_date_time_get_month(at), by_month ? 1 : g_date_time_get_day_of_month(at), 0, 0, 0);
    return g_date_time_add_days(day, by_month ? 0 : 1 - g_date_time_get_day_of_week(day));
}

void report_begin(Report *report, ReportKind kind, bool by_month, int64_t now)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) last = period_begins(zone, now, by_month);
    *report = (Report){ .kind = kind, .by_month = by_month, .now = now };
    for (int i = 0; i <= REPORT_PERIODS; i++) {
        int away = i - REPORT_PERIODS + 1;
        g_autoptr(GDateTime) at = by_month ? g_date_time_add_months(last, away) : g_date_time_add_weeks(last, away);
        report->bounds[i] = g_date_time_to_unix(at) * G_USEC_PER_SEC;
    }
    for (int i = 0; i < REPORT_PERIODS; i++)
        report->days[i] = g_array_new(FALSE, FALSE, sizeof(int));
}

void report_clear(Report *report)
{
    for (int i = 0; i < REPORT_PERIODS; i++)
        g_clear_pointer(&report->days[i], g_array_unref);
}

static gint64 *row_of(Report *report, int64_t time, int *period)
{
    for (int i = 0; i < REPORT_PERIODS; i++)
        if (time >= report->bounds[i] && time < report->bounds[i + 1])
            return *period = i, report->counts[i];
    return NULL;
}

/* ---- What each counts ---- */

static bool is_one_of(const char *text, const char *const *list)
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return false;
}

static void add_release(Report *report, const Case *it)
{
    static const char *const off[] = { "withdrawn", "recalled", NULL };
    int period;
    int64_t time = 0;
    g_autofree char *text = g_strconcat(it->release_day, "T10:00:00Z", NULL);
    gint64 *row = *it->release_day != '\0' && tc_date_parse_time(text, &time) ? row_of(report, time, &period) : NULL;
    if (row == NULL || is_one_of(it->state, off))
        return;
    bool named = *it->facts.named != '\0' || (!it->ours && it->facts.answered_at != 0 && *it->facts.worker != '\0' && strcmp(it->state, "cannot") != 0), met = strcmp(it->facts.meeting, "met") == 0;
    row[0]++;
    row[1] += named;
    row[2] += met;
    row[3] += *it->facts.meeting != '\0' && !met;
    row[4] += *it->facts.meeting == '\0' && time < report->now;
}

/* 0: not answered and not due; 1: answered in time; 2: late, answered or not. */
static int promptness(const Report *report, const Case *it)
{
    int64_t answered = it->facts.answered_at, by = it->facts.answer_by;
    if (answered != 0)
        return by == 0 || answered <= by ? 1 : 2;
    return by != 0 && by < report->now ? 2 : 0;
}

static void add_referral(Report *report, const Case *it)
{
    int period, how = promptness(report, it);
    gint64 *row = strcmp(it->kind, "referral") == 0 ? row_of(report, it->facts.begun_at, &period) : NULL;
    if (row == NULL)
        return;
    row[0]++;
    row[1] += how == 1;
    row[2] += how == 2 && it->facts.answered_at != 0;
    row[3] += how == 2 && it->facts.answered_at == 0;
    row[4] += how == 0;
}

static void add_wait(Report *report, const Case *it)
{
    int period;
    gint64 *row = strcmp(it->kind, "referral") == 0 ? row_of(report, it->facts.begun_at, &period) : NULL;
    if (row == NULL)
        return;
    row[0]++;
    if (it->facts.first_offered_at == 0)
        return;
    int days = (int)MAX((it->facts.first_offered_at - it->facts.begun_at) / G_TIME_SPAN_DAY, 0);
    row[1]++;
    g_array_append_val(report->days[period], days);
}

static void add_attendance(Report *report, const Case *it)
{
    static const char *const came[] = { "attended", "left_early", NULL };
    int period;
    gint64 *row = it->facts.appointment_at != 0 && it->facts.appointment_at <= report->now ? row_of(report, it->facts.appointment_at, &period) : NULL;
    if (row == NULL)
        return;
    const char *outcome = it->facts.outcome;
    row[0]++;
    row[1] += is_one_of(outcome, came);
    row[2] += strcmp(outcome, "did_not_attend") == 0;
    row[3] += *outcome != '\0' && !is_one_of(outcome, came) && strcmp(outcome, "did_not_attend") != 0;
    row[4] += *outcome == '\0';
}

static void add_drop_out(Report *report, const Case *it)
{
    static const char *const back[] = { "re_engaged", "resumed", NULL };
    int period;
    gint64 *row = strcmp(it->kind, "drop_out") == 0 ? row_of(report, it->facts.begun_at, &period) : NULL;
    if (row == NULL)
        return;
    bool lost = strcmp(it->state, "lost") == 0, is_back = is_one_of(it->state, back), tried = it->facts.attempted_at != 0;
    row[0]++;
    row[1] += is_back;
    row[2] += lost;
    row[3] += !is_back && !lost && tried;
    row[4] += !is_back && !lost && !tried;
}

static void add_clock(Report *report, const Case *it)
{
    int period, how = promptness(report, it);
    gint64 *row = it->facts.answer_by != 0 ? row_of(report, it->facts.answer_by, &period) : NULL;
    if (row == NULL)
        return;
    row[0]++;
    row[how == 0 ? 5 : (how == 1 ? 1 : 2) + (it->ours ? 2 : 0)]++;
}

/* ---- The table of reports ---- */

static const struct { const char *name, *title, *tells, *columns[REPORT_COLUMNS]; Add add; } reports[REPORT_KINDS] = {
    { "releases", N_("Releases"), N_("People who were expected to come out, and whether somebody was named and met them."),
      { N_("Expected"), N_("Somebody was named"), N_("Met"), N_("Not met"), N_("No word") }, add_release },
    { "referrals", N_("Referrals answered in time"), N_("Referrals by the period in which they were made, and when they were answered."),
      { N_("Referrals"), N_("Answered in time"), N_("Answered late"), N_("Late, no answer"), N_("Not due yet") }, add_referral },
    { "waits", N_("Waits"), N_("From the referral to the first appointment that was offered, in days."), { N_("Referrals"), N_("Offered an appointment"), N_("Middle wait, days"), N_("Longest wait, days") }, add_wait },
    { "attendance", N_("Attendance"), N_("Appointments that are past, the newest of each referral, and what became of them."),
      { N_("Appointments"), N_("Came"), N_("Did not come"), N_("In custody, in hospital or intoxicated"), N_("No word") }, add_attendance },
    { "drop-outs", N_("Drop-outs"), N_("People who dropped out, and what became of it."), { N_("Dropped out"), N_("Back"), N_("Signed off as lost"), N_("Being tried"), N_("Not tried yet") }, add_drop_out },
    { "clocks", N_("Clocks"), N_("Every answer by the period in which it was due: ours, and what others owed us."),
      { N_("Due"), N_("Ours in time"), N_("Ours late"), N_("Theirs in time"), N_("Theirs late"), N_("Still running") }, add_clock },
};

void report_add(Report *report, const Case *it) { reports[report->kind].add(report, it); }

static gint by_number(gconstpointer a, gconstpointer b) { return *(const int *)a - *(const int *)b; }

void report_end(Report *report)
{
    for (int i = 0; report->kind == REPORT_WAITS && i < REPORT_PERIODS; i++) {
        GArray *days = report->days[i];
        g_array_sort(days, by_number);
        report->counts[i][2] = days->len > 0 ? g_array_index(days, int, (days->len - 1) / 2) : -1;
        report->counts[i][3] = days->len > 0 ? g_array_index(days, int, days->len - 1) : -1;
    }
}

int report_columns(ReportKind kind)
{
    int count = 0;
    while (count < REPORT_COLUMNS && reports[kind].columns[count] != NULL)
        count++;
    return count;
}

bool report_is_days(ReportKind kind, int column) { return kind == REPORT_WAITS && column >= 2; }
const char *report_name(ReportKind kind) { return reports[kind].name; }
const char *report_title(ReportKind kind) { return reports[kind].title; }
const char *report_tells(ReportKind kind) { return reports[kind].tells; }
const char *report_column(ReportKind kind, int column) { return reports[kind].columns[column]; }

ReportKind report_find(const char *name)
{
    for (int i = 0; i < REPORT_KINDS; i++)
        if (strcmp(name, reports[i].name) == 0)
            return (ReportKind)i;
    return REPORT_RELEASES;
}
