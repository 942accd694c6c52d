/* The broker's settings: whatever is wrong is named, with where and what to do; secrets others can read are refused. */
#include "unit.h"

#include "broker/config.h"
#include "proto/sign.h"

#include <glib/gstdio.h>
#include <sodium.h>

#define GOOD "[database]\nconninfo=host=/run\n[broker]\nbind=127.0.0.1\nkeys=broker.keys\ndirectory=/etc/d.bin\nauthority=" AUTHORITY "\n"
#define AUTHORITY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("tc-config-XXXXXX", NULL);
    return folder == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    g_rmdir(folder);
    g_free(folder);
    return 0;
}

static char *file_with(const char *text)
{
    char *path = g_build_filename(folder, "file", NULL);
    assert_true(g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    return path;
}

static void refused(const char *text, const char *word)
{
    g_autofree char *path = file_with(text), *problem = NULL;
    assert_null(config_read(path, &problem));
    assert_non_null(problem);
    if (!strstr(problem, word) || !g_str_has_prefix(problem, path))
        fail_msg("\"%s\" should name the file and \"%s\"", problem, word);
    g_unlink(path);
}

static void test_a_good_file_is_read(void **state)
{
    (void)state;
    g_autofree char *path = file_with(GOOD "[admin]\nsocket=admin\nuids=1000;1001\n[metrics]\nlisten=127.0.0.1:9464\n"), *problem = NULL, *keys = g_build_filename(folder, "broker.keys", NULL);
    g_autoptr(Config) config = config_read(path, &problem);
    assert_non_null(config);
    assert_string_equal(config->conninfo, "host=/run");
    assert_string_equal(config->keys_path, keys); /* relative to the file */
    assert_string_equal(config->directory_path, "/etc/d.bin");
    assert_int_equal(config->authority.b[31], 0x1f);
    assert_int_equal(config->retention_weeks, 520);
    assert_int_equal(config->admin_uids->len, 2);
    assert_string_equal(config->metrics_host, "127.0.0.1");
    assert_int_equal(config->metrics_port, 9464);
    assert_null(config->time_shift_path);
    g_unlink(path);
}

static void test_what_is_wrong_is_named(void **state)
{
    (void)state;
    refused(GOOD "[extra]\n", "extra");
    refused(GOOD "colour=red\n", "colour");
    refused("[database]\nconninfo=x\n", "bind");
    refused("[database]\nretention_weeks=x\n", "retention_weeks");
    refused("[database]\nconninfo=x\nretention_weeks=3\n", "retention_weeks");
    refused("[database]\nconninfo=x\nretention_weeks=5201\n", "retention_weeks");
    refused("[broker]\nbind=x\n", "conninfo");
    refused("[database]\nconninfo=x\n[broker]\nbind=x\n", "keys");
    refused("[database]\nconninfo=x\n[broker]\nbind=x\nkeys=k\ndirectory=d\n", "authority");
    refused("[database]\nconninfo=x\n[broker]\nbind=x\nkeys=k\ndirectory=d\nauthority=12\n", "authority");
    refused("[database]\nconninfo=x\n[broker]\nbind=x\nkeys=k\ndirectory=d\nauthority=" AUTHORITY "00\n", "authority");
    refused(GOOD "[metrics]\nlisten=9464\n", "metrics");
    refused(GOOD "[metrics]\nlisten=0.0.0.0:9464\n", "loopback");
    refused(GOOD "[metrics]\nlisten=127.0.0.1:99999\n", "metrics");
    refused("not a key file", "file");
    char *problem = NULL;
    assert_null(config_read("/nowhere/broker.conf", &problem));
    assert_non_null(strstr(problem, "/nowhere/broker.conf"));
    g_free(problem);
}

static void hex_into(GString *text, const char *name, const uint8_t *bytes)
{
    char out[65];
    g_string_append_printf(text, "%s=%s\n", name, sodium_bin2hex(out, sizeof out, bytes, 32));
}

static GString *good_keys(void)
{
    uint8_t seed[32] = { 5 }, public_key[32], secret[64];
    GString *text = g_string_new("[curve]\n");
    tc_sign_keypair_from_seed(seed, public_key, secret);
    hex_into(text, "public", seed);
    hex_into(text, "secret", seed);
    g_string_append(text, "[signing]\n");
    hex_into(text, "public", public_key);
    hex_into(text, "seed", seed);
    g_string_append(text, "[tokens]\n");
    hex_into(text, "key", seed);
    return text;
}

static BrokerKeys *keys_of(const char *text, int mode, char **problem)
{
    g_autofree char *path = file_with(text);
    g_chmod(path, mode);
    BrokerKeys *keys = config_keys(path, problem);
    g_unlink(path);
    return keys;
}

static void test_keys_that_others_can_read_are_refused(void **state)
{
    g_autoptr(GString) text = good_keys();
    char *problem = NULL;
    (void)state;
    BrokerKeys *keys = keys_of(text->str, 0600, &problem);
    assert_non_null(keys);
    assert_int_equal(keys->token_key[0], 5);
    config_keys_free(keys);
    assert_null(keys_of(text->str, 0640, &problem));
    assert_non_null(strstr(problem, "0600"));
    g_free(problem);
}

static void test_broken_keys_are_named_and_never_shown(void **state)
{
    static const char *const spoilt[][2] = { { "[tokens]", "[token]" }, { "seed=05", "seed=06" }, { "key=05", "key=0" }, { "secret=05", "secret=zz" } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(spoilt); i++) {
        g_autoptr(GString) text = good_keys();
        char *problem = NULL;
        assert_int_equal(g_string_replace(text, spoilt[i][0], spoilt[i][1], 1), 1);
        assert_null(keys_of(text->str, 0600, &problem));
        assert_non_null(strstr(problem, "[signing]"));
        assert_null(strstr(problem, "0500"));
        g_free(problem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_file_is_read),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_keys_that_others_can_read_are_refused),
        cmocka_unit_test(test_broken_keys_are_named_and_never_shown),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, make_folder, remove_folder);
}
