#include "adapters/carat/row.h"

#include <string.h>

#define VALUE(row, id) ((row)->values[COLUMN_##id])
#define GIVEN(row, id) (VALUE(row, id)[0] != '\0')
#define IS(row, id, text) (strcmp(VALUE(row, id), text) == 0)

void row_free(Row *row)
{
    if (row == NULL)
        return;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        g_free(row->values[i]);
    g_free(row);
}

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

static const struct RowRule {
    bool (*broken)(const Row *row);
    ColumnId column;
    const char *reason;
} row_rules[] = {
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

static bool row_cells(Row *row, const SheetRow *from, const int *places, Rejects *rejects)
{
    bool good = true;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        g_autofree char *why = NULL;
        const char *cell = places[i] >= 0 ? from->fields->pdata[places[i]] : "";
        row->values[i] = column_read(&columns[i], cell, &why);
        if (row->values[i] == NULL) {
            rejects_add(rejects, from->line, columns[i].name, "%s", why);
            good = false;
        }
    }
    return good;
}

static bool row_holds(const Row *row, Rejects *rejects)
{
    bool good = true;
    for (size_t i = 0; i < G_N_ELEMENTS(row_rules); i++) {
        if (!row_rules[i].broken(row))
            continue;
        rejects_add(rejects, row->line, columns[row_rules[i].column].name, "%s", row_rules[i].reason);
        good = false;
    }
    return good;
}

Row *row_read(const SheetRow *from, const int *places, Rejects *rejects)
{
    g_autoptr(Row) row = g_new0(Row, 1);
    row->line = from->line;
    if (row_cells(row, from, places, rejects) && row_holds(row, rejects))
        return g_steal_pointer(&row);
    return NULL;
}

static char *hex_digest(GString *text)
{
    char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);
    g_string_free(text, TRUE);
    return digest;
}

char *row_person(const Row *row)
{
    GString *text = g_string_new(VALUE(row, PRISON_NUMBER));
    g_string_append_printf(text, "\n%s", VALUE(row, DATE_OF_BIRTH));
    return hex_digest(text);
}

char *row_digest(const Row *row)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (i != COLUMN_MEETING && row->values[i][0] != '\0')
            g_string_append_printf(text, "%s=%zu:%s\n", columns[i].name, strlen(row->values[i]), row->values[i]);
    return hex_digest(text);
}

const char *row_expected(const Row *row)
{
    return GIVEN(row, EXIT_DATE) ? VALUE(row, EXIT_DATE) : VALUE(row, EXPECTED_DATE);
}

const char *row_column_of(const char *field)
{
    size_t best = COLUMN_COUNT;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        size_t len = strlen(columns[i].path);
        if (len > 0 && strncmp(field, columns[i].path, len) == 0 && (best == COLUMN_COUNT || len > strlen(columns[best].path)))
            best = i;
    }
    return best < COLUMN_COUNT ? columns[best].name : "";
}
