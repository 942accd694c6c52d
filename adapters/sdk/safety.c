#include "adapters/sdk/safety.h"

#include "adapters/sdk/aside.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"

#include <string.h>

static bool safety_dose(TcError *error, size_t i, const char *field, const char *text)
{
    g_autofree char *path = g_strdup_printf("parts.clinical.doses[%zu].%s", i, field);
    return error_set(error, "unsafe_dose", path, "%s", text);
}

/* A volume after a number, but for the strength of a liquid ("1 mg/ml"): "40 ml" is forty or four hundred milligrams of methadone. */
static bool safety_speaks_of_volume(const char *text)
{
    return text != NULL && g_regex_match_simple("[0-9]\\s*(ml|mls|millilit\\w*)\\b", text, G_REGEX_CASELESS, 0);
}

static bool safety_known(const json_t *json, const char *field)
{
    const char *value = look_text(json, field);
    return value != NULL && strcmp(value, "unknown") != 0 && strcmp(value, "not_asked") != 0;
}

static bool safety_dose_line(const json_t *dose, size_t i, TcError *error)
{
    if (!safety_known(dose, "product"))
        return safety_dose(error, i, "product", "A dose needs its product. Ask which it is; one product is never another.");
    if (look_text(dose, "mg") == NULL)
        return safety_dose(error, i, "mg", "A dose is written in milligrams. Millilitres alone are never a dose.");
    if (!safety_known(dose, "frequency"))
        return safety_dose(error, i, "frequency", "A dose needs its frequency, such as once daily.");
    if ((look_is(dose, "product", "other") || look_is(dose, "product", "benzodiazepine")) && look_text(dose, "product_name") == NULL)
        return safety_dose(error, i, "product_name", "This product needs its name.");
    if (safety_speaks_of_volume(look_text(dose, "product_name")))
        return safety_dose(error, i, "product_name", "The name speaks of millilitres. Write the dose in milligrams.");
    return true;
}

bool safety_check_doses(const json_t *message, TcError *error)
{
    size_t i;
    json_t *dose;
    const json_t *clinical = look(message, "parts.clinical"), *doses = look(clinical, "doses");
    json_array_foreach ((json_t *)doses, i, dose)
        if (!safety_dose_line(dose, i, error))
            return false;
    if (safety_speaks_of_volume(look_text(clinical, "note")))
        return error_set(error, "unsafe_dose", "parts.clinical.note",
                         "The note speaks of millilitres. Write doses as dose lines, in milligrams.");
    return true;
}

/* ---- What a confirmed answer cannot say ---- */

#define SAFETY_THREE_DAYS "An answer about this medicine may be relied on for three days at most. Give an earlier time."

/* Three missed days void a dose (dose.c): nobody can vouch for longer than until the next is due and these. A depot is missed by when its next is due, and not
 * by days that went by. The last row is for every other frequency. none_missed, relied: days; 0: cannot be told. */
static const struct { const char *frequency; int none_missed, relied; const char *text; } safety_frequencies[] = {
    { "once_daily", 2, 3, SAFETY_THREE_DAYS },
    { "twice_daily", 2, 3, SAFETY_THREE_DAYS },
    { "three_times_daily", 2, 3, SAFETY_THREE_DAYS },
    { "alternate_days", 3, 3, SAFETY_THREE_DAYS },
    { "weekly", 0, 10, "An answer about a weekly medicine may be relied on for ten days at most. Give an earlier time." },
    { NULL, 0, 31, "An answer about a dose may be relied on for 31 days at most. Give an earlier time." },
};

static size_t safety_frequency(const json_t *dose)
{
    size_t row = 0;
    while (safety_frequencies[row].frequency != NULL && !look_is(dose, "frequency", safety_frequencies[row].frequency))
        row++;
    return row;
}

static bool safety_none_missed(const json_t *dose)
{
    const json_t *missed = look(dose, "missed_in_7_days");
    return json_is_integer(missed) && json_integer_value(missed) == 0;
}

