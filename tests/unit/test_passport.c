/* Passports and key files: good ones are read back as written; whatever is missing, doubled, mistyped or readable by others is refused. */
#include "unit.h"

#include "adapters/sdk/keys.h"
#include "adapters/sdk/passport.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define GOOD "[passport]\nservice=northmoor-cjip\nstation=desk\norganisation=council\nauthority=" HEX "\nbroker_curve=" HEX "\n" \
             "brokers=broker1.example:7101; [::1]:7102\nkeys=desk.keys\ndirectory=/etc/directory.bin\nspool=desk.spool\n"

static Passport *parse(const char *text, TcError *error)
{
    return passport_parse(text, strlen(text), "/home/cjip", error);
}

static void test_good_passport(void **state)
{
    TcError error;
    (void)state;
    g_autoptr(Passport) passport = parse(GOOD, &error);
    assert_non_null(passport);
    assert_string_equal(passport->service, "northmoor-cjip");
    assert_string_equal(passport->brokers[0], "broker1.example:7101");
    assert_string_equal(passport->brokers[1], "[::1]:7102");
    assert_null(passport->brokers[2]);
    assert_string_equal(passport->keys, "/home/cjip/desk.keys");
    assert_string_equal(passport->directory, "/etc/directory.bin");
    assert_int_equal(passport->authority.b[1], 0x11);
}

static void test_bad_passports(void **state)
{
    static const char *const table[][3] = {
        { "station=desk\n", "", "station" },
        { "station=desk\n", "station=\n", "station" },
        { "station=desk\n", "station=the desk\n", "station" },
        { "authority=00", "authority=0", "authority" },
        { "authority=00", "authority=xy", "authority" },
        { "broker1.example:7101", "broker1.example", "brokers" },
        { "broker1.example:7101", "broker1.example:0", "brokers" },
        { "broker1.example:7101", "broker1.example:70000", "brokers" },
        { "broker1.example:7101", "a b:1", "brokers" },
        { "broker1.example:7101", "ipc:///tmp/x:1", "brokers" },
        { "brokers=broker1.example:7101; [::1]:7102", "brokers=", "brokers" },
        { "brokers=broker1", "brokers=a:1;b:1;c:1;d:1;e:1;f:1;g:1;h:1;broker1", "brokers" },
        { "keys=desk.keys", "keys=", "keys" },
        { "spool=", "spol=", "spool" },
        { "service=", "colour=red\nservice=", "colour" },
        { "[passport]\n", "[other]\na=1\n[passport]\n", "" },
        { "[passport]", "passport", "" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        TcError error = { 0 };
        g_autoptr(GString) text = g_string_new(GOOD);
        assert_int_equal(g_string_replace(text, table[i][0], table[i][1], 1), 1);
        assert_null(parse(text->str, &error));
        assert_string_equal(error.code, "passport");
        if (strcmp(error.field, table[i][2]) != 0)
            fail_msg("row %zu: \"%s\" instead of \"%s\"", i, error.field, table[i][2]);
    }
}

/* ---- Keys ---- */

static char *folder;

static char *in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void assert_same(const TcKeys *a, const TcKeys *b)
{
    assert_memory_equal(a, b, sizeof *a);
}

static void test_keys_there_and_back(void **state)
{
    TcError error;
    struct stat info;
    (void)state;
    g_autofree char *path = in_folder("a.keys");
    g_autoptr(TcKeys) keys = tc_keys_new("northmoor-cjip", "desk", &error);
    assert_true(tc_keys_rotate(keys, &error));
    assert_true(tc_keys_save(keys, path, false, &error));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    g_autoptr(TcKeys) read = tc_keys_load(path, &error);
    assert_non_null(read);
    assert_same(keys, read);
    assert_false(tc_keys_save(keys, path, false, &error)); /* never over keys that are there */
    assert_true(tc_keys_save(keys, path, true, &error));
}

static void test_keys_others_may_read(void **state)
{
    TcError error;
    (void)state;
    g_autofree char *path = in_folder("open.keys");
    g_autoptr(TcKeys) keys = tc_keys_new("northmoor-cjip", "desk", &error);
    assert_true(tc_keys_save(keys, path, false, &error));
    assert_int_equal(g_chmod(path, 0640), 0);
    assert_null(tc_keys_load(path, &error));
    assert_string_equal(error.code, "keys");
    assert_non_null(strstr(error.text, "chmod 600"));
    assert_null(tc_keys_load("/nowhere/desk.keys", &error));
    assert_null(tc_keys_load(folder, &error));
}

static void test_bad_keys(void **state)
{
    static const char *const table[][2] = {
        { "[curve]", "[curv]" }, { "secret=", "secrt=" }, { "station=desk", "station=the desk" }, { "[storage]\nkey=", "[storage]\nkey=x" },
        { "made_at=", "made_at=1e" }, { "seed=", "seed=00\nseed=" }, { "[sealing 1]\n", "[sealing 1]\n[sealing 2]\n" },
        { "[keys]\n", "" }, { "service=northmoor-cjip\n", "" }, { "[storage]", "[storage]\nkey" }, { "[signing]\n", "[signing]\ncolour=red\n" },
    };
    TcError error;
    (void)state;
    g_autoptr(TcKeys) keys = tc_keys_new("northmoor-cjip", "desk", &error);
    char *text = keys_format(keys);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GString) spoilt = g_string_new(text);
        assert_int_equal(g_string_replace(spoilt, table[i][0], table[i][1], 1), 1);
        TcKeys *read = tc_keys_parse(spoilt->str, spoilt->len, &error);
        if (read != NULL)
            fail_msg("\"%s\" was taken", table[i][1]);
        assert_string_equal(error.code, "keys");
    }
    sodium_free(text);
}

