/* A release list from outside, as a sheet. Whatever is taken must be within the limits and readable again once written. */
#include "fuzz.h"

#include "adapters/files/cells.h"
#include "adapters/files/sheet.h"

#include <csv.h>

/* Small enough that the fuzzer meets every limit. */
static const SheetLimits limits = { .bytes = 4096, .row_bytes = 256, .field_bytes = 64, .rows = 50, .columns = 8 };

static void row_check(const SheetRow *row, const Sheet *sheet)
{
    g_assert(row->line > 0 && row->fields->len == sheet->header->len);
    g_autoptr(GString) out = cells_new();
    g_ptr_array_add(row->fields, NULL);
    cells_row_of(out, (const char *const *)row->fields->pdata);
    g_ptr_array_set_size(row->fields, (int)row->fields->len - 1);
    for (guint i = 0; i < row->fields->len; i++) {
        const char *field = row->fields->pdata[i];
        g_assert(strlen(field) <= limits.field_bytes && g_utf8_validate(field, -1, NULL));
    }
    struct csv_parser csv;
    csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI);
    g_assert(csv_parse(&csv, out->str + 3, out->len - 3, NULL, NULL, NULL) == out->len - 3);
    g_assert(csv_fini(&csv, NULL, NULL, NULL) == 0);
    csv_free(&csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *why = NULL;
    g_autoptr(Sheet) sheet = sheet_parse((const char *)data, size, &limits, &why);
    g_assert((sheet == NULL) == (why != NULL));
    if (sheet == NULL)
        return 0;
    g_assert(sheet->header->len <= limits.columns && sheet->rows->len + sheet->faults->len <= limits.rows);
    for (guint i = 0; i < sheet->rows->len; i++)
        row_check(sheet->rows->pdata[i], sheet);
    for (guint i = 0; i < sheet->faults->len; i++)
        g_assert(((const SheetFault *)sheet->faults->pdata[i])->line > 0);
    return 0;
}
