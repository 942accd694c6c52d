#include "adapters/worklist/rejected.h"

#include "adapters/files/sheet.h"
#include "adapters/files/whole.h"
#include "adapters/worklist/refused.h"
#include "adapters/worklist/say.h"

#include <string.h>
#include <sys/stat.h>

#define ENDING ".rejects.csv"
#define WHOLE "the whole file" /* as adapters/files/rejects.c has it */
enum { GOOD_FOR = 3 * G_USEC_PER_SEC };

/* Which file, and in which state: an id for the note and for the form, in which no file's name may be. */
static char *mark_of(const char *name, const struct stat *file)
{
    g_autofree char *text = g_strdup_printf("%s\n%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, name, (guint64)file->st_ino, (guint64)file->st_size,
                                            (gint64)file->st_mtim.tv_sec, (gint64)file->st_mtim.tv_nsec);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

/* How many rows a reject file is about; a row with several mistakes is one. 0: it cannot be told. */
static int count_rows(GBytes *bytes, bool *whole)
{
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    g_autofree char *why = NULL;
    g_autoptr(Sheet) sheet = sheet_parse(len > 0 ? data : "", len, &sheet_limits, &why);
    g_autoptr(GHashTable) lines = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; sheet != NULL && i < sheet->rows->len; i++)
        g_hash_table_add(lines, ((const SheetRow *)sheet->rows->pdata[i])->fields->pdata[0]);
    *whole = g_hash_table_contains(lines, WHOLE);
    return (int)g_hash_table_size(lines);
}

/* What was read of it before, in this state; NULL: it was not. Borrowed. */
static json_t *read_before(const json_t *lists, const char *mark)
{
    size_t i;
    json_t *each;
    json_array_foreach ((json_t *)lists, i, each)
        if (strcmp(case_text(each, "mark"), mark) == 0 && json_is_true(json_object_get(each, "read")))
            return each;
    return NULL;
}

/* One that is taken away or written just now is looked at again soon; one that cannot be read is told of all the same, and so is the next in its place. */
static void look_at(const char *folder, const char *name, const json_t *before, json_t *lists)
{
    g_autoptr(GBytes) bytes = NULL;
    g_autofree char *why = NULL, *path = g_build_filename(folder, name, NULL);
    struct stat file;
    bool whole = false;
    if (lstat(path, &file) != 0)
        return;
    g_autofree char *mark = mark_of(name, &file);
    json_t *known = read_before(before, mark);
    if (known != NULL) {
        json_array_append(lists, known);
        return;
    }
    WholeResult result = whole_read(folder, name, sheet_limits.bytes, &bytes, NULL, &why);
    if (result == WHOLE_GONE || result == WHOLE_CHANGED)
        return;
    int rows = result == WHOLE_DONE ? count_rows(bytes, &whole) : 0;
    json_array_append_new(lists, json_pack("{s:s, s:i, s:b, s:b, s:I, s:s}", "file", name, "rows", rows, "whole", whole, "read", result == WHOLE_DONE, "time",
                                           (json_int_t)file.st_mtim.tv_sec, "mark", mark));
}

static json_t *look(const char *folder, const json_t *before)
{
    json_t *lists = json_array();
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;)
        if (g_str_has_suffix(name, ENDING) && name[0] != '.' && g_utf8_validate(name, -1, NULL))
            look_at(folder, name, before, lists);
    json_t *seen = json_pack("{s:b, s:o}", "closed", dir == NULL, "lists", lists);
    if (dir != NULL)
        g_dir_close(dir);
    return seen;
}

static const json_t *seen_of(Worklist *w)
{
    int64_t now = g_get_monotonic_time();
    if (w->rejected != NULL && now - w->rejected_at < GOOD_FOR)
        return w->rejected;
    g_autofree char *folder = g_build_filename(w->lists, "rejected", NULL);
    json_t *seen = look(folder, json_object_get(w->rejected, "lists"));
    json_decref(w->rejected);
    w->rejected = seen;
    w->rejected_at = now;
    return w->rejected;
}

static gint by_newest(gconstpointer a, gconstpointer b)
{
    json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "time")), y = json_integer_value(json_object_get(*(json_t *const *)b, "time"));
    return (x < y) - (x > y);
}

json_t *rejected_view(Worklist *w)
{
    size_t i;
    json_t *each;
    if (w->lists == NULL)
        return NULL;
    json_t *lists = json_array();
    const json_t *seen = seen_of(w);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    json_array_foreach (json_object_get(seen, "lists"), i, each)
        if (!refused_is_dealt_with(w, case_text(each, "file"), case_text(each, "mark")))
            g_ptr_array_add(sorted, each);
    g_ptr_array_sort(sorted, by_newest);
    for (guint k = 0; k < sorted->len; k++) {
        json_t *shown = json_copy(sorted->pdata[k]);
        g_autofree char *at = say_time(json_integer_value(json_object_get(shown, "time")) * G_USEC_PER_SEC);
        json_object_set_new(shown, "at", json_string(at));
        json_array_append_new(lists, shown);
    }
    return json_pack("{s:O, s:o}", "closed", json_object_get(seen, "closed"), "lists", lists);
}

bool rejected_dealt_with(Worklist *w, const char *mark, TcError *error)
{
    size_t i;
    json_t *each;
    w->rejected_at = 0; /* as it is now */
    json_array_foreach (w->lists != NULL ? json_object_get(seen_of(w), "lists") : NULL, i, each)
        if (strcmp(case_text(each, "mark"), mark) == 0)
            return refused_deal_with(w, case_text(each, "file"), mark, error);
    return true;
}
