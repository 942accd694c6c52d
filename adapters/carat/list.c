#include "adapters/carat/list.h"

#include "adapters/files/whole.h"

#include <string.h>

#define LIST_SLICE_US 50000
#define LIST_LABEL_MAX 150

struct List {
    const ListFolders *folders;
    char *name;  /* in the folder */
    char *label; /* the same as valid text, and short enough to be a part of other names */
    char tag[9];
    WholeFile file;
    GPtrArray *rows;    /* Row * */
    GHashTable *listed; /* person keys of good rows; prison numbers of bad ones where they could be read */
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

static List *list_new(const ListFolders *folders, const char *name)
{
    List *list = g_new0(List, 1);
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
    rejects_add(list->rejects, line, "", "%s. Nothing of this file was sent.", why);
    list->counts.whole = true;
}

static void list_faults(List *list, const Sheet *sheet)
{
    for (guint i = 0; i < sheet->faults->len; i++) {
        const SheetFault *fault = sheet->faults->pdata[i];
        const char *column = fault->column > 0 && fault->column <= sheet->header->len ? sheet->header->pdata[fault->column - 1] : "";
        rejects_add(list->rejects, fault->line, column, "%s", fault->reason);
        list->whole_read = false;
    }
}

/* A bad row may still say whom it is about: then that person is not missing. */
static void list_bad_row(List *list, const SheetRow *from, const int *places)
{
    static const ColumnId who[] = { COLUMN_PRISON_NUMBER, COLUMN_DATE_OF_BIRTH };
    Row row = { .line = from->line };
    bool known = true;
    for (size_t i = 0; i < G_N_ELEMENTS(who); i++) {
        g_autofree char *why = NULL;
        row.values[who[i]] = column_read(&columns[who[i]], from->fields->pdata[places[who[i]]], &why);
        known = known && row.values[who[i]] != NULL;
    }
    if (known)
        g_hash_table_add(list->listed, row_person(&row));
    else
        list->whole_read = false;
    for (size_t i = 0; i < G_N_ELEMENTS(who); i++)
        g_free(row.values[who[i]]);
}

/* Two rows about one person: the same twice is one; different ones are both refused, for nobody here can say which is right. */
static void list_doubles(List *list)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < list->rows->len; i++) {
        Row *row = list->rows->pdata[i];
        char *key = row_person(row);
        gpointer place = NULL;
        if (!g_hash_table_lookup_extended(seen, key, NULL, &place)) {
            g_hash_table_insert(seen, key, GUINT_TO_POINTER(i));
            g_hash_table_add(list->listed, g_strdup(key));
            continue;
        }
        g_free(key);
        Row *first = list->rows->pdata[GPOINTER_TO_UINT(place)];
        g_autofree char *one = first != NULL ? row_digest(first) : NULL, *other = row_digest(row);
        if (g_strcmp0(one, other) != 0) {
            rejects_add(list->rejects, row->line, "prison_number", "another row is about the same person and says something else: "
                                                                   "none of them was sent");
            if (first != NULL)
                rejects_add(list->rejects, first->line, "prison_number", "line %u is about the same person and says something "
                                                                         "else: none of them was sent", row->line);
            g_clear_pointer(&list->rows->pdata[GPOINTER_TO_UINT(place)], row_free);
        }
        g_clear_pointer(&list->rows->pdata[i], row_free);
    }
}

static void list_rows(List *list, const Sheet *sheet, const int *places)
{
    list->counts.rows = sheet->rows->len + sheet->faults->len;
    for (guint i = 0; i < sheet->rows->len; i++) {
        Row *row = row_read(sheet->rows->pdata[i], places, list->rejects);
        if (row != NULL)
            g_ptr_array_add(list->rows, row);
        else
            list_bad_row(list, sheet->rows->pdata[i], places);
    }
    list_doubles(list);
}

