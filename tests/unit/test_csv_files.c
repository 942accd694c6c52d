/* Writing CSV for a spreadsheet, reject files, and files as wholes in a folder. */
#include "unit.h"

#include "adapters/files/cells.h"
#include "adapters/files/folder.h"
#include "adapters/files/rejects.h"
#include "adapters/files/sheet.h"
#include "adapters/files/whole.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "\xef\xbb\xbf"

static int folder_begin(void **state)
{
    *state = g_dir_make_tmp("tc-csv-XXXXXX", NULL);
    return *state == NULL;
}

static int folder_end(void **state)
{
    GDir *dir = g_dir_open(*state, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(*state, name, NULL);
        g_remove(path);
    }
    g_dir_close(dir);
    int gone = g_rmdir(*state);
    g_free(*state);
    return gone;
}

static void put(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* As if written a day ago. */
static void aged(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = g_get_real_time() / G_USEC_PER_SEC - 86400 } };
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static char *got(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    return text;
}

static void test_cells(void **state)
{
    static const struct { const char *text, *cell; } table[] = {
        { "", "\"\"" },
        { "O'Neill", "\"O'Neill\"" },
        { "a \"b\", c", "\"a \"\"b\"\", c\"" },
        { "two\nlines", "\"two\nlines\"" },
        { "=1+1", "\"'=1+1\"" },
        { "+44 7700 900123", "\"'+44 7700 900123\"" },
        { "-2", "\"'-2\"" },
        { "@SUM(A1)", "\"'@SUM(A1)\"" },
        { "\tx", "\"'\tx\"" },
        { "\rx", "\"'\rx\"" },
        { "  =x", "\"'  =x\"" },
        { "a=1", "\"a=1\"" },
        { "é", "\"é\"" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GString) out = cells_new();
        g_autofree char *expected = g_strconcat(MARK "\"x\",", table[i].cell, "\r\n", NULL);
        cells_row(out, "x", table[i].text, NULL);
        assert_string_equal(out->str, expected);
    }
}

/* What is written can be read again, as it was but for the apostrophe. */
static void test_there_and_back(void **state)
{
    g_autoptr(GString) out = cells_new();
    g_autofree char *why = NULL;
    (void)state;
    cells_row(out, "a", "b", NULL);
    cells_row(out, "1 \"x\",\r\ny", "=2", NULL);
    g_autoptr(Sheet) sheet = sheet_parse(out->str, out->len, &sheet_limits, &why);
    assert_non_null(sheet);
    assert_int_equal(sheet->rows->len, 1);
    const SheetRow *row = sheet->rows->pdata[0];
    assert_string_equal(row->fields->pdata[0], "1 \"x\",\r\ny");
    assert_string_equal(row->fields->pdata[1], "'=2");
}

static void test_rejects(void **state)
{
    const char *folder = *state;
    g_autofree char *why = NULL;
    g_autoptr(Rejects) rejects = rejects_new();
    g_autofree char *long_value = g_strnfill(101, 'x'), *cut = g_strnfill(100, 'x');
    rejects_add(rejects, (RejectPlace){ 7, "mg", "Mercer, A1234BC", "40 \"ml\"" }, "not a %s", "number");
    rejects_add(rejects, (RejectPlace){ .line = 3, .column = "", .value = long_value }, "broken");
    assert_true(rejects_write(rejects, folder, "list.csv", &why));
    g_autofree char *text = got(folder, "list.rejects.csv");
    g_autofree char *wanted = g_strconcat(MARK "\"line\",\"whose row\",\"column\",\"what stands there\",\"what is wrong, and what to do\"\r\n"
                                          "\"3\",\"\",\"\",\"", cut, "…\",\"broken\"\r\n"
                                          "\"7\",\"Mercer, A1234BC\",\"mg\",\"40 \"\"ml\"\"\",\"not a number\"\r\n", NULL);
    assert_string_equal(text, wanted);

    assert_true(rejects_append(folder, "list.csv", (RejectPlace){ .line = 9, .column = "" }, "refused", &why));
    assert_true(rejects_append(folder, "list.csv", (RejectPlace){ .line = 9, .column = "" }, "refused", &why));
    g_autofree char *longer = got(folder, "list.rejects.csv");
    assert_true(g_str_has_prefix(longer, text));
    assert_string_equal(longer + strlen(text), "\"9\",\"\",\"\",\"\",\"refused\"\r\n");

    g_autoptr(Rejects) none = rejects_new();
    assert_true(rejects_write(none, folder, "list.csv", &why));
    assert_null(got(folder, "list.rejects.csv"));
    assert_true(rejects_write(none, folder, "list.csv", &why));
    assert_true(rejects_append(folder, "list.csv", (RejectPlace){ .column = "" }, "late", &why));
    g_autofree char *late = got(folder, "list.rejects.csv");
    assert_non_null(strstr(late, "\"the whole file\",\"\",\"\",\"\",\"late\""));
}

