/* An act is its account's, and was sent when all of its messages were. The SDK is played here. */
#include "unit.h"

#include "adapters/worklist/act.h"

#include <stdlib.h>
#include <string.h>

#define ACT "00112233445566778899aabbccddeeff"

static GHashTable *sent, *notes; /* key -> id of its message; note -> text */

bool tc_client_sent(TcClient *client, const char *key, char id[37])
{
    const char *known = g_hash_table_lookup(sent, key);
    (void)client;
    if (known != NULL)
        g_strlcpy(id, known, ACT_ID);
    return known != NULL;
}

char *tc_client_note_get(TcClient *client, const char *name)
{
    const char *text = g_hash_table_lookup(notes, name);
    (void)client;
    return text != NULL ? strdup(text) : NULL;
}

bool tc_client_note_set(TcClient *client, const char *name, const char *text, TcError *error)
{
    (void)client, (void)error;
    g_hash_table_insert(notes, g_strdup(name), g_strdup(text));
    return true;
}

static int begin(void **state)
{
    (void)state;
    sent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return 0;
}

static int end(void **state)
{
    (void)state;
    g_hash_table_unref(sent);
    g_hash_table_unref(notes);
    return 0;
}

static void send_one(const Account *account, size_t message, size_t messages, const char *id) { g_hash_table_insert(sent, act_key(account, ACT, message, messages), g_strdup(id)); }

static void test_all_of_it(void **state)
{
    Account sam = { .name = (char *)"sam" }, kim = { .name = (char *)"kim" };
    Worklist w = { 0 };
    char id[ACT_ID];
    (void)state;
    assert_false(act_sent(&w, &sam, ACT, id));
    send_one(&sam, 0, 2, "the answer");
    assert_false(act_sent(&w, &sam, ACT, id)); /* the appointment is still to go */
    send_one(&sam, 1, 2, "the appointment");
    assert_true(act_sent(&w, &sam, ACT, id));
    assert_string_equal(id, "the answer");
    assert_false(act_sent(&w, &kim, ACT, id));
    send_one(&kim, 0, 1, "another's");
    assert_true(act_sent(&w, &kim, ACT, id));
    assert_string_equal(id, "another's");
}

static void test_took_back(void **state)
{
    Account sam = { .name = (char *)"sam" }, kim = { .name = (char *)"kim" };
    Worklist w = { 0 };
    char id[ACT_ID];
    (void)state;
    act_took_back(&w, &sam, ACT, "what was sent in error");
    assert_true(act_sent(&w, &sam, ACT, id));
    assert_string_equal(id, "what was sent in error");
    assert_false(act_sent(&w, &kim, ACT, id));
}

static void test_names(void **state)
{
    g_autofree char *one = act_new(), *other = act_new();
    (void)state;
    assert_true(act_known(one) && act_known(other) && strcmp(one, other) != 0);
    assert_false(act_known("") || act_known("../../x") || act_known("0123x") || act_known("ABC"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(test_all_of_it, begin, end), cmocka_unit_test_setup_teardown(test_took_back, begin, end), cmocka_unit_test(test_names) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
