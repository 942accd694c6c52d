#include "adapters/lists/list.h"

#include "adapters/files/whole.h"

#include <string.h>

#define LIST_SLICE_US 50000
#define LIST_LABEL_MAX 150

struct List {
    const ListWork *work;
    const ListFolders *folders;
    char *name;  /* in the folder */
    char *label; /* the same as valid text, and short enough to be a part of other names */
    char tag[9];
    WholeFile file;
    GPtrArray *rows;    /* Row * */
    GHashTable *listed; /* keys of good rows, and of bad ones where they could be read */
    bool whole_read;    /* every row that could name somebody was understood: who is missing is missing */
    Rejects *rejects;
    guint next;
    ListCounts counts;
};

void list_free(List *list)
{
    if (list == NULL)
        return;
    g_free(list->name);
    g_free(list->label);
    g_ptr_array_unref(list->rows);
    g_hash_table_unref(list->listed);
    rejects_free(list->rejects);
    g_free(list);
}

static char *list_label_of(const char *name)
{
    g_autofree char *valid = g_utf8_make_valid(name, -1);
    if (strlen(valid) <= LIST_LABEL_MAX)
        return g_steal_pointer(&valid);
    g_autofree char *cut = g_strndup(valid, LIST_LABEL_MAX - 4), *start = g_utf8_make_valid(cut, -1);
    return g_strconcat(start, ".csv", NULL);
}

static List *list_new(const ListWork *work, const ListFolders *folders, const char *name)
{
    List *list = g_new0(List, 1);
    list->work = work;
    list->folders = folders;
    list->name = g_strdup(name);
    list->label = list_label_of(name);
    list->rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
    list->listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    list->rejects = rejects_new();
    list->whole_read = true;
    return list;
}

static void list_refuse(List *list, guint line, const char *why)
{
    const char *end = g_str_has_suffix(why, "?") ? "" : ".";
    rejects_add(list->rejects, (RejectPlace){ .line = line, .column = "" }, "%s%s Nothing of this file was sent.", why, end);
    list->counts.whole = true;
}

static void list_faults(List *list, const Sheet *sheet)
{
    for (guint i = 0; i < sheet->faults->len; i++) {
        const SheetFault *fault = sheet->faults->pdata[i];
        const char *column = fault->column > 0 && fault->column <= sheet->header->len ? sheet->header->pdata[fault->column - 1] : "";
        rejects_add(list->rejects, (RejectPlace){ .line = fault->line, .column = column, .value = fault->text }, "%s", fault->reason);
        list->whole_read = false;
    }
}

/* A bad row may still say whom it is about: then that person is not missing. */
static void list_bad_row(List *list, const SheetRow *from, const int *places)
{
    const ListWork *work = list->work;
    g_autoptr(Row) row = row_read_some(work->table, from, places, work->key_columns, work->key_count);
    if (row != NULL)
        g_hash_table_add(list->listed, work->key(work->ctx, row));
    else
        list->whole_read = false;
}

/* Two rows about one and the same: the same twice is one; different ones are both refused, for nobody here can say which is right. */
static void list_doubles(List *list)
{
    const ListWork *work = list->work;
    const char *column = work->table->columns[work->key_columns[0]].name;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < list->rows->len; i++) {
        Row *row = list->rows->pdata[i];
        char *key = work->key(work->ctx, row);
        gpointer place = NULL;
        if (!g_hash_table_lookup_extended(seen, key, NULL, &place)) {
            g_hash_table_insert(seen, key, GUINT_TO_POINTER(i));
            g_hash_table_add(list->listed, g_strdup(key));
            continue;
        }
        g_free(key);
        Row *first = list->rows->pdata[GPOINTER_TO_UINT(place)];
        g_autofree char *one = first != NULL ? work->digest(first) : NULL, *other = work->digest(row);
        if (g_strcmp0(one, other) != 0) {
            rejects_add(list->rejects, row_place(row, column), "another row is about the same and says something else: none of them was sent");
            if (first != NULL)
                rejects_add(list->rejects, row_place(first, column), "line %u is about the same and says something else: none of them was sent", row->line);
            g_clear_pointer(&list->rows->pdata[GPOINTER_TO_UINT(place)], row_free);
        }
        g_clear_pointer(&list->rows->pdata[i], row_free);
    }
}

