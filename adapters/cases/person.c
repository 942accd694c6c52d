#include "adapters/cases/person.h"

#include <string.h>

static bool given(const Row *row, const char *column) { return act_value(row, column)[0] != '\0'; }

static bool any_given(const Row *row, const char *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (given(row, columns[i]))
            return true;
    return false;
}

bool person_dose_in_part(const Row *row)
{
    static const char *const dose[] = { "product", "mg", "frequency", "product_name", "phase", "supervised" };
    return any_given(row, dose, G_N_ELEMENTS(dose)) && !(given(row, "product") && given(row, "mg") && given(row, "frequency"));
}

bool person_product_unnamed(const Row *row)
{
    const char *product = act_value(row, "product");
    return (strcmp(product, "benzodiazepine") == 0 || strcmp(product, "other") == 0) && !given(row, "product_name");
}

bool person_mobile_missing(const Row *row)
{
    static const char *const about[] = { "mobile_owner", "mobile_text", "mobile_voicemail", "mobile_checked_on", "name_to_use" };
    return !given(row, "mobile") && any_given(row, about, G_N_ELEMENTS(about));
}

bool person_risk_without_answer(const Row *row) { return given(row, "staff_risk") && !given(row, "two_workers"); }
bool person_basis_missing(const Row *row) { return given(row, "sharing_reason") && !given(row, "legal_basis"); }

void person_finish(json_t *message, const Row *row)
{
    static const char *const assessed[] = { "alcohol", "injecting" };
    const char *const drugs[] = { act_value(row, "drug_1"), act_value(row, "drug_2"), act_value(row, "drug_3") };
    bool any = any_given(row, assessed, G_N_ELEMENTS(assessed));
    build_substances(message, drugs, G_N_ELEMENTS(drugs), given(row, "crack") ? act_value(row, "crack") : any ? "not_asked" : "");
    for (size_t i = 0; i < G_N_ELEMENTS(assessed); i++) {
        g_autofree char *path = g_strconcat("parts.clinical.assessment.", assessed[i], NULL);
        if (given(row, assessed[i]))
            build_set(message, path, act_value(row, assessed[i]));
    }
    build_mobile(message);
    if (given(row, "share_with"))
        build_set(message, "consent.state", "given");
}
