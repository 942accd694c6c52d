/* Drafts: found by their path and account alone, bounded in number and size, gone after a week. The notes' keeping is played here. */
#include "unit.h"

#include "adapters/worklist/draft.h"

#include <stdlib.h>
#include <string.h>

struct TcClient { GHashTable *secrets; int64_t now; bool full; };

bool tc_client_secret_set(TcClient *client, const char *name, const char *value, TcError *error)
{
    (void)error;
    if (client->full)
        return false;
    if (value == NULL)
        g_hash_table_remove(client->secrets, name);
    else
        g_hash_table_replace(client->secrets, g_strdup(name), g_strdup(value));
    return true;
}

char *tc_client_secret_get(TcClient *client, const char *name)
{
    const char *value = g_hash_table_lookup(client->secrets, name);
    return value != NULL ? strdup(value) : NULL;
}

int64_t tc_client_now(TcClient *client) { return client->now; }

static TcClient begin(void) { return (TcClient){ g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), 1000000, false }; }

static bool keep(TcClient *client, const char *account, const char *path, const char *words)
{
    g_autoptr(GHashTable) form = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(form, (char *)"note", (char *)words);
    g_hash_table_insert(form, (char *)"key", (char *)"0af1");
    g_hash_table_insert(form, (char *)"csrf", (char *)"the session's secret");
    g_hash_table_insert(form, (char *)"password", (char *)"three ordinary words");
    g_hash_table_insert(form, (char *)"step", (char *)"check");
    client->now += 1000;
    return draft_keep(client, account, path, form);
}

static void test_path(void **state)
{
    static const char *const rows[][3] = { { "/say/referral", "0af1", "/say/referral?draft=0af1" }, { "/say/x/answer", "0af1", "/say/x/answer" }, { "/say/referral", "a/b?c", "/say/referral" }, { "", "0af1", "" } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = draft_path(rows[i][0], rows[i][1]);
        assert_string_equal(path, rows[i][2]);
    }
}

static void test_found(void **state)
{
    int64_t at = 0;
    (void)state;
    TcClient client = begin();
    assert_true(keep(&client, "sam", "/say/release", "first"));
    assert_true(keep(&client, "sam", "/say/x/answer", "other"));
    assert_true(keep(&client, "sam", "/say/release", "second"));
    GHashTable *form = draft_find(&client, "sam", "/say/release", &at);
    assert_string_equal(g_hash_table_lookup(form, "note"), "second");
    assert_null(g_hash_table_lookup(form, "csrf"));
    assert_null(g_hash_table_lookup(form, "step"));
    assert_null(g_hash_table_lookup(form, "password"));
    assert_int_equal(at, client.now);
    g_hash_table_unref(form);
    assert_null(draft_find(&client, "kim", "/say/release", &at));
    assert_null(draft_find(&client, "sam", "/say/releas", &at));
    GPtrArray *list = draft_list(&client, "sam");
    assert_int_equal(list->len, 2);
    assert_string_equal(((Draft *)list->pdata[0])->path, "/say/release"); /* the newest first */
    g_ptr_array_unref(list);
    draft_forget(&client, "sam", "/say/release", "another act");
    assert_non_null(form = draft_find(&client, "sam", "/say/release", &at));
    g_hash_table_unref(form);
    draft_forget(&client, "sam", "/say/release", "0af1");
    draft_forget(&client, "sam", "/say/x/answer", NULL);
    assert_int_equal(g_hash_table_size(client.secrets), 0); /* nothing is left of them */
    client.full = true;
    assert_false(keep(&client, "sam", "/say/release", "no room"));
    g_hash_table_unref(client.secrets);
}

static void test_bounds(void **state)
{
    int64_t at = 0;
    (void)state;
    TcClient client = begin();
    for (int i = 0; i < DRAFTS_MAX + 5; i++) {
        g_autofree char *path = g_strdup_printf("/say/%d/answer", i);
        keep(&client, "sam", path, "words");
    }
    GPtrArray *list = draft_list(&client, "sam");
    assert_int_equal(list->len, DRAFTS_MAX);
    g_ptr_array_unref(list);
    assert_null(draft_find(&client, "sam", "/say/4/answer", &at)); /* the oldest went */
    g_autofree char *large = g_strnfill(DRAFTS_BYTES_MAX / 2, 'x');
    keep(&client, "kim", "/say/a", large);
    keep(&client, "kim", "/say/b", large);
    list = draft_list(&client, "kim");
    assert_int_equal(list->len, 1);
    g_ptr_array_unref(list);
    g_hash_table_unref(client.secrets);
}

static void test_week(void **state)
{
    int64_t at = 0;
    (void)state;
    TcClient client = begin();
    keep(&client, "sam", "/say/a", "old");
    client.now += DRAFT_DAYS * 24 * 60 * 60 * (int64_t)G_USEC_PER_SEC;
    g_hash_table_unref(draft_find(&client, "sam", "/say/a", &at));
    client.now++;
    assert_null(draft_find(&client, "sam", "/say/a", &at));
    assert_int_equal(g_hash_table_size(client.secrets), 1);
    draft_sweep(&client, "sam");
    assert_int_equal(g_hash_table_size(client.secrets), 0);
    g_hash_table_insert(client.secrets, g_strdup("worklist:drafts:sam"), g_strdup("{\"not\": \"a list\"}"));
    GPtrArray *list = draft_list(&client, "sam");
    assert_int_equal(list->len, 0);
    g_ptr_array_unref(list);
    g_hash_table_unref(client.secrets);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_path), cmocka_unit_test(test_found), cmocka_unit_test(test_bounds), cmocka_unit_test(test_week) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