static void list_rows(List *list, const Sheet *sheet, const int *places)
{
    list->counts.rows = sheet->rows->len + sheet->faults->len;
    for (guint i = 0; i < sheet->rows->len; i++) {
        Row *row = row_read(list->work->table, sheet->rows->pdata[i], places, list->rejects);
        if (row != NULL)
            g_ptr_array_add(list->rows, row);
        else if (list->work->missing != NULL)
            list_bad_row(list, sheet->rows->pdata[i], places);
    }
    list_doubles(list);
}

static void list_parse(List *list, GBytes *bytes)
{
    g_autofree char *why = NULL, *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    const RowTable *table = list->work->table;
    g_autofree HeadingColumn *heading = column_heading(table->columns, table->count);
    g_autofree int *places = g_new(int, table->count);
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    g_strlcpy(list->tag, digest, sizeof list->tag);
    g_autoptr(Sheet) sheet = sheet_parse(len > 0 ? data : "", len, &sheet_limits, &why);
    if (sheet == NULL || !heading_match(sheet, heading, table->count, places, &why)) {
        list_refuse(list, 0, why);
        return;
    }
    if (sheet->rows->len + sheet->faults->len == 0) {
        list_refuse(list, 0, list->work->empty);
        return;
    }
    list_faults(list, sheet);
    list_rows(list, sheet, places);
}

List *list_open(const ListWork *work, const ListFolders *folders, const char *name, char **why)
{
    g_autoptr(GBytes) bytes = NULL;
    WholeFile file = { 0 };
    WholeResult result = whole_read(folders->in, name, sheet_limits.bytes, &bytes, &file, why);
    if (result == WHOLE_GONE)
        g_clear_pointer(why, g_free);
    if (result != WHOLE_DONE && result != WHOLE_REFUSED)
        return NULL;
    List *list = list_new(work, folders, name);
    list->file = file;
    if (result == WHOLE_DONE)
        list_parse(list, bytes);
    else
        list_refuse(list, 0, *why);
    if (list->tag[0] == '\0')
        g_strlcpy(list->tag, "unread", sizeof list->tag);
    g_clear_pointer(why, g_free);
    return list;
}

static bool list_row(List *list, const Row *row, char **why)
{
    const char *column;
    switch (list->work->row(list->work->ctx, row, list->label, &column, why)) {
    case LIST_ROW_SENT:
        list->counts.sent++;
        return true;
    case LIST_ROW_SAME:
        list->counts.same++;
        return true;
    case LIST_ROW_REFUSED:
        rejects_add(list->rejects, row_place(row, column), "%s", *why);
        g_clear_pointer(why, g_free);
        return true;
    case LIST_ROW_LATER:
        return false;
    }
    g_assert_not_reached();
}

static bool list_missing(List *list, char **why)
{
    if (list->work->missing == NULL || list->counts.whole || !list->whole_read)
        return true;
    list->counts.missing = 0;
    return list->work->missing(list->work->ctx, list->listed, &list->counts.missing, why);
}

static ListResult list_finish(List *list, char **why)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stamp = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
    g_autofree char *new_name = g_strdup_printf("%s-%s-%s", stamp, list->tag, list->label);
    list->counts.rejects = rejects_count(list->rejects);
    if (!list_missing(list, why) || !rejects_write(list->rejects, list->folders->rejected, list->label, why))
        return LIST_LATER;
    const char *to = list->counts.whole ? list->folders->rejected : list->folders->done;
    WholeResult moved = whole_move(list->folders->in, list->name, to, new_name, list->file.inode != 0 ? &list->file : NULL, why);
    if (moved == WHOLE_GONE)
        g_clear_pointer(why, g_free); /* somebody took it away, or put another in its place, which comes next: this one is done */
    return moved == WHOLE_FAILED ? LIST_LATER : LIST_DONE;
}

ListResult list_step(List *list, char **why)
{
    gint64 end = g_get_monotonic_time() + LIST_SLICE_US;
    *why = NULL;
    while (list->next < list->rows->len && g_get_monotonic_time() < end) {
        const Row *row = list->rows->pdata[list->next];
        if (row != NULL && !list_row(list, row, why))
            return LIST_LATER;
        list->next++;
    }
    return list->next < list->rows->len ? LIST_MORE : list_finish(list, why);
}

const char *list_tag(const List *list)
{
    return list->tag;
}

ListCounts list_counts(const List *list)
{
    return list->counts;
}
