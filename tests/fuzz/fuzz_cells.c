/* One cell of a list, as each form of column reads it: what is taken reads the same again, holds no control character that its form
 * forbids, and no reason repeats the cell. */
#include "fuzz.h"

#include "adapters/lists/column.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Column columns[] = {
        { "line", NEED_OPTIONAL, FORM_LINE, "", 200, "" },          { "text", NEED_OPTIONAL, FORM_TEXT, "", 200, "" },
        { "name", NEED_OPTIONAL, FORM_NAME, "", 200, "" },          { "names", NEED_OPTIONAL, FORM_NAMES, "", 200, "" },
        { "day", NEED_OPTIONAL, FORM_DAY, "", 200, "" },            { "time", NEED_OPTIONAL, FORM_TIME, "", 200, "" },
        { "mg", NEED_OPTIONAL, FORM_MG, "", 200, "" },              { "nhs", NEED_OPTIONAL, FORM_NHS, "", 200, "" },
        { "prison", NEED_OPTIONAL, FORM_PRISON, "", 200, "" },      { "code", NEED_OPTIONAL, FORM_CODE, "urgency", 200, "" },
        { "codes", NEED_OPTIONAL, FORM_CODES, "capability", 200, "" }, { "listed", NEED_OPTIONAL, FORM_LISTED, "drug", 200, "" },
    };
    if (size == 0 || size > 1024)
        return 0;
    const Column *column = &columns[data[0] % G_N_ELEMENTS(columns)];
    g_autofree char *cell = g_strndup((const char *)data + 1, size - 1), *why = NULL;
    if (!g_utf8_validate(cell, -1, NULL)) /* a sheet holds nothing else */
        return 0;
    g_autofree char *value = column_read(column, cell, &why);
    g_assert((value == NULL) == (why != NULL));
    if (value == NULL)
        return 0;
    g_autofree char *again_why = NULL, *again = column_read(column, value, &again_why);
    g_assert(again != NULL && strcmp(again, value) == 0);
    return 0;
}
