/* Who was answerable is asked of the broker when a page shows it, and what is shown meanwhile is called old when it is. The SDK and the clock are played here. */
#include "unit.h"

#include "adapters/worklist/answerable.h"

static gint64 now = G_TIME_SPAN_HOUR;
static int asked;
static TcTraceDone answer;
static void *whose;

gint64 __wrap_g_get_monotonic_time(void);
gint64 __wrap_g_get_monotonic_time(void) { return now; }

void __wrap_tc_client_answerable(TcClient *client, const char *conversation, TcTraceDone done, void *ctx);
void __wrap_tc_client_answerable(TcClient *client, const char *conversation, TcTraceDone done, void *ctx)
{
    (void)client, (void)conversation;
    asked++;
    answer = done;
    whose = ctx;
}

static void answers(const char *coordinator) { answer(whose, json_pack("[{s:s}]", "coordinator", coordinator), NULL); }

static const char *coordinator(Answerables *answerables, const Case *it)
{
    return case_text(json_array_get(answerables_rows(answerables, it), 0), "coordinator");
}

static void test_asks_and_says_so(void **state)
{
    Answerables *answerables = answerables_new(NULL);
    json_auto_t *rows = json_array();
    const Case it = { .conversation = (char *)"c", .rows = rows };
    (void)state;
    assert_true(answerables_checking(answerables, &it));
    assert_null(answerables_rows(answerables, &it));
    assert_true(answerables_checking(answerables, &it));
    answers("carat");
    assert_string_equal(coordinator(answerables, &it), "carat");
    assert_false(answerables_checking(answerables, &it));
    assert_int_equal(asked, 1);
    now += 11 * G_TIME_SPAN_SECOND; /* asked again, and likely right */
    assert_string_equal(coordinator(answerables, &it), "carat");
    assert_int_equal(asked, 2);
    assert_false(answerables_checking(answerables, &it));
    now += G_TIME_SPAN_MINUTE; /* the broker is slow */
    assert_string_equal(coordinator(answerables, &it), "carat");
    assert_true(answerables_checking(answerables, &it));
    answers("cjip");
    assert_string_equal(coordinator(answerables, &it), "cjip");
    assert_false(answerables_checking(answerables, &it));
    answerables_free(answerables);
}

static void test_prepares_for_a_list(void **state)
{
    Answerables *answerables = answerables_new(NULL);
    json_auto_t *rows = json_array();
    const Case it = { .conversation = (char *)"c", .rows = rows };
    (void)state;
    asked = 0;
    for (int i = 0; i < 3; i++)
        answerables_prepare(answerables, &it);
    assert_int_equal(asked, 1);
    answers("carat");
    now += 9 * G_TIME_SPAN_MINUTE;
    answerables_prepare(answerables, &it);
    assert_int_equal(asked, 1);
    now += 2 * G_TIME_SPAN_MINUTE;
    answerables_prepare(answerables, &it);
    assert_int_equal(asked, 2);
    answerables_free(answerables);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_asks_and_says_so), cmocka_unit_test(test_prepares_for_a_list) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