static void list_parse(List *list, GBytes *bytes)
{
    g_autofree char *why = NULL, *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    int places[COLUMN_COUNT];
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    g_strlcpy(list->tag, digest, sizeof list->tag);
    g_autoptr(Sheet) sheet = sheet_parse(len > 0 ? data : "", len, &sheet_limits, &why);
    if (sheet == NULL || !heading_match(sheet, column_heading(), COLUMN_COUNT, places, &why)) {
        list_refuse(list, 0, why);
        return;
    }
    if (sheet->rows->len + sheet->faults->len == 0) {
        list_refuse(list, 0, "the list has columns and no rows: an empty list is never taken for \"nobody comes out\"");
        return;
    }
    list_faults(list, sheet);
    list_rows(list, sheet, places);
}

List *list_open(const ListFolders *folders, const char *name, char **why)
{
    g_autoptr(GBytes) bytes = NULL;
    WholeFile file = { 0 };
    WholeResult result = whole_read(folders->in, name, sheet_limits.bytes, &bytes, &file, why);
    if (result == WHOLE_GONE)
        g_clear_pointer(why, g_free);
    if (result != WHOLE_DONE && result != WHOLE_REFUSED)
        return NULL;
    List *list = list_new(folders, name);
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

static bool list_row(List *list, Release *release, const Row *row, char **why)
{
    const char *column;
    switch (release_row(release, row, list->label, &column, why)) {
    case RELEASE_SENT:
        list->counts.sent++;
        return true;
    case RELEASE_SAME:
        list->counts.same++;
        return true;
    case RELEASE_REFUSED:
        rejects_add(list->rejects, row->line, column, "%s", *why);
        g_clear_pointer(why, g_free);
        return true;
    case RELEASE_LATER:
        return false;
    }
    g_assert_not_reached();
}

/* Nothing is sent about who is missing: the question goes to the people here, until a list has an answer. */
static bool list_missing(List *list, Release *release, const char *today, TcError *error)
{
    const GPtrArray *all = people_all(release->people);
    if (!release->config->whole_list || list->counts.whole || !list->whole_read)
        return true;
    list->counts.missing = 0;
    for (guint i = 0; i < all->len; i++) {
        Person *person = all->pdata[i];
        if (g_hash_table_contains(list->listed, person->key) || !person_due(person, today))
            continue;
        list->counts.missing++;
        if (person->asked != NULL)
            continue;
        person_set(&person->asked, today);
        if (!people_save(release->people, person, error))
            return false;
    }
    return true;
}

static ListResult list_finish(List *list, Release *release, const char *today, char **why)
{
    TcError error = { .code = "" };
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stamp = g_date_time_format(now, "%Y%m%dT%H%M%SZ");
    g_autofree char *new_name = g_strdup_printf("%s-%s-%s", stamp, list->tag, list->label);
    list->counts.rejects = rejects_count(list->rejects);
    if (!list_missing(list, release, today, &error)) {
        *why = g_strdup_printf("%s (%s)", error.text, error.code);
        return LIST_LATER;
    }
    if (!rejects_write(list->rejects, list->folders->rejected, list->label, why))
        return LIST_LATER;
    const char *to = list->counts.whole ? list->folders->rejected : list->folders->done;
    WholeResult moved = whole_move(list->folders->in, list->name, to, new_name, list->file.inode != 0 ? &list->file : NULL, why);
    if (moved == WHOLE_GONE)
        g_clear_pointer(why, g_free); /* somebody took it away, or put another in its place, which comes next: this one is done */
    return moved == WHOLE_FAILED ? LIST_LATER : LIST_DONE;
}

ListResult list_step(List *list, Release *release, const char *today, char **why)
{
    gint64 end = g_get_monotonic_time() + LIST_SLICE_US;
    *why = NULL;
    while (list->next < list->rows->len && g_get_monotonic_time() < end) {
        const Row *row = list->rows->pdata[list->next];
        if (row != NULL && !list_row(list, release, row, why))
            return LIST_LATER;
        list->next++;
    }
    return list->next < list->rows->len ? LIST_MORE : list_finish(list, release, today, why);
}

const char *list_tag(const List *list)
{
    return list->tag;
}

ListCounts list_counts(const List *list)
{
    return list->counts;
}
