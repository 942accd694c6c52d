/* Break-glass: of whom a reason is asked, and of whom never. */
#include "unit.h"

#include "adapters/worklist/reason.h"

#include <string.h>

static const int64_t day = 24 * 60 * 60 * (int64_t)G_USEC_PER_SEC;
static const int64_t now = 1794700800 * (int64_t)G_USEC_PER_SEC; /* 2026-11-15T00:00:00Z */

typedef struct Row { const char *what; AccountRole role; const char *rows; ReasonNeed need; } Row;

#define RECENT "2026-11-10T10:00:00Z"
#define LONG_AGO "2026-09-01T10:00:00Z"

static const Row rows[] = {
    { "work at hand", ROLE_WORKER, "[{'row':'message','at':'" RECENT "'}]", REASON_NONE },
    { "work at hand, by somebody who only reads", ROLE_READER, "[{'row':'message','at':'" RECENT "'}]", REASON_NONE },
    { "information governance, always", ROLE_GOVERNANCE, "[{'row':'message','at':'" RECENT "','opened_by':'w-017'}]", REASON_GOVERNANCE },
    { "long over, a stranger", ROLE_WORKER, "[{'row':'message','at':'" LONG_AGO "'}]", REASON_OVER },
    { "long over, a manager is no exception", ROLE_MANAGER, "[{'row':'message','at':'" LONG_AGO "'}]", REASON_OVER },
    { "long over, but this worker opened it", ROLE_WORKER, "[{'row':'message','at':'" LONG_AGO "','opened_by':'w-017'}]", REASON_NONE },
    { "long over, but this worker answered", ROLE_WORKER, "[{'row':'message','at':'" LONG_AGO "','direction':'out','worker':'w-017'}]", REASON_NONE },
    { "long over, and a worker of the same reference elsewhere", ROLE_WORKER, "[{'row':'message','at':'" LONG_AGO "','direction':'in','worker':'w-017'}]", REASON_OVER },
    { "long over, but this worker is named", ROLE_WORKER, "[{'row':'message','at':'" LONG_AGO "','release_answer':{'named_worker':'w-017'}}]", REASON_NONE },
    { "begun long ago, but not over", ROLE_WORKER, "[{'row':'message','at':'" LONG_AGO "'},{'row':'evidence','at':'" RECENT "'}]", REASON_NONE },
    { "no consent, even for who works with them", ROLE_WORKER, "[{'row':'message','at':'" RECENT "','opened_by':'w-017'},{'row':'message','kind':'consent','consent':{'state':'withdrawn'},'at':'" RECENT "'}]",
      REASON_CONSENT },
    { "no consent, as the broker told", ROLE_READER, "[{'row':'message','at':'" RECENT "'},{'row':'evidence','step':'consent_changed','consent':{'state':'refused'},'at':'" RECENT "'}]", REASON_CONSENT },
    { "consent given again", ROLE_WORKER, "[{'row':'message','kind':'consent','consent':{'state':'refused'},'at':'" RECENT "'},{'row':'evidence','step':'consent_changed','consent':{'state':'given'},'at':'" RECENT "'}]",
      REASON_NONE },
};

static void test_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Account account = { .name = (char *)"sam", .worker = (char *)"w-017", .role = rows[i].role };
        g_autofree char *text = g_strdelimit(g_strdup(rows[i].rows), "'", '"');
        Case it = { .conversation = (char *)"c", .rows = json_loads(text, 0, NULL) };
        assert_non_null(it.rows);
        if (reason_need(&account, &it, now) != rows[i].need)
            fail_msg("%s: %d", rows[i].what, reason_need(&account, &it, now));
        json_decref(it.rows);
    }
}

/* Four weeks to the microsecond; what waits for an answer is never over. */
static void test_edges(void **state)
{
    (void)state;
    const Account account = { .name = (char *)"sam", .worker = (char *)"w-017", .role = ROLE_WORKER };
    Case it = { .conversation = (char *)"c", .rows = json_loads("[{\"row\":\"message\",\"at\":\"2026-11-15T00:00:00Z\"}]", 0, NULL) };
    assert_int_equal(reason_need(&account, &it, now + REASON_OVER_DAYS * day), REASON_NONE);
    assert_int_equal(reason_need(&account, &it, now + REASON_OVER_DAYS * day + 1), REASON_OVER);
    it.waiting = json_array_get(it.rows, 0);
    assert_int_equal(reason_need(&account, &it, now + 2 * REASON_OVER_DAYS * day), REASON_NONE);
    json_decref(it.rows);
    assert_string_equal(reason_code(REASON_CONSENT), "consent");
    assert_true(strlen(reason_words(REASON_OVER)) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_edges) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
