#include "adapters/cli/words.h"

#include <glib.h>
#include <glib/gi18n.h>
#include <string.h>

static const char *const words[][2] = {
    { "release_notification", N_("release notification") }, { "release_answer", N_("answer to a release notification") },
    { "meeting_report", N_("report of a meeting") }, { "dose_request", N_("dose request") }, { "dose_answer", N_("dose answer") },
    { "recall", N_("recall") }, { "will", N_("somebody is named and will meet or see them") }, { "cannot", N_("cannot") },
    { "other_worker", N_("another worker is named") }, { "met", N_("they met") }, { "no_show", N_("did not come") },
    { "confirmed", N_("dose confirmed") }, { "held", N_("held by the service's adapter") }, { "opened", N_("opened by a worker") },
    { "not_held", N_("not collected by its deadline") }, { "not_opened", N_("not opened by its deadline") },
    { "not_answered", N_("not answered by its deadline") }, { "escalated", N_("somebody further up is being told") },
    { "told", N_("told") }, { "not_told", N_("could not be told") }, { "nobody_told", N_("nobody up the line could be told yet") },
    { "recall_stopped", N_("taken back before it was delivered") }, { "recall_told", N_("taken back after delivery; the service was told") },
    { "open", N_("nobody named yet") }, { "named", N_("somebody is named") }, { "spoc", N_("single point of contact") },
    { "requested", N_("no answer yet") },
};

static const char *const clocks[][2] = {
    { "held", N_("to collect it") }, { "named", N_("to name somebody") }, { "contact", N_("to say that they met") },
    { "dose_answered", N_("to answer about the dose") }, { "told", N_("to tell somebody") },
};

const char *words_of_clock(const char *policy)
{
    for (size_t i = 0; i < G_N_ELEMENTS(clocks); i++)
        if (strcmp(policy, clocks[i][0]) == 0)
            return _(clocks[i][1]);
    const char *role = strchr(policy, '/'); /* "named/spoc" */
    if (role == NULL)
        return words_of(policy);
    g_autofree char *clock = g_strndup(policy, (gsize)(role - policy)), *both = g_strdup_printf("%s: %s", words_of_clock(clock), words_of(role + 1));
    return g_intern_string(both);
}

const char *words_of(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(code, words[i][0]) == 0)
            return _(words[i][1]);
    g_autofree char *plain = g_strdelimit(g_strdup(code), "_", ' ');
    return g_intern_string(plain);
}
