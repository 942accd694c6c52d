/* Sessions: found by their token alone, ended by time, never more than there is room for. */
#include "unit.h"

#include "adapters/worklist/session.h"

#include <sodium.h>
#include <string.h>

static const Account account = { .name = (char *)"sam" };

static void test_time(void **state)
{
    (void)state;
    Sessions *sessions = sessions_new();
    Session *session = session_begin(sessions, &account, 1000);
    char token[65];
    memcpy(token, session->token, sizeof token);
    assert_ptr_equal(session_find(sessions, token, 1000 + SESSION_IDLE), session);
    assert_ptr_equal(session_find(sessions, token, 1000 + 2 * SESSION_IDLE), session); /* used between */
    assert_null(session_find(sessions, token, 1001 + 3 * SESSION_IDLE));
    assert_null(session_find(sessions, token, 1002 + 3 * SESSION_IDLE));               /* ended for good */
    assert_ptr_equal(session_ended(sessions, token, 1002 + 3 * SESSION_IDLE), session); /* but for what was typed */
    assert_null(session_ended(sessions, token, 100 * SESSION_WHOLE));
    session = session_begin(sessions, &account, 0);
    memcpy(token, session->token, sizeof token);
    for (gint64 now = 0; now <= SESSION_WHOLE; now += SESSION_IDLE)
        assert_non_null(session_find(sessions, token, now));
    assert_null(session_find(sessions, token, SESSION_WHOLE + 1));
    sessions_free(sessions);
}

static void test_late(void **state)
{
    (void)state;
    Sessions *sessions = sessions_new();
    Session *session = session_begin(sessions, &account, 0);
    assert_null(session_ended(sessions, session->token, SESSION_IDLE)); /* still good */
    session_late(session, "/say/x");
    session_late(session, "/say/y");
    assert_string_equal(session->path, "/say/y");
    session_late(session, NULL);
    assert_null(session->path);
    char token[65];
    memcpy(token, session->token, sizeof token);
    session_end(sessions, session);
    assert_null(session_ended(sessions, token, 2 * SESSION_IDLE)); /* signed out: nothing is remembered */
    sessions_free(sessions);
}

static void test_look(void **state)
{
    (void)state;
    Sessions *sessions = sessions_new();
    Session *session = session_begin(sessions, &account, 0);
    char token[65];
    memcpy(token, session->token, sizeof token);
    assert_int_equal(session_until(session), SESSION_IDLE);
    assert_ptr_equal(session_look(sessions, token, SESSION_IDLE), session);
    assert_null(session_look(sessions, token, SESSION_IDLE + 1)); /* looking on did not keep it alive */
    assert_null(session_find(sessions, token, SESSION_IDLE + 1));
    sessions_free(sessions);
}

static void test_others(void **state)
{
    static const Account other = { .name = (char *)"kim" };
    (void)state;
    Sessions *sessions = sessions_new();
    Session *here = session_begin(sessions, &account, 0), *kim = session_begin(sessions, &other, 0);
    char elsewhere[65];
    memcpy(elsewhere, session_begin(sessions, &account, 0)->token, sizeof elsewhere);
    session_end_others(sessions, &account, here);
    assert_null(session_find(sessions, elsewhere, 1));
    assert_ptr_equal(session_find(sessions, here->token, 1), here);
    assert_ptr_equal(session_find(sessions, kim->token, 1), kim);
    session_end_others(sessions, &account, NULL);
    assert_ptr_equal(session_find(sessions, kim->token, 1), kim);
    sessions_free(sessions);
}

static void test_tokens(void **state)
{
    (void)state;
    Sessions *sessions = sessions_new();
    Session *one = session_begin(sessions, &account, 0), *two = session_begin(sessions, &account, 0);
    assert_string_not_equal(one->token, two->token);
    assert_string_not_equal(one->csrf, one->token);
    assert_true(session_csrf_right(one, one->csrf));
    assert_false(session_csrf_right(one, two->csrf));
    assert_false(session_csrf_right(one, ""));
    assert_false(session_csrf_right(one, NULL));
    assert_null(session_find(sessions, NULL, 0));
    assert_null(session_find(sessions, "", 0));
    session_end(sessions, one);
    assert_non_null(session_find(sessions, two->token, 0));
    sessions_free(sessions);
}

static void test_room(void **state)
{
    (void)state;
    Sessions *sessions = sessions_new();
    char first[65], last[65];
    memcpy(first, session_begin(sessions, &account, 0)->token, sizeof first);
    for (int i = 1; i <= 3000; i++)
        memcpy(last, session_begin(sessions, &account, i)->token, sizeof last);
    assert_null(session_find(sessions, first, 3000));
    assert_non_null(session_find(sessions, last, 3000));
    sessions_free(sessions);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_time), cmocka_unit_test(test_look), cmocka_unit_test(test_others), cmocka_unit_test(test_tokens), cmocka_unit_test(test_late), cmocka_unit_test(test_room) };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
