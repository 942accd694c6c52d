#include "adapters/carat/row.h"

#include <string.h>

#define VALUE(row, id) ((row)->values[COLUMN_##id])
#define GIVEN(row, id) (VALUE(row, id)[0] != '\0')
#define IS(row, id, text) (strcmp(VALUE(row, id), text) == 0)

static bool dose_in_part(const Row *row)
{
    bool any = GIVEN(row, PRODUCT) || GIVEN(row, MG) || GIVEN(row, FREQUENCY) || GIVEN(row, PRODUCT_NAME) || GIVEN(row, PHASE)
               || GIVEN(row, SUPERVISED);
    return any && !(GIVEN(row, PRODUCT) && GIVEN(row, MG) && GIVEN(row, FREQUENCY));
}

static bool product_unnamed(const Row *row)
{
    return (IS(row, PRODUCT, "benzodiazepine") || IS(row, PRODUCT, "other")) && !GIVEN(row, PRODUCT_NAME);
}

static bool withdrawn_without_reason(const Row *row)
{
    return IS(row, CERTAINTY, "withdrawn") && !GIVEN(row, WITHDRAWAL_REASON);
}

static bool reason_without_withdrawal(const Row *row)
{
    return GIVEN(row, WITHDRAWAL_REASON) && !IS(row, CERTAINTY, "withdrawn");
}

static bool area_missing(const Row *row)
{
    return !GIVEN(row, AREA) && (IS(row, AREA_CERTAINTY, "confirmed") || IS(row, AREA_CERTAINTY, "assumed"));
}

static bool left_but_expected(const Row *row)
{
    return GIVEN(row, EXIT_DATE) && !IS(row, CERTAINTY, "happened") && !IS(row, CERTAINTY, "provisional")
           && !IS(row, CERTAINTY, "withdrawn");
}

static bool mobile_missing(const Row *row)
{
    return !GIVEN(row, MOBILE) && (GIVEN(row, MOBILE_OWNER) || GIVEN(row, MOBILE_TEXT) || GIVEN(row, MOBILE_VOICEMAIL)
                                   || GIVEN(row, MOBILE_CHECKED_ON) || GIVEN(row, NAME_TO_USE));
}

static bool risk_without_answer(const Row *row)
{
    return GIVEN(row, STAFF_RISK) && !GIVEN(row, TWO_WORKERS);
}

static bool received_before_birth(const Row *row)
{
    return GIVEN(row, RECEPTION_DATE) && strcmp(VALUE(row, RECEPTION_DATE), VALUE(row, DATE_OF_BIRTH)) <= 0;
}

static bool released_before_birth(const Row *row)
{
    const char *day = row_expected(row);
    return day[0] != '\0' && strcmp(day, VALUE(row, DATE_OF_BIRTH)) <= 0;
}

static const RowRule row_rules[] = {
    { dose_in_part, COLUMN_MG, "a prescription is a product, milligrams and a frequency: fill product, mg and frequency, or none of the "
                               "prescription's columns" },
    { product_unnamed, COLUMN_PRODUCT_NAME, "is needed with this product" },
    { withdrawn_without_reason, COLUMN_WITHDRAWAL_REASON, "is needed when certainty is withdrawn" },
    { reason_without_withdrawal, COLUMN_WITHDRAWAL_REASON, "is given although certainty is not withdrawn: which is right?" },
    { area_missing, COLUMN_AREA, "is empty although area_certainty says that it is known" },
    { left_but_expected, COLUMN_EXIT_DATE, "is given although certainty says that the person has not left: which is right?" },
    { mobile_missing, COLUMN_MOBILE, "is empty although other columns speak of it" },
    { risk_without_answer, COLUMN_TWO_WORKERS, "is needed with staff_risk: yes, no, unknown or not_asked" },
    { received_before_birth, COLUMN_RECEPTION_DATE, "is not after date_of_birth" },
    { released_before_birth, COLUMN_DATE_OF_BIRTH, "is not before the release" },
};

static const size_t row_whose[] = { COLUMN_SURNAME, COLUMN_PRISON_NUMBER };

const RowTable row_table = { columns, COLUMN_COUNT, row_rules, G_N_ELEMENTS(row_rules), row_whose, G_N_ELEMENTS(row_whose) };

char *row_person(const Row *row)
{
    g_autofree char *text = g_strdup_printf("%s\n%s", VALUE(row, PRISON_NUMBER), VALUE(row, DATE_OF_BIRTH));
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

char *row_digest(const Row *row) { return row_digest_but(row, COLUMN_MEETING); }

const char *row_expected(const Row *row)
{
    return GIVEN(row, EXIT_DATE) ? VALUE(row, EXIT_DATE) : VALUE(row, EXPECTED_DATE);
}