static void test_read(void **state)
{
    const char *folder = *state;
    g_autofree char *why = NULL, *link = g_build_filename(folder, "link.csv", NULL);
    g_autofree char *pipe = g_build_filename(folder, "pipe.csv", NULL);
    g_autoptr(GBytes) bytes = NULL;
    put(folder, "a.csv", "12345");
    assert_int_equal(whole_read(folder, "a.csv", 5, &bytes, NULL, &why), WHOLE_DONE);
    assert_int_equal(g_bytes_get_size(bytes), 5);
    g_clear_pointer(&bytes, g_bytes_unref);
    assert_int_equal(whole_read(folder, "a.csv", 4, &bytes, NULL, &why), WHOLE_REFUSED);
    g_clear_pointer(&why, g_free);
    assert_int_equal(whole_read(folder, "b.csv", 4, &bytes, NULL, &why), WHOLE_GONE);
    g_clear_pointer(&why, g_free);
    assert_int_equal(symlink("a.csv", link), 0);
    assert_int_equal(whole_read(folder, "link.csv", 9, &bytes, NULL, &why), WHOLE_REFUSED);
    g_clear_pointer(&why, g_free);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(whole_read(folder, "pipe.csv", 9, &bytes, NULL, &why), WHOLE_REFUSED);
    assert_null(bytes);
}

static void test_move(void **state)
{
    const char *folder = *state;
    g_autofree char *why = NULL;
    put(folder, "a.csv", "1");
    put(folder, "b.csv", "2");
    assert_int_equal(whole_move(folder, "a.csv", folder, "b.csv", NULL, &why), WHOLE_DONE);
    g_autofree char *kept = got(folder, "b.csv"), *moved = got(folder, "b.2.csv");
    assert_string_equal(kept, "2");
    assert_string_equal(moved, "1");
    assert_null(got(folder, "a.csv"));
    assert_int_equal(whole_move(folder, "a.csv", folder, "c.csv", NULL, &why), WHOLE_GONE);
    g_clear_pointer(&why, g_free);
    assert_int_equal(whole_move(folder, "b.csv", "/nowhere/at/all", "c.csv", NULL, &why), WHOLE_GONE);
}

/* Another file has taken the name since it was read: it stays where it is. */
static void test_move_of_another(void **state)
{
    const char *folder = *state;
    g_autofree char *why = NULL;
    WholeFile file;
    g_autoptr(GBytes) bytes = NULL;
    put(folder, "a.csv", "1");
    assert_int_equal(whole_read(folder, "a.csv", 5, &bytes, &file, &why), WHOLE_DONE);
    put(folder, "a.csv", "2");
    assert_int_equal(whole_move(folder, "a.csv", folder, "b.csv", &file, &why), WHOLE_CHANGED);
    g_autofree char *stays = got(folder, "a.csv");
    assert_string_equal(stays, "2");
    assert_null(got(folder, "b.csv"));
    g_clear_pointer(&bytes, g_bytes_unref);
    assert_int_equal(whole_read(folder, "a.csv", 5, &bytes, &file, &why), WHOLE_DONE);
    assert_int_equal(whole_move(folder, "a.csv", folder, "b.csv", &file, &why), WHOLE_DONE);
}

static void test_replace(void **state)
{
    const char *folder = *state;
    g_autofree char *why = NULL;
    assert_true(whole_replace(folder, "a", "one", 3, &why));
    assert_true(whole_replace(folder, "a", "two", 3, &why));
    g_autofree char *text = got(folder, "a");
    assert_string_equal(text, "two");
    assert_false(whole_replace("/nowhere/at/all", "a", "x", 1, &why));
    assert_non_null(strstr(why, "/nowhere/at/all"));
}

static void told(void *ctx)
{
    ++*(int *)ctx;
}

static gboolean too_long(void *data)
{
    (void)data;
    fail_msg("the folder did not tell");
    return G_SOURCE_REMOVE;
}

static void test_folder(void **state)
{
    const char *path = *state;
    int count = 0;
    g_autofree char *why = NULL, *from = g_build_filename(path, "c.part", NULL), *to = g_build_filename(path, "c.csv", NULL);
    put(path, "b.csv", "");
    aged(path, "b.csv");
    put(path, "a.CSV", "");
    put(path, ".hidden.csv", "");
    put(path, "c.part", "");
    put(path, ".csv", "");
    Folder *folder = folder_open(path, 3600, told, &count, &why);
    assert_non_null(folder);
    guint timeout = g_timeout_add_seconds(10, too_long, NULL);
    while (count == 0)
        g_main_context_iteration(NULL, TRUE);
    g_autoptr(GPtrArray) first = folder_files(folder, &why);
    assert_int_equal(first->len, 2);
    assert_string_equal(first->pdata[0], "b.csv");

    int before = count;
    assert_int_equal(rename(from, to), 0);
    while (count == before)
        g_main_context_iteration(NULL, TRUE);
    g_autoptr(GPtrArray) second = folder_files(folder, &why);
    assert_int_equal(second->len, 3);
    g_source_remove(timeout);
    folder_close(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test_setup_teardown(test_rejects, folder_begin, folder_end),
        cmocka_unit_test_setup_teardown(test_read, folder_begin, folder_end),
        cmocka_unit_test_setup_teardown(test_move, folder_begin, folder_end),
        cmocka_unit_test_setup_teardown(test_move_of_another, folder_begin, folder_end),
        cmocka_unit_test_setup_teardown(test_replace, folder_begin, folder_end),
        cmocka_unit_test_setup_teardown(test_folder, folder_begin, folder_end),
    };
    return cmocka_run_group_tests_name("csv_files", tests, NULL, NULL);
}
