/* What a page opens is opened once for it, and not kept for the next: what is said of a client may change between them. The client is played here. */
#include "unit.h"

#include "adapters/worklist/worklist.h"

#include <string.h>

static int opened;

json_t *tc_client_message(TcClient *client, const char *message, TcError *error)
{
    (void)client, (void)error;
    return strcmp(message, "closed") == 0 ? (opened++, NULL) : json_pack("{s:s, s:i}", "id", message, "number", ++opened);
}

const char *case_text(const json_t *row, const char *name) { return json_string_value(json_object_get(row, name)); }
const Account *account_of_worker(const Accounts *accounts, const char *worker) { return (void)accounts, (void)worker, NULL; }

static int number_of(const Worklist *worklist, const char *id)
{
    json_auto_t *message = worklist_message(worklist, id);
    return (int)json_integer_value(json_object_get(message, "number"));
}

static void test_once_a_page(void **state)
{
    Worklist worklist = { 0 };
    (void)state;
    opened = 0;
    worklist_begin_page(&worklist);
    assert_int_equal(number_of(&worklist, "one"), 1);
    assert_int_equal(number_of(&worklist, "two"), 2);
    assert_int_equal(number_of(&worklist, "one"), 1);
    worklist_end_page(&worklist);
    worklist_begin_page(&worklist);
    assert_int_equal(number_of(&worklist, "one"), 3);
    worklist_end_page(&worklist);
}

/* Keys may come at any time; and what somebody does is never done with what was opened before. */
static void test_not_kept(void **state)
{
    Worklist worklist = { 0 };
    (void)state;
    opened = 0;
    worklist_begin_page(&worklist);
    assert_null(worklist_message(&worklist, "closed"));
    assert_null(worklist_message(&worklist, "closed"));
    assert_int_equal(opened, 2);
    worklist_end_page(&worklist);
    assert_int_equal(number_of(&worklist, "one"), 3);
    assert_int_equal(number_of(&worklist, "one"), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_once_a_page), cmocka_unit_test(test_not_kept) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
