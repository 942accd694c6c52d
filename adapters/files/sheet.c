#include "adapters/files/sheet.h"

#include <csv.h>
#include <stdbool.h>
#include <string.h>

/* After this many broken quotes it is not a CSV file at all; each costs reading up to row_bytes twice. */
#define SHEET_BROKEN_MAX 100
#define SHEET_TEXT_MAX 200

const SheetLimits sheet_limits = {
    .bytes = 32 << 20, .row_bytes = 64 << 10, .field_bytes = 4 << 10, .rows = 50000, .columns = 200,
};

typedef struct Reader {
    const SheetLimits *limits;
    const char *data;
    size_t len, pos;
    guint line; /* of pos */
    size_t row_pos;
    guint row_line;
    bool in_row; /* the row at row_pos goes on over the line end */
    struct csv_parser csv;
    SheetRow *row; /* being gathered */
    guint row_column; /* fields seen, kept or not */
    bool row_ended;
    SheetFault *row_fault; /* the first of this row */
    guint broken;
    guint count; /* of rows after the header */
    Sheet *sheet;
} Reader;

static void row_free(void *data)
{
    SheetRow *row = data;
    g_ptr_array_unref(row->fields);
    g_free(row);
}

static SheetRow *row_new(void)
{
    SheetRow *row = g_new0(SheetRow, 1);
    row->fields = g_ptr_array_new_with_free_func(g_free);
    return row;
}

static void fault_free(void *data)
{
    SheetFault *fault = data;
    g_free(fault->reason);
    g_free(fault->text);
    g_free(fault);
}

void sheet_free(Sheet *sheet)
{
    if (sheet == NULL)
        return;
    g_clear_pointer(&sheet->header, g_ptr_array_unref);
    g_clear_pointer(&sheet->rows, g_ptr_array_unref);
    g_clear_pointer(&sheet->faults, g_ptr_array_unref);
    g_free(sheet);
}

/* Takes reason. The first fault of a row is the one that is told: later ones often follow from it. */
static void reader_fault(Reader *reader, guint column, char *reason)
{
    if (reader->row_fault != NULL) {
        g_free(reason);
        return;
    }
    SheetFault *fault = g_new0(SheetFault, 1);
    *fault = (SheetFault){ .line = reader->row_line, .column = column, .reason = reason };
    reader->row_fault = fault;
}

static void reader_field(void *bytes, size_t len, void *data)
{
    Reader *reader = data;
    guint column = ++reader->row_column;
    if (column > reader->limits->columns) {
        reader_fault(reader, 0, g_strdup_printf("more than %u fields", reader->limits->columns));
        return;
    }
    if (len > reader->limits->field_bytes)
        reader_fault(reader, column, g_strdup_printf("longer than %zu bytes", reader->limits->field_bytes));
    else if (len > 0 && memchr(bytes, '\0', len) != NULL)
        reader_fault(reader, column, g_strdup("holds a NUL character"));
    else if (!g_utf8_validate_len(len > 0 ? bytes : "", len, NULL))
        reader_fault(reader, column, g_strdup("is not UTF-8 text: save the list as \"CSV UTF-8\""));
    g_ptr_array_add(reader->row->fields, g_strndup(len > 0 ? bytes : "", reader->row_fault != NULL ? 0 : len));
}

static void reader_row_end(int end, void *data)
{
    Reader *reader = data;
    (void)end;
    reader->row_ended = true;
}

static void reader_begin(Reader *reader)
{
    g_ptr_array_set_size(reader->row->fields, 0);
    g_clear_pointer(&reader->row_fault, fault_free);
    reader->row_column = 0;
    reader->row_ended = false;
    reader->row_pos = reader->pos;
    reader->row_line = reader->line;
}

static bool row_blank(const SheetRow *row)
{
    for (guint i = 0; i < row->fields->len; i++)
        if (((const char *)row->fields->pdata[i])[0] != '\0')
            return false;
    return true;
}

static void reader_keep_header(Reader *reader)
{
    Sheet *sheet = reader->sheet;
    sheet->header = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < reader->row->fields->len; i++)
        g_ptr_array_add(sheet->header, g_strdup(g_strstrip(reader->row->fields->pdata[i])));
}

/* Bytes of the line at pos, its end included. */
static size_t line_length(const Reader *reader, size_t pos)
{
    const char *at = reader->data + pos;
    size_t left = reader->len - pos, n = 0;
    while (n < left && at[n] != '\n' && at[n] != '\r')
        n++;
    if (n < left && at[n] == '\r' && n + 1 < left && at[n + 1] == '\n')
        n++;
    return MIN(n + 1, left);
}

static void reader_keep_fault(Reader *reader)
{
    size_t len = line_length(reader, reader->row_pos);
    reader->row_fault->text = g_utf8_make_valid(reader->data + reader->row_pos, (gssize)MIN(len, SHEET_TEXT_MAX));
    g_strchomp(reader->row_fault->text);
    g_ptr_array_add(reader->sheet->faults, g_steal_pointer(&reader->row_fault));
    reader->count++;
}

