#include "adapters/sdk/alerts.h"

#include "adapters/sdk/aside.h"
#include "adapters/sdk/dose.h"
#include "adapters/sdk/look.h"
#include "throughcare/throughcare.h"

#include <stdlib.h>
#include <string.h>

#define CHECKED_FOR (90 * G_TIME_SPAN_DAY) /* how long a check of a contact channel holds */
#define SELF_HARM_RECENT (365 * G_TIME_SPAN_DAY)

typedef struct Opened { const json_t *message, *conversation, *aside; int64_t now; } Opened;
/* What holds, in words that name it: a new string; NULL: it does not hold. */
typedef char *(*Fact)(const Opened *opened);

/* ---- Substances and doses ---- */

/* NDTMS numbers of problem substances, with the words for them. */
static const struct { json_int_t code; const char *name; } substances[] = {
    { 1011, "heroin" }, { 1105, "methadone" }, { 1000, "other opiates" }, { 2200, "benzodiazepines" }, { 3200, "cocaine" }, { 3201, "crack" },
    { 7000, "alcohol" },
};

static char *substance(const Opened *opened, const json_int_t *codes, size_t count)
{
    size_t i;
    json_t *each;
    json_array_foreach ((json_t *)look(opened->message, "parts.clinical.assessment.substances"), i, each)
        for (size_t c = 0; c < count; c++)
            for (size_t s = 0; s < G_N_ELEMENTS(substances); s++)
                if (json_integer_value(look(each, "code")) == codes[c] && substances[s].code == codes[c])
                    return g_strdup_printf("%s is a problem substance", substances[s].name);
    return NULL;
}

static char *dose_of(const Opened *opened, const char *product)
{
    size_t i;
    json_t *dose;
    json_array_foreach ((json_t *)look(opened->message, "parts.clinical.doses"), i, dose) {
        const char *found = look_text(dose, "product");
        if (found != NULL && g_str_has_prefix(found, product) && !look_is(dose, "phase", "ended"))
            return g_strdup_printf("%s is prescribed", product);
    }
    return NULL;
}

static char *opiate(const Opened *opened)
{
    static const json_int_t codes[] = { 1011, 1105, 1000 };
    char *fact = substance(opened, codes, G_N_ELEMENTS(codes));
    if (fact == NULL)
        fact = dose_of(opened, "methadone");
    return fact != NULL ? fact : dose_of(opened, "buprenorphine");
}

static char *benzodiazepine(const Opened *opened)
{
    static const json_int_t codes[] = { 2200 };
    char *fact = substance(opened, codes, G_N_ELEMENTS(codes));
    return fact != NULL ? fact : dose_of(opened, "benzodiazepine");
}

static char *answered_yes(const Opened *opened, const char *path, const char *words)
{
    return look_is(opened->message, path, "yes") ? g_strdup(words) : NULL;
}

static char *alcohol(const Opened *opened)
{
    static const json_int_t codes[] = { 7000 };
    char *fact = substance(opened, codes, G_N_ELEMENTS(codes));
    return fact != NULL ? fact : answered_yes(opened, "parts.clinical.assessment.alcohol", "the client drinks alcohol");
}

static char *crack(const Opened *opened)
{
    static const json_int_t codes[] = { 3201, 3200 };
    char *fact = substance(opened, codes, G_N_ELEMENTS(codes));
    return fact != NULL ? fact : answered_yes(opened, "parts.clinical.assessment.crack", "the client uses crack");
}

static char *methadone(const Opened *opened) { return dose_of(opened, "methadone"); }

static char *injection(const Opened *opened)
{
    size_t i;
    json_t *each;
    json_array_foreach ((json_t *)look(opened->message, "parts.clinical.assessment.substances"), i, each)
        if (look_is(each, "route", "inject"))
            return g_strdup("a problem substance is injected");
    return answered_yes(opened, "parts.clinical.assessment.injecting", "the client injects");
}

/* ---- Where the client is, and how they are ---- */

static char *out_of_custody(const Opened *opened)
{
    if (look_is(opened->message, "kind", "release_notification") && !look_is(opened->message, "release.certainty", "withdrawn"))
        return g_strdup("the client comes out of prison");
    return look_is(opened->message, "movement.step", "released") ? g_strdup("the client has come out of custody") : NULL;
}

static int64_t day_time(const json_t *message, const char *path)
{
    const char *day = look_text(message, path);
    g_autofree char *time = day == NULL ? NULL : g_strconcat(day, "T12:00:00Z", NULL);
    g_autoptr(GDateTime) at = time == NULL ? NULL : g_date_time_new_from_iso8601(time, NULL);
    return at == NULL ? 0 : g_date_time_to_unix(at) * G_USEC_PER_SEC;
}

static char *recent_self_harm(const Opened *opened)
{
    int64_t last = day_time(opened->message, "parts.risk.self_harm_last");
    if (look_is(opened->message, "parts.risk.self_harm", "acct_open"))
        return g_strdup("the prison's self-harm plan (ACCT) is open");
    if (look_is(opened->message, "parts.risk.self_harm", "acct_post_closure"))
        return g_strdup("the prison's self-harm plan (ACCT) was closed lately");
    if (!look_is(opened->message, "parts.risk.self_harm", "past") || (last != 0 && opened->now - last > SELF_HARM_RECENT))
        return NULL;
    return last == 0 ? g_strdup("the client has harmed themselves; when is not said")
                     : g_strdup_printf("the client harmed themselves, last on %s", look_text(opened->message, "parts.risk.self_harm_last"));
}