/* Two files mixed: every public key must belong to its secret. */
static void test_mixed_keys(void **state)
{
    static const char *const lines[] = { "[curve]\npublic=", "[signing]\npublic=", "[sealing 1]\npublic=" };
    TcError error;
    (void)state;
    g_autoptr(TcKeys) keys = tc_keys_new("northmoor-cjip", "desk", &error);
    char *text = keys_format(keys);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *mixed = g_strdup(text);
        char *digit = strstr(mixed, lines[i]) + strlen(lines[i]);
        *digit = *digit == '0' ? '1' : '0';
        assert_null(tc_keys_parse(mixed, strlen(mixed), &error));
        assert_non_null(strstr(error.text, "does not belong"));
    }
    sodium_free(text);
}

static void test_rotate_and_destroy(void **state)
{
    TcError error;
    uint8_t oldest[32], stranger[32] = { 7 };
    (void)state;
    g_autoptr(TcKeys) keys = tc_keys_new("northmoor-cjip", "desk", &error);
    memcpy(oldest, tc_keys_sealing_public(keys, 0), 32);
    assert_false(tc_keys_destroy(keys, oldest, &error)); /* the newest stays */
    while (tc_keys_sealing_count(keys) < TC_KEYS_SEALING_MAX)
        assert_true(tc_keys_rotate(keys, &error));
    assert_false(tc_keys_rotate(keys, &error));
    assert_non_null(tc_keys_sealing_secret(keys, oldest));
    assert_true(tc_keys_destroy(keys, oldest, &error));
    assert_null(tc_keys_sealing_secret(keys, oldest));
    assert_false(tc_keys_destroy(keys, stranger, &error));
    assert_int_equal(tc_keys_sealing_count(keys), TC_KEYS_SEALING_MAX - 1);
}

static void test_another_station(void **state)
{
    TcError error;
    (void)state;
    g_autoptr(TcKeys) keys = tc_keys_new("northmoor-cjip", "desk", &error);
    g_autoptr(TcKeys) annex = tc_keys_new_station(keys, "annex", &error);
    assert_string_equal(tc_keys_station(annex), "annex");
    assert_memory_equal(tc_keys_signing_public(annex), tc_keys_signing_public(keys), 32);
    assert_memory_not_equal(tc_keys_curve_public(annex), tc_keys_curve_public(keys), 32);
    assert_memory_not_equal(tc_keys_storage(annex), tc_keys_storage(keys), 32);
    assert_null(tc_keys_new("", "desk", &error));
    assert_null(tc_keys_new_station(keys, "the annex", &error));
}

static void test_export(void **state)
{
    TcError error;
    (void)state;
    g_autoptr(TcKeys) keys = tc_keys_new("northmoor-cjip", "desk", &error);
    assert_null(tc_keys_export(keys, "short", &error));
    char *text = tc_keys_export(keys, "four ordinary words here", &error);
    assert_non_null(text);
    assert_null(strstr(text, "secret"));
    g_autoptr(TcKeys) read = tc_keys_import(text, strlen(text), "four ordinary words here", &error);
    assert_same(keys, read);
    assert_null(tc_keys_import(text, strlen(text), "four ordinary words hers", &error));
    assert_string_equal(error.field, "passphrase");
    char *box = strstr(text, "box=") + 4;
    box[10] = box[10] == '0' ? '1' : '0';
    assert_null(tc_keys_import(text, strlen(text), "four ordinary words here", &error));
    assert_null(tc_keys_import("[export]\nversion=2\n", 19, "four ordinary words here", &error));
    free(text);
}

static int start(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("tc-keys-XXXXXX", NULL);
    return folder == NULL || sodium_init() < 0 ? -1 : 0;
}

static int end(void **state)
{
    static const char *const names[] = { "a.keys", "open.keys" };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = in_folder(names[i]);
        g_unlink(path);
    }
    int result = g_rmdir(folder); /* fails when a temporary file was left */
    g_free(folder);
    return result;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_passport), cmocka_unit_test(test_bad_passports), cmocka_unit_test(test_keys_there_and_back),
        cmocka_unit_test(test_keys_others_may_read), cmocka_unit_test(test_bad_keys), cmocka_unit_test(test_mixed_keys),
        cmocka_unit_test(test_rotate_and_destroy), cmocka_unit_test(test_another_station), cmocka_unit_test(test_export),
    };
    return cmocka_run_group_tests_name("passport", tests, start, end);
}