static bool safety_confirmed_line(const json_t *dose, size_t i, int64_t until, int64_t now, TcError *error)
{
    int64_t last = look_time(dose, "last_taken_at");
    size_t row = safety_frequency(dose);
    if (look_is(dose, "phase", "ended"))
        return safety_dose(error, i, "phase", "What has ended cannot be confirmed: it would be continued. Leave this medicine out, or answer that nothing is prescribed.");
    if (last > now)
        return safety_dose(error, i, "last_taken_at", "It cannot have been taken yet: this lies in the future. Write when it was last taken.");
    if (safety_frequencies[row].none_missed > 0 && last != 0 && now - last > safety_frequencies[row].none_missed * G_TIME_SPAN_DAY && safety_none_missed(dose))
        return safety_dose(error, i, "missed_in_7_days", "Doses were missed since it was last taken. Count them, or correct when it was last taken.");
    if (until - now > safety_frequencies[row].relied * G_TIME_SPAN_DAY)
        return error_set(error, "unsafe_dose", "dose_answer.valid_until_at", "%s", safety_frequencies[row].text);
    return true;
}

static bool safety_answer(const json_t *message, int64_t now, TcError *error)
{
    size_t i;
    json_t *dose;
    int64_t until = look_time(message, "dose_answer.valid_until_at");
    if (!look_is(message, "dose_answer.reply", "confirmed"))
        return true;
    const json_t *clinical = look(message, "parts.clinical");
    if (json_array_size(look(clinical, "doses")) == 0)
        return error_set(error, "unsafe_dose", "parts.clinical.doses",
                         "A confirmed answer needs at least one dose. If there is none, answer that nothing is prescribed.");
    if (look(clinical, "answerer") == NULL)
        return error_set(error, "unsafe_dose", "parts.clinical.answerer",
                         "A confirmed answer needs who stands behind it: name, role and registration.");
    if (until <= now)
        return error_set(error, "unsafe_dose", "dose_answer.valid_until_at", "The answer would be void already. Give a time to come.");
    json_array_foreach ((json_t *)look(clinical, "doses"), i, dose)
        if (!safety_confirmed_line(dose, i, until, now, error))
            return false;
    return true;
}

/* A day of the past: today in the world's last time zone still counts. */
static bool safety_not_future(const char *day, int64_t now)
{
    g_autoptr(GDateTime) latest = g_date_time_new_from_unix_utc(now / G_USEC_PER_SEC + 14 * 3600);
    g_autofree char *text = g_date_time_format(latest, "%Y-%m-%d");
    return strcmp(day, text) <= 0;
}

/* A check holds for 90 days. */
static bool safety_is_stale(const char *day, int64_t now)
{
    g_autoptr(GDateTime) then = g_date_time_new_from_unix_utc(now / G_USEC_PER_SEC - (90 * 24 + 14) * 3600);
    g_autofree char *oldest = g_date_time_format(then, "%Y-%m-%d");
    return strcmp(day, oldest) < 0;
}

static bool safety_channel_allowed(const json_t *channel, const char *field, const char *kinds)
{
    const char *kind = look_text(channel, "kind");
    return !look_is(channel, field, "yes") || strstr(kinds, kind) != NULL;
}

static const char *safety_channel_problem(const json_t *channel, int64_t now, const char **field)
{
    const char *checked = look_text(channel, "checked_on");
    bool used = look_is(channel, "text_allowed", "yes") || look_is(channel, "voicemail_allowed", "yes")
                || look_is(channel, "letter_allowed", "yes");
    if (!safety_channel_allowed(channel, *field = "text_allowed", "mobile"))
        return "Texts go to a mobile number only.";
    if (!safety_channel_allowed(channel, *field = "voicemail_allowed", "mobile landline"))
        return "A voicemail needs a telephone number.";
    if (!safety_channel_allowed(channel, *field = "letter_allowed", "post"))
        return "Letters go to a postal address only.";
    if (*field = "state", used && !look_is(channel, "state", "live"))
        return "A channel that is not live must not be allowed for anything.";
    if (*field = "checked_on", used && checked == NULL)
        return "A channel that may be used needs the day it was checked.";
    if (checked != NULL && !safety_not_future(checked, now))
        return "The day it was checked lies in the future.";
    if (used && safety_is_stale(checked, now))
        return "It was checked more than 90 days ago. Check it again, or do not allow it.";
    return NULL;
}

