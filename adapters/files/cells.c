#include "adapters/files/cells.h"

#include <csv.h>
#include <stdbool.h>
#include <string.h>

GString *cells_new(void)
{
    return g_string_new("\xef\xbb\xbf");
}

static bool cells_formula(const char *text)
{
    if (text[0] == '\t' || text[0] == '\r')
        return true;
    while (g_ascii_isspace(*text))
        text++;
    return *text != '\0' && strchr("=+-@", *text) != NULL;
}

static void cells_one(GString *out, const char *text)
{
    g_autofree char *guarded = g_strconcat(cells_formula(text) ? "'" : "", text, NULL);
    size_t len = strlen(guarded), at = out->len;
    size_t need = csv_write(NULL, 0, guarded, len);
    g_string_set_size(out, at + need);
    csv_write(out->str + at, need, guarded, len);
}

void cells_row_of(GString *out, const char *const *texts)
{
    for (size_t i = 0; texts[i] != NULL; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        cells_one(out, texts[i]);
    }
    g_string_append(out, "\r\n");
}

void cells_row(GString *out, ...)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    va_list list;
    va_start(list, out);
    const char *text;
    do {
        text = va_arg(list, const char *);
        g_ptr_array_add(texts, (void *)text);
    } while (text != NULL);
    va_end(list);
    cells_row_of(out, (const char *const *)texts->pdata);
}
