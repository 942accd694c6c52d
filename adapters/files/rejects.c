#include "adapters/files/rejects.h"

#include "adapters/files/cells.h"
#include "adapters/files/folder.h"
#include "adapters/files/whole.h"

#include <string.h>

enum { REJECTS_BYTES_MAX = 32 << 20, REJECTS_SHOWN_MAX = 100 };

typedef struct Reject {
    guint line;
    char *column, *whose, *value;
    char *reason;
} Reject;

struct Rejects {
    GPtrArray *all; /* Reject * */
};

static void reject_free(void *data)
{
    Reject *reject = data;
    g_free(reject->column);
    g_free(reject->whose);
    g_free(reject->value);
    g_free(reject->reason);
    g_free(reject);
}

Rejects *rejects_new(void)
{
    Rejects *rejects = g_new0(Rejects, 1);
    rejects->all = g_ptr_array_new_with_free_func(reject_free);
    return rejects;
}

void rejects_free(Rejects *rejects)
{
    if (rejects == NULL)
        return;
    g_ptr_array_unref(rejects->all);
    g_free(rejects);
}

/* Enough to find it by. */
static char *shown(const char *text)
{
    if (text == NULL || g_utf8_strlen(text, -1) <= REJECTS_SHOWN_MAX)
        return g_strdup(text != NULL ? text : "");
    g_autofree char *start = g_utf8_substring(text, 0, REJECTS_SHOWN_MAX);
    return g_strconcat(start, "…", NULL);
}

void rejects_add(Rejects *rejects, RejectPlace place, const char *format, ...)
{
    Reject *reject = g_new0(Reject, 1);
    va_list list;
    va_start(list, format);
    *reject = (Reject){ .line = place.line, .column = g_strdup(place.column), .whose = shown(place.whose), .value = shown(place.value),
                        .reason = g_strdup_vprintf(format, list) };
    va_end(list);
    g_ptr_array_add(rejects->all, reject);
}

guint rejects_count(const Rejects *rejects)
{
    return rejects->all->len;
}

const char *rejects_column(const Rejects *rejects, guint index)
{
    return ((const Reject *)rejects->all->pdata[index])->column;
}

const char *rejects_reason(const Rejects *rejects, guint index)
{
    return ((const Reject *)rejects->all->pdata[index])->reason;
}

char *rejects_name(const char *list)
{
    size_t len = strlen(list);
    return g_strdup_printf("%.*s.rejects.csv", (int)(folder_complete(list) ? len - 4 : len), list);
}

static void rejects_line(GString *out, const Reject *reject)
{
    g_autofree char *number = reject->line == 0 ? g_strdup("the whole file") : g_strdup_printf("%u", reject->line);
    cells_row(out, number, reject->whose, reject->column, reject->value, reject->reason, NULL);
}

static GString *rejects_head(void)
{
    GString *out = cells_new();
    cells_row(out, "line", "whose row", "column", "what stands there", "what is wrong, and what to do", NULL);
    return out;
}

static int reject_compare(gconstpointer a, gconstpointer b)
{
    const Reject *one = *(Reject *const *)a, *two = *(Reject *const *)b;
    return one->line < two->line ? -1 : one->line > two->line;
}

bool rejects_write(const Rejects *rejects, const char *folder, const char *list, char **why)
{
    g_autofree char *name = rejects_name(list);
    if (rejects->all->len == 0)
        return whole_remove(folder, name, why);
    g_ptr_array_sort(rejects->all, reject_compare);
    g_autoptr(GString) out = rejects_head();
    for (guint i = 0; i < rejects->all->len; i++)
        rejects_line(out, rejects->all->pdata[i]);
    return whole_replace(folder, name, out->str, out->len, why);
}

bool rejects_append(const char *folder, const char *list, RejectPlace place, const char *reason, char **why)
{
    g_autofree char *name = rejects_name(list);
    g_autoptr(Rejects) one = rejects_new();
    g_autoptr(GBytes) bytes = NULL;
    g_autoptr(GString) out = NULL;
    g_autoptr(GString) added = g_string_new(NULL);
    WholeResult result = whole_read(folder, name, REJECTS_BYTES_MAX, &bytes, NULL, why);
    if (result == WHOLE_DONE)
        out = g_string_new_len(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
    else if (result == WHOLE_GONE)
        out = rejects_head();
    else
        return false;
    g_clear_pointer(why, g_free);
    rejects_add(one, place, "%s", reason);
    rejects_line(added, one->all->pdata[0]);
    if (strstr(out->str, added->str) != NULL)
        return true;
    g_string_append_len(out, added->str, (gssize)added->len);
    return whole_replace(folder, name, out->str, out->len, why);
}