/* A row is complete: keeps it, or its fault. */
static void reader_keep(Reader *reader)
{
    Sheet *sheet = reader->sheet;
    if (reader->row_fault == NULL && row_blank(reader->row))
        return;
    if (sheet->header == NULL && reader->row_fault == NULL) {
        reader_keep_header(reader);
        return;
    }
    if (sheet->header != NULL && reader->row_fault == NULL && reader->row_column != sheet->header->len)
        reader_fault(reader, 0, g_strdup_printf("has %u fields where the header has %u", reader->row_column,
                                                sheet->header->len));
    if (reader->row_fault != NULL) {
        reader_keep_fault(reader);
        return;
    }
    reader->row->line = reader->row_line;
    g_ptr_array_add(sheet->rows, reader->row);
    reader->row = row_new();
    reader->count++;
}

/* The row cannot be read on: tells it, and goes on behind its first line. */
static void reader_break(Reader *reader, char *reason)
{
    g_clear_pointer(&reader->row_fault, fault_free);
    reader_fault(reader, 0, reason);
    reader_keep_fault(reader);
    reader->broken++;
    csv_free(&reader->csv);
    csv_init(&reader->csv, CSV_STRICT | CSV_STRICT_FINI);
    reader->pos = reader->row_pos + line_length(reader, reader->row_pos);
    reader->line = reader->row_line + 1;
    reader->in_row = false;
}

static bool line_blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isspace(line[i]))
            return false;
    return true;
}

static void reader_line(Reader *reader)
{
    const char *at = reader->data + reader->pos;
    size_t len = line_length(reader, reader->pos);
    if (!reader->in_row) {
        reader_begin(reader);
        if (line_blank(at, len)) {
            reader->pos += len;
            reader->line++;
            return;
        }
    }
    if (reader->pos + len - reader->row_pos > reader->limits->row_bytes) {
        reader_break(reader, g_strdup_printf("longer than %zu bytes, or a quote that is opened here is never closed",
                                             reader->limits->row_bytes));
        return;
    }
    if (csv_parse(&reader->csv, at, len, reader_field, reader_row_end, reader) != len) {
        reader_break(reader, g_strdup("a quote stands where none may: write \"\" for a quote inside a quoted field"));
        return;
    }
    reader->pos += len;
    reader->line++;
    reader->in_row = !reader->row_ended;
    if (reader->row_ended)
        reader_keep(reader);
}

/* The file ended inside a row: a last line without its end, or a quote that is still open. */
static void reader_last(Reader *reader)
{
    if (csv_fini(&reader->csv, reader_field, reader_row_end, reader) != 0) {
        reader_break(reader, g_strdup("a quote that is opened here is never closed"));
        return;
    }
    reader->in_row = false;
    if (reader->row_ended)
        reader_keep(reader);
}

/* Why the whole is refused, so far; NULL while it is not. */
static char *reader_refuses(const Reader *reader)
{
    const Sheet *sheet = reader->sheet;
    if (sheet->header == NULL && sheet->faults->len > 0) {
        const SheetFault *fault = sheet->faults->pdata[0];
        return g_strdup_printf("line %u, the header: %s", fault->line, fault->reason);
    }
    if (reader->broken > SHEET_BROKEN_MAX)
        return g_strdup("the quotes of this file do not fit: it is not a CSV file");
    if (reader->count > reader->limits->rows)
        return g_strdup_printf("more than %u rows: split the list", reader->limits->rows);
    return NULL;
}

static char *reader_run(Reader *reader)
{
    char *why = NULL;
    while (why == NULL && (reader->pos < reader->len || reader->in_row)) {
        if (reader->pos < reader->len)
            reader_line(reader);
        else
            reader_last(reader);
        why = reader_refuses(reader);
    }
    if (why == NULL && reader->sheet->header == NULL)
        why = g_strdup("the file is empty: the first line must name the columns");
    return why;
}

static char *bytes_refused(const char *data, size_t len, const SheetLimits *limits)
{
    if (len > limits->bytes)
        return g_strdup_printf("larger than %zu MB: split the list", limits->bytes >> 20);
    if (len >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
        return g_strdup("the file is UTF-16: save it as \"CSV UTF-8\"");
    if (len >= 4 && memcmp(data, "PK\x03\x04", 4) == 0)
        return g_strdup("the file is a workbook, not CSV: save it as \"CSV UTF-8\"");
    return NULL;
}

static Sheet *sheet_new(void)
{
    Sheet *sheet = g_new0(Sheet, 1);
    sheet->rows = g_ptr_array_new_with_free_func(row_free);
    sheet->faults = g_ptr_array_new_with_free_func(fault_free);
    return sheet;
}

Sheet *sheet_parse(const char *data, size_t len, const SheetLimits *limits, char **why)
{
    *why = bytes_refused(data, len, limits);
    if (*why != NULL)
        return NULL;
    size_t mark = len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    Reader reader = { .limits = limits, .data = data + mark, .len = len - mark, .line = 1, .row = row_new(),
                      .sheet = sheet_new() };
    csv_init(&reader.csv, CSV_STRICT | CSV_STRICT_FINI);
    *why = reader_run(&reader);
    csv_free(&reader.csv);
    row_free(reader.row);
    g_clear_pointer(&reader.row_fault, fault_free);
    if (*why != NULL)
        g_clear_pointer(&reader.sheet, sheet_free);
    return reader.sheet;
}
