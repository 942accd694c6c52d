/* Accounts: locked, closed, given new passwords, and every change on record. The notes' keeping is played here. */
#include "unit.h"

#include "adapters/worklist/account.h"
#include "adapters/worklist/record.h"

#include <stdlib.h>
#include <string.h>

#define GOOD "three ordinary words"
#define BETTER "four quite other words"

struct TcClient { GHashTable *notes; int64_t now; };

bool tc_client_note_set(TcClient *client, const char *name, const char *value, TcError *error)
{
    (void)error;
    if (value == NULL)
        g_hash_table_remove(client->notes, name);
    else
        g_hash_table_replace(client->notes, g_strdup(name), g_strdup(value));
    return true;
}

char *tc_client_note_get(TcClient *client, const char *name)
{
    const char *value = g_hash_table_lookup(client->notes, name);
    return value != NULL ? strdup(value) : NULL;
}

bool tc_client_secret_set(TcClient *client, const char *name, const char *value, TcError *error) { return tc_client_note_set(client, name, value, error); }
char *tc_client_secret_get(TcClient *client, const char *name) { return tc_client_note_get(client, name); }
int64_t tc_client_now(TcClient *client) { return client->now; }

static TcClient client;
static Accounts *accounts;

static int begin(void **state)
{
    TcError error;
    (void)state;
    client = (TcClient){ g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free), 1000000 };
    accounts = accounts_new(&client, &error);
    assert_non_null(accounts);
    assert_true(account_set(accounts, "sam", "worker", "w-017", "Sam Made-Up", NULL, NULL, GOOD, &error));
    return 0;
}

static int end(void **state)
{
    (void)state;
    accounts_free(accounts);
    g_hash_table_unref(client.notes);
    return 0;
}

static AccountAnswer sign_in(const char *name, const char *password)
{
    const Account *account = NULL;
    AccountAnswer answer = account_sign_in(accounts, name, password, &account);
    assert_true((answer == ACCOUNT_GOOD) == (account != NULL));
    return answer;
}

/* The changes on record, the newest first: "what by what by …". */
static char *changes(void)
{
    json_auto_t *list = record_list(&client, RECORD_ACCOUNTS, 100);
    GString *out = g_string_new("");
    size_t i;
    json_t *entry;
    json_array_foreach (list, i, entry)
        g_string_append_printf(out, "%s %s,", json_string_value(json_object_get(entry, "what")), json_string_value(json_object_get(entry, "by")));
    return g_string_free(out, FALSE);
}

static void test_lock(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(sign_in("sam", "wrong, all wrong"), ACCOUNT_WRONG);
    assert_int_equal(sign_in("sam", GOOD), ACCOUNT_GOOD); /* and counts anew */
    for (int i = 0; i < 4; i++)
        assert_int_equal(sign_in("sam", "wrong, all wrong"), ACCOUNT_WRONG);
    assert_int_equal(sign_in("sam", "wrong, all wrong"), ACCOUNT_LOCKED);
    assert_int_equal(sign_in("sam", GOOD), ACCOUNT_LOCKED);
    client.now += 15 * 60 * (int64_t)G_USEC_PER_SEC;
    assert_int_equal(sign_in("sam", GOOD), ACCOUNT_GOOD);
    assert_int_equal(sign_in("nobody", GOOD), ACCOUNT_WRONG);
    g_autofree char *told = changes();
    assert_string_equal(told, "locked ,added ,");
}

/* Sessions point at an account: it stays where it is whatever becomes of it. */
static void test_changes(void **state)
{
    TcError error;
    (void)state;
    const Account *sam = account_find(accounts, "sam");
    accounts_act(accounts, "kim");
    assert_true(account_set(accounts, "sam", "manager", "w-018", "Samantha Made-Up", "1", "CJIP", BETTER, &error));
    assert_ptr_equal(account_find(accounts, "sam"), sam);
    g_autofree char *tag = account_tag(sam);
    assert_null(strstr(tag, "sam"));
    assert_ptr_equal(account_tagged(accounts, tag), sam);
    assert_null(account_tagged(accounts, "sam"));
    assert_null(account_tagged(accounts, ""));
    assert_int_equal(sam->role, ROLE_MANAGER);
    assert_int_equal(sign_in("sam", GOOD), ACCOUNT_WRONG);
    assert_int_equal(sign_in("sam", BETTER), ACCOUNT_GOOD);
    assert_true(account_close(accounts, sam, true, &error));
    assert_int_equal(sign_in("sam", BETTER), ACCOUNT_WRONG);
    assert_false(account_change_password(accounts, sam, BETTER, GOOD, &error)); /* nor may whoever is still there */
    Accounts *again = accounts_new(&client, &error);
    assert_true(account_find(again, "sam")->closed);
    accounts_free(again);
    assert_true(account_close(accounts, sam, false, &error));
    assert_int_equal(sign_in("sam", BETTER), ACCOUNT_GOOD);
    g_autofree char *told = changes();
    assert_string_equal(told, "opened kim,closed kim,renewed kim,added ,");
}

static void test_password(void **state)
{
    TcError error;
    (void)state;
    const Account *sam = account_find(accounts, "sam");
    accounts_act(accounts, "sam");
    assert_false(account_change_password(accounts, sam, "wrong, all wrong", BETTER, &error));
    assert_string_equal(error.field, "before");
    assert_false(account_change_password(accounts, sam, GOOD, "short", &error));
    assert_string_equal(error.field, "password");
    assert_int_equal(sign_in("sam", GOOD), ACCOUNT_GOOD);
    assert_true(account_change_password(accounts, sam, GOOD, BETTER, &error));
    assert_int_equal(sign_in("sam", GOOD), ACCOUNT_WRONG);
    assert_int_equal(sign_in("sam", BETTER), ACCOUNT_GOOD);
    for (int i = 0; i < 5; i++)
        account_change_password(accounts, sam, "wrong, all wrong", BETTER, &error);
    assert_int_equal(sign_in("sam", BETTER), ACCOUNT_LOCKED); /* no way round the lock */
    g_autofree char *told = changes();
    assert_string_equal(told, "locked sam,password sam,added ,");
}

/* A count that a crash left behind loses no entry. */
static void test_record(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(record_add(&client, "r", json_pack("{s:i}", "n", i)));
    assert_true(tc_client_note_set(&client, "r", "1", NULL));
    assert_true(record_add(&client, "r", json_pack("{s:i}", "n", 3)));
    json_auto_t *list = record_list(&client, "r", 3);
    assert_int_equal(json_array_size(list), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(json_integer_value(json_object_get(json_array_get(list, i), "n")), 3 - (int)i);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(test_lock, begin, end), cmocka_unit_test_setup_teardown(test_changes, begin, end),
                                        cmocka_unit_test_setup_teardown(test_password, begin, end), cmocka_unit_test_setup_teardown(test_record, begin, end) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
