#include "adapters/worklist/dose_warning.h"

#include "adapters/station/words.h"
#include "adapters/worklist/doses.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/library.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <stdlib.h>
#include <string.h>

static const struct { const char *product; int mg; bool daily; } usual[] = {
#define USUAL(product, mg, daily) { product, mg, daily },
#include "adapters/worklist/dose_usual.def"
#undef USUAL
};

static int times_a_day(const char *frequency) { return strcmp(frequency, "three_times_daily") == 0 ? 3 : strcmp(frequency, "twice_daily") == 0 ? 2 : 1; }

static void warn_of_amount(json_t *warnings, const json_t *dose)
{
    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++) {
        double once = g_ascii_strtod(case_text(dose, "mg"), NULL), amount = usual[i].daily ? once * times_a_day(case_text(dose, "frequency")) : once;
        if (strcmp(case_text(dose, "product"), usual[i].product) != 0 || amount <= usual[i].mg)
            continue;
        g_autofree char *product = say_sentence(words_in("product", usual[i].product)), *said = doses_amount(dose);
        const char *format = usual[i].daily ? _("%s: %s, is an unusually high dose. More than %d mg in one day is not usual. Check the number.")
                                            : _("%s: %s, is an unusually high dose. More than %d mg in one injection is not usual. Check the number.");
        json_array_append_new(warnings, json_sprintf(format, product, said, usual[i].mg));
    }
}

/* By the rule that its readers are shown it by, as if it had come now. */
static void warn_of_standing(const Worklist *worklist, json_t *warnings, const json_t *message)
{
    json_auto_t *read = json_deep_copy(message), *nothing = json_array();
    json_object_set_new(read, "signature", json_string("good"));
    char *standing = tc_dose_standing(read, nothing, tc_client_now(worklist->client));
    if (standing != NULL && g_str_has_prefix(standing, "reassess")) {
        g_autofree char *why = library_said(worklist, strchr(standing, ':') + 2);
        json_array_append_new(warnings, json_sprintf(_("It will not be shown as confirmed, but as \"Reassess, do not continue\": %s"), why));
    }
    free(standing);
}

json_t *dose_warnings(const Worklist *worklist, const json_t *messages)
{
    json_t *warnings = json_array(), *message, *dose;
    size_t i, j;
    json_array_foreach (messages, i, message) {
        if (strcmp(case_text(message, "dose_answer.reply"), "confirmed") == 0)
            warn_of_standing(worklist, warnings, message);
        json_array_foreach (field_get(message, "parts.clinical.doses"), j, dose)
            warn_of_amount(warnings, dose);
    }
    return warnings;
}
