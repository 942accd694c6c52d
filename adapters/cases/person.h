/* What the columns of person.def do not say by themselves, and the rules between them. Pure. */
#ifndef CASES_PERSON_H
#define CASES_PERSON_H

#include "adapters/cases/act.h"

/* Substances, the mobile's defaults, consent to the services named. */
void person_finish(json_t *message, const Row *row);

bool person_dose_in_part(const Row *row);
bool person_product_unnamed(const Row *row);
bool person_mobile_missing(const Row *row);
bool person_risk_without_answer(const Row *row);
bool person_basis_missing(const Row *row);
#define PERSON_RULES                                                                                                                       \
    { person_dose_in_part, COLUMN_MG, "a prescription is a product, milligrams and a frequency: fill product, mg and frequency, or none" }, \
    { person_product_unnamed, COLUMN_PRODUCT_NAME, "is needed with this product" },                                                        \
    { person_mobile_missing, COLUMN_MOBILE, "is empty although other columns speak of it" },                                                \
    { person_risk_without_answer, COLUMN_TWO_WORKERS, "is needed with staff_risk: yes, no, unknown or not_asked" },                         \
    { person_basis_missing, COLUMN_LEGAL_BASIS, "is needed with sharing_reason: statutory, vital_interests or safeguarding" }

#endif