static char *pregnancy(const Opened *opened) { return answered_yes(opened, "parts.risk.pregnant", "the client is pregnant"); }

static char *children_at_home(const Opened *opened)
{
    return look_is(opened->message, "parts.risk.children", "live_with") ? g_strdup("children live with the client") : NULL;
}

static char *no_address(const Opened *opened)
{
    return look_is(opened->message, "parts.minimum.release.destination", "no_fixed_abode") ? g_strdup("no fixed abode") : NULL;
}

/* ---- Doses, prescribers, contact ---- */

static char *unconfirmed_dose(const Opened *opened)
{
    if (json_array_size(look(opened->message, "parts.clinical.doses")) == 0 || look_is(opened->message, "kind", "dose_answer"))
        return NULL;
    return g_strdup_printf("%s mentions a dose, but has not confirmed it in a dose answer", look_text(opened->message, "sender"));
}

static char *void_dose(const Opened *opened)
{
    return look_is(opened->message, "dose_answer.reply", "confirmed") ? tc_dose_standing(opened->message, opened->conversation, opened->now) : NULL;
}

static char *other_prescriber(const Opened *opened)
{
    const char *other = look_text(opened->message, "prescribing.other");
    return other != NULL && look_is(opened->message, "prescribing.step", "start") ? g_strdup_printf("%s prescribed before", other) : NULL;
}

static char *unsafe_channel(const json_t *channel, int64_t now)
{
    const char *kind = look_text(channel, "kind");
    int64_t checked = day_time(channel, "checked_on");
    if (look_is(channel, "state", "wrong_person"))
        return g_strdup_printf("the %s reaches the wrong person", kind);
    if (look_is(channel, "state", "suspended"))
        return g_strdup_printf("the %s is suspended", kind);
    bool used = look_is(channel, "text_allowed", "yes") || look_is(channel, "voicemail_allowed", "yes") || look_is(channel, "letter_allowed", "yes");
    return used && checked != 0 && now - checked > CHECKED_FOR ? g_strdup_printf("the %s was last checked on %s", kind, look_text(channel, "checked_on")) : NULL;
}

static char *wrong_number(const Opened *opened)
{
    size_t i;
    json_t *channel;
    json_array_foreach ((json_t *)look(opened->message, "parts.minimum.contacts"), i, channel)
        if (aside_reaches_another(channel, opened->aside))
            return g_strdup_printf("a number of the client reached another person on %s, and the %s was not checked since", look_text(opened->aside, "wrong_person"),
                                   look_text(channel, "kind"));
    return NULL;
}

static char *unsafe_contact(const Opened *opened)
{
    size_t i;
    json_t *channel;
    json_array_foreach ((json_t *)look(opened->message, "parts.minimum.contacts"), i, channel) {
        char *fact = unsafe_channel(channel, opened->now);
        if (fact != NULL)
            return fact;
    }
    return NULL;
}

/* ---- Against what else is known ---- */

static char *in_exclusion_zone(const Opened *opened)
{
    const char *zone = aside_zone(opened->message, opened->aside);
    return zone == NULL ? NULL : g_strdup_printf("the appointment is in %s, which the client must not enter", zone);
}

static char *consent_is_limited(const Opened *opened)
{
    const char *stands = look_text(opened->aside, "consent");
    if (stands == NULL || stands[0] == '\0' || strcmp(stands, "given") == 0)
        return NULL;
    return g_strdup_printf("what the client agreed to is now: %s", stands);
}

static char *another_product(const Opened *opened)
{
    return aside_other_product(opened->message, opened->aside) ? g_strdup_printf("the question was about %s", look_text(opened->aside, "asked_product")) : NULL;
}

static char *conversion(const Opened *opened)
{
    return aside_converts(opened->message) ? g_strdup("the text speaks of one dose as another") : NULL;
}

/* ---- The table ---- */

#define NONE NULL
#define CLIENT "client"
#define MESSAGE "message"
static const struct { const char *code; Fact facts[2]; const char *text, *about; } rules[] = {
#define ALERT(code, first, second, text, about) { code, { first, second }, text, about },
#include "adapters/sdk/alerts.def"
#undef ALERT
};

static json_t *raised(const Fact *facts, const Opened *opened)
{
    json_t *found = json_array();
    for (size_t i = 0; i < 2 && facts[i] != NULL; i++) {
        char *fact = facts[i](opened);
        if (fact == NULL) {
            json_decref(found);
            return NULL;
        }
        json_array_append_new(found, json_string(fact));
        free(fact);
    }
    return found;
}

json_t *alerts_of(const json_t *message, const json_t *conversation, const json_t *aside, int64_t now)
{
    const Opened opened = { message, conversation, aside, now };
    json_t *alerts = json_array();
    if (!look_is(message, "signature", "good"))
        return alerts;
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        json_t *facts = raised(rules[i].facts, &opened);
        if (facts != NULL)
            json_array_append_new(alerts, json_pack("{s:s, s:s, s:s, s:o}", "code", rules[i].code, "about", rules[i].about, "text", rules[i].text, "facts", facts));
    }
    return alerts;
}