static bool safety_contacts(const json_t *minimum, int64_t now, TcError *error)
{
    size_t i;
    json_t *channel;
    json_array_foreach ((json_t *)look(minimum, "contacts"), i, channel) {
        const char *field, *problem = safety_channel_problem(channel, now, &field);
        g_autofree char *path = g_strdup_printf("parts.minimum.contacts[%zu].%s", i, problem == NULL ? "" : field);
        if (problem != NULL)
            return error_set(error, "bad_text", path, "%s Correct the channel.", problem);
    }
    return true;
}

static bool safety_person(const json_t *minimum, int64_t now, TcError *error)
{
    const char *born = look_text(minimum, "person.date_of_birth");
    if (born == NULL || (strcmp(born, "1900-01-01") >= 0 && safety_not_future(born, now)))
        return true;
    return error_set(error, "bad_date", "parts.minimum.person.date_of_birth", "Nobody here was born on that day. Check the date of birth.");
}

static bool safety_has_text(const json_t *json, const char *path)
{
    const char *text = look_text(json, path);
    return text != NULL && text[0] != '\0';
}

static bool safety_named_worker(const json_t *message, TcError *error)
{
    if (!look_is(message, "release_answer.reply", "will") && !look_is(message, "release_answer.reply", "other_worker")
        && !look_is(message, "referral_answer.reply", "accept") && !look_is(message, "transfer_answer.reply", "accept"))
        return true;
    const json_t *worker = look(message, "parts.minimum.worker");
    if (worker == NULL)
        return error_set(error, "missing_field", "parts.minimum.worker", "Say who will meet or see the client, with a name and how to reach them.");
    if (!safety_has_text(worker, "phone") && !safety_has_text(worker, "email"))
        return error_set(error, "missing_field", "parts.minimum.worker.phone",
                         "Say how to reach the worker: a telephone number or an email address.");
    return true;
}

/* What is counted goes alone: nothing beside it, and nowhere else. */
bool safety_check_figures(const json_t *message, TcError *error)
{
    const json_t *minimum = look(message, "parts.minimum"), *figures = look(minimum, "figures");
    bool counts = look_is(message, "kind", "figures");
    if (counts && (figures == NULL || json_object_size(figures) == 0))
        return error_set(error, "missing_field", "parts.minimum.figures", "Say what is to be counted, such as age, ethnicity or naloxone.");
    if (counts && (json_object_size(minimum) > 1 || json_object_size(look(message, "parts")) > 1))
        return error_set(error, "surplus_field", "parts", "Figures go without a person: leave everything else out.");
    return counts || figures == NULL || error_set(error, "surplus_field", "parts.minimum.figures", "Figures go in a message of their own, of kind figures.");
}

bool safety_check(const json_t *message, int64_t now, TcError *error)
{
    const json_t *minimum = look(message, "parts.minimum");
    return safety_answer(message, now, error) && safety_person(minimum, now, error) && safety_contacts(minimum, now, error)
           && safety_named_worker(message, error);
}

bool safety_check_aside(const json_t *message, const json_t *aside, TcError *error)
{
    const char *zone = aside_zone(message, aside);
    if (zone != NULL)
        return error_set(error, "exclusion_zone", "parts.minimum.appointment.postcode",
                         "The place lies in a district that the client must not enter. Offer another place.");
    size_t i;
    json_t *channel;
    json_array_foreach ((json_t *)look(message, "parts.minimum.contacts"), i, channel)
        if (aside_reaches_another(channel, aside) && (look_is(channel, "text_allowed", "yes") || look_is(channel, "voicemail_allowed", "yes")))
            return error_set(error, "bad_text", "parts.minimum.contacts", "A number of the client reached another person since this one was checked. Check it again, or do not allow it.");
    if (aside_converts(message))
        return error_set(error, "unsafe_dose", "parts.clinical.note",
                         "The text speaks of one dose as another. A dose is never converted: write what was given, by its own product and milligrams.");
    if (aside_other_product(message, aside) && !json_is_true(look(message, "parts.clinical.other_product")))
        return error_set(error, "unsafe_dose", "parts.clinical.doses",
                         "The answer is about another product than the one asked about. If that is right, say that it is another product.");
    return true;
}
