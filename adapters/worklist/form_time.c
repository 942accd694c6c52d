#include "adapters/worklist/form_time.h"

#include "adapters/worklist/field.h"
#include "adapters/worklist/form_problem.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/say.h"
#include "broker/clock.h"
#include "proto/errors.h"

#include <glib/gi18n.h>
#include <string.h>

enum { OLDEST = 120 }; /* years: nobody is older, so the year is wrong */

/* { kind, where its time stands, is that still to come?, how long past it may be, of which replies that does not hold: { path, codes } }. */
static const struct { const char *kind, *path; bool to_come; int64_t grace; const char *but, *codes; } times[] = {
    { "appointment", "event_at", true, CLOCK_APPOINTMENT_GRACE, "appointment.change", "client_cancelled,service_cancelled" },
    { "dose_request", "due_at", true, 0, NULL, "" },
    { "attendance", "event_at", false, 0, "attendance.outcome", "in_custody,in_hospital" },
    { "attempt", "event_at", false, 0, NULL, "" },
};

static bool holds(size_t i, const char *kind, const json_t *message)
{
    g_auto(GStrv) codes = g_strsplit(times[i].codes, ",", -1);
    return strcmp(times[i].kind, kind) == 0 && (times[i].but == NULL || !g_strv_contains((const char *const *)codes, case_text(message, times[i].but)));
}

/* As the broker says it. */
static char *past_said(const Worklist *worklist)
{
    const TcErrorInfo *info = tc_errors_find(TC_CODE_IN_THE_PAST);
    g_autofree char *text = g_strconcat(info->sentence, " ", info->advice, NULL);
    return library_said(worklist, text);
}

/* The broker gives whoever is asked for a dose some time, whatever the request says. */
static void check_due(const FormSaying *saying, const char *kind, const json_t *message, int64_t now, json_t *errors)
{
    const Field *due = strcmp(kind, "dose_request") == 0 ? form_field_of(saying->form, kind, "due_at") : NULL;
    int64_t time = facts_time(message, "due_at");
    if (due != NULL && time > now && clock_dose_due(time, now) > time)
        form_problem_at(errors, due, _("They have a quarter of an hour at least: write a later time"));
}

static void check_born(const FormSaying *saying, const char *kind, const json_t *message, const char *today, json_t *errors)
{
    const json_t *day = form_field_of(saying->form, kind, FORM_BORN) != NULL ? field_get(message, FORM_BORN) : NULL;
    if (day != NULL && strcmp(json_string_value(day), today) > 0)
        form_problem_add(errors, FORM_BORN, _("Date of birth cannot be in the future"));
    if (day != NULL && say_years(json_string_value(day), today) > OLDEST)
        form_problem_add(errors, FORM_BORN, _("Check the year: nobody is that old"));
}

void form_time_check(const FormSaying *saying, const char *kind, const json_t *message, json_t *errors)
{
    int64_t now = tc_client_now(saying->worklist->client);
    g_autofree char *today = say_date_of(now, 0), *past = past_said(saying->worklist);
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        const Field *field = holds(i, kind, message) ? form_field_of(saying->form, kind, times[i].path) : NULL;
        int64_t time = facts_time(message, times[i].path);
        if (field != NULL && field->label != NULL && time != 0 && (times[i].to_come ? time < now - times[i].grace : time > now))
            form_problem_at(errors, field, times[i].to_come ? past : _("This time is still to come. Say what came of it afterwards."));
    }
    check_due(saying, kind, message, now, errors);
    check_born(saying, kind, message, today, errors);
}

/* The appointment on record; 0: none, or it was cancelled. */
static int64_t made_for(const Case *it)
{
    return g_str_has_suffix(case_text(case_last(it, "appointment"), "appointment.change"), "_cancelled") ? 0 : it->facts.appointment_at;
}

static void warn(json_t *warnings, char *words)
{
    json_array_append_new(warnings, json_string(words));
    g_free(words);
}

static void warn_of_other_time(const FormSaying *saying, const json_t *message, json_t *warnings)
{
    int64_t made = made_for(saying->it), time = facts_time(message, "event_at");
    bool missed = strcmp(case_text(message, "attendance.outcome"), "did_not_attend") == 0;
    if (!missed || time / CLOCK_MINUTE == made / CLOCK_MINUTE)
        return;
    g_autofree char *on = say_time(made), *typed = say_time(time);
    warn(warnings, made != 0 ? g_strdup_printf(_("You say that they missed an appointment on %s. The one on record is on %s."), typed, on)
                             : g_strdup_printf(_("You say that they missed an appointment on %s. None is on record."), typed));
}

/* The first appointment of somebody who was to be seen on the same day: that day was, or is today; not a later one. */
static void warn_of_later_day(const FormSaying *saying, const json_t *message, json_t *warnings)
{
    int64_t time = facts_time(message, "event_at");
    bool first = strcmp(case_text(message, "kind"), "appointment") == 0 && strcmp(case_text(message, "appointment.change"), "made") == 0 && case_last(saying->it, "appointment") == NULL;
    g_autofree char *today = say_date_of(tc_client_now(saying->worklist->client), 0), *day = say_date_of(time, 0);
    if (!first || strcmp(saying->it->facts.urgency, "same_day") != 0 || strcmp(day, today) <= 0)
        return;
    g_autofree char *on = say_time(time);
    warn(warnings, g_strdup_printf(_("They were to be seen on the same day. This appointment is on %s."), on));
}

json_t *form_time_warnings(const FormSaying *saying, const json_t *messages)
{
    json_t *warnings = json_array(), *message;
    size_t i;
    json_array_foreach (saying->it != NULL ? messages : NULL, i, message) {
        warn_of_other_time(saying, message, warnings);
        warn_of_later_day(saying, message, warnings);
    }
    return warnings;
}
