/* Which conversations are about one client, whose record a page then shows; and what of a message may still be taken back. The caseload is played here. */
#include "unit.h"

#include "adapters/worklist/client.h"
#include "adapters/worklist/field.h"
#include "adapters/worklist/kin.h"

static Kin *kin;
static GPtrArray *everybody;

GPtrArray *caseload_near(const Caseload *caseload, const Case *it)
{
    GPtrArray *found = g_ptr_array_new();
    (void)caseload;
    kin_near(kin, it, found);
    return found;
}

Case *caseload_find(Caseload *caseload, const char *conversation)
{
    (void)caseload;
    for (guint i = 0; i < everybody->len; i++)
        if (strcmp(((Case *)everybody->pdata[i])->conversation, conversation) == 0)
            return everybody->pdata[i];
    return NULL;
}

void caseload_each(const Caseload *caseload, void (*visit)(void *ctx, const Case *it), void *ctx)
{
    (void)caseload;
    for (guint i = 0; i < everybody->len; i++)
        visit(ctx, everybody->pdata[i]);
}

void case_open(Caseload *caseload, Case *it) { (void)caseload, (void)it; }
json_t *worklist_message(const Worklist *worklist, const char *id) { return (void)worklist, (void)id, NULL; }
char *worklist_worker_said(const Worklist *worklist, const char *reference) { return (void)worklist, g_strdup(reference); }
json_t *field_get(const json_t *message, const char *path) { return (void)message, (void)path, NULL; } /* nothing is read of messages here */
void field_put(json_t *message, const char *path, json_t *value) { (void)message, (void)path, json_decref(value); }

static int begin(void **state)
{
    (void)state;
    kin = kin_new();
    everybody = g_ptr_array_new_with_free_func((GDestroyNotify)case_free);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kin_free(kin);
    g_ptr_array_unref(everybody);
    return 0;
}

/* more: rows beside its first message, taken. */
static Case *add(const char *conversation, const char *about, const char *born, const char *number, json_t *more)
{
    json_t *rows = json_pack("[{s:s, s:s, s:s, s:s, s:s, s:i}]", "row", "message", "kind", "referral", "id", conversation, "direction", "out", "about", about, "versions", 1);
    json_auto_t *person = json_pack("{s:s, s:s, s:s, s:s}", "surname", "Made-Up", "forenames", conversation, "date_of_birth", born, "nhs_number", number);
    json_array_extend(rows, more);
    json_decref(more);
    Case *it = case_new(conversation, rows, NULL);
    case_know(it, person);
    g_ptr_array_add(everybody, it);
    kin_add(kin, it);
    return it;
}

static json_t *merge_row(const char *other, const char *verdict)
{
    return json_pack("[{s:s, s:s, s:s, s:{s:s, s:s}}]", "row", "message", "kind", "merge", "id", "a-merge", "merge", "other", other, "verdict", verdict);
}

static bool are_one(Case *a, Case *b)
{
    g_autoptr(GPtrArray) of_a = client_cases(&(Worklist){ 0 }, a), of_b = client_cases(&(Worklist){ 0 }, b);
    assert_ptr_equal(of_a->pdata[0], a);
    bool one = g_ptr_array_find(of_a, b, NULL);
    assert_true(one == g_ptr_array_find(of_b, a, NULL));
    return one;
}

/* A number alone does not make two people one, and neither does a birthday. */
static void test_by_themselves(void **state)
{
    (void)state;
    Case *one = add("a", "", "1997-02-03", "9434765919", NULL), *same = add("b", "", "1997-02-03", "943 476 5919", NULL), *older = add("c", "", "1968-02-03", "9434765919", NULL),
         *other = add("d", "", "1997-02-03", "9434765870", NULL), *arose = add("e", "a", "", "", NULL), *stranger = add("f", "", "", "", NULL);
    assert_true(are_one(one, same));
    assert_true(are_one(one, arose) && are_one(same, arose)); /* over the one they have in common */
    assert_false(are_one(one, older) || are_one(one, other) || are_one(one, stranger) || are_one(stranger, arose));
}

/* While the broker has said that somebody may be the same, nobody here decides it by a number. */
static void test_possible_match(void **state)
{
    (void)state;
    Case *one = add("a", "", "1997-02-03", "9434765919", NULL);
    Case *other = add("b", "", "1997-02-03", "9434765919", json_pack("[{s:s, s:s, s:s}]", "row", "evidence", "step", "possible_match", "at", "2026-11-25T10:00:00Z"));
    assert_true(other->facts.match_at != 0);
    assert_false(are_one(one, other));
}

static void test_said_by_a_worker(void **state)
{
    (void)state;
    Case *one = add("a", "", "1997-02-03", "9434765919", merge_row("b", "one_client")), *other = add("b", "", "1996-02-03", "9434765870", NULL);
    assert_true(are_one(one, other));
    Case *third = add("c", "a", "1997-02-03", "9434765919", merge_row("a", "two_clients"));
    assert_false(are_one(one, third)); /* whatever else ties them */
}

/* Two whom a worker parted are not one over a third, which belongs to whom it arose from. */
static void test_parted_stay_parted(void **state)
{
    (void)state;
    Case *one = add("a", "", "1997-02-03", "9434765919", merge_row("b", "two_clients")), *other = add("b", "", "1997-02-03", "9434765919", NULL), *arose = add("c", "a", "1997-02-03", "9434765919", NULL);
    assert_false(are_one(one, other));
    assert_true(are_one(one, arose));
    assert_false(are_one(other, arose));
}

static void test_newest_first(void **state)
{
    (void)state;
    Case *middle = add("2", "", "1997-02-03", "9434765919", NULL), *newest = add("3", "", "1997-02-03", "9434765919", NULL), *oldest = add("1", "", "1997-02-03", "9434765919", NULL);
    g_autoptr(GPtrArray) all = client_cases(&(Worklist){ 0 }, middle);
    assert_int_equal(all->len, 3);
    assert_ptr_equal(all->pdata[1], newest);
    assert_ptr_equal(all->pdata[2], oldest);
}

static void test_alike(void **state)
{
    (void)state;
    Case *one = add("a", "", "1997-02-03", "9434765919", NULL), *same = add("b", "", "1997-02-03", "9434765919", NULL), *like = add("c", "", "1960-01-01", "", NULL);
    g_autoptr(GPtrArray) alike = client_alike(&(Worklist){ 0 }, one, 10);
    assert_int_equal(alike->len, 1);
    assert_ptr_equal(alike->pdata[0], like);
    assert_false(g_ptr_array_find(alike, same, NULL));
}

/* By name and birthday, however they are written; nobody that the page leads to anyway, and nobody of whom a worker has said that they are two. */
static void test_perhaps(void **state)
{
    (void)state;
    Worklist none = { 0 };
    Case *one = add("a", "", "1997-02-03", "", NULL), *twin = add("Zoe", "", "1997-02-03", "", NULL), *other_day = add("A", "", "1960-11-30", "", NULL), *slip = add("A c", "", "1997-03-02", "", NULL), *arose = add("A.", "a", "1997-02-03", "", NULL),
         *parted = add("á", "", "1997-02-03", "", merge_row("a", "two_clients")), *like = add("a b", "", "1997-02-03", "9434765919", NULL), *unborn = add("a c", "", "", "", NULL);
    json_auto_t *perhaps = client_perhaps(&none, one), *back = client_perhaps(&none, parted), *nobody = client_perhaps(&none, unborn);
    assert_int_equal(json_array_size(perhaps), 2);
    assert_string_equal(case_text(json_array_get(perhaps, 0), "id"), "a b");
    assert_string_equal(case_text(json_array_get(perhaps, 1), "id"), "A c");
    assert_string_equal(case_text(json_array_get(perhaps, 0), "here"), "a");
    assert_int_equal(json_array_size(back), 1); /* a b: the slip is in a name that is written alike alone; what was said of a holds for what arose from it */
    assert_int_equal(json_array_size(nobody), 0);
    json_auto_t *person = json_pack("{s:s, s:s, s:s}", "surname", "MADE UP", "forenames", "A", "date_of_birth", "1997-02-03"), *stranger = json_pack("{s:s, s:s}", "surname", "Other", "date_of_birth", "1997-02-03");
    json_auto_t *known = client_known_as(&none, person), *unknown = client_known_as(&none, stranger);
    assert_int_equal(json_array_size(known), 3); /* a and what arose from it are one client */
    assert_int_equal(json_array_size(unknown), 0);
    (void)twin, (void)other_day, (void)slip, (void)arose, (void)like;
}

static bool stay(Case *const *wanted, guint count, Case *const *among, guint all)
{
    g_autoptr(GPtrArray) cases = g_ptr_array_new();
    for (guint i = 0; i < all; i++)
        g_ptr_array_add(cases, among[i]);
    g_autoptr(GPtrArray) each = client_each(&(Worklist){ 0 }, cases);
    for (guint i = 0; i < count; i++)
        if (!g_ptr_array_find(each, wanted[i], NULL))
            return false;
    return each->len == count && cases->len == all;
}

/* One name and one birthday hide nobody; what the client's page leads to is not shown twice. */
static void test_each(void **state)
{
    (void)state;
    Case *oldest = add("1", "", "1997-02-03", "9434765919", NULL), *namesake = add("2", "", "1997-02-03", "", NULL), *unborn = add("3", "", "", "", NULL), *unborn_too = add("4", "", "", "", NULL),
         *arose = add("5", "2", "", "", NULL), *newest = add("6", "", "1997-02-03", "9434765919", NULL);
    assert_true(stay((Case *[]){ newest, arose, unborn, unborn_too }, 4, (Case *[]){ oldest, namesake, unborn, unborn_too, arose, newest }, 6));
    assert_true(stay((Case *[]){ oldest, namesake }, 2, (Case *[]){ namesake, oldest }, 2)); /* their newer ones were not asked for */
}

static const struct { const char *direction, *kind, *delivery; bool recalled, may; } messages[] = {
    { "out", "referral", "accepted", false, true }, { "out", "referral", "waiting", false, true }, { "out", "referral", "refused", false, false }, { "in", "referral", "accepted", false, false },
    { "out", "recall", "accepted", false, false },  { "out", "referral", "accepted", true, false },
};

static void test_recall(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        json_t *rows = json_pack("[{s:s, s:s, s:s, s:s, s:s}]", "row", "message", "id", "m", "kind", messages[i].kind, "direction", messages[i].direction, "delivery_state", messages[i].delivery);
        if (messages[i].recalled)
            json_array_append_new(rows, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "row", "message", "id", "r", "kind", "recall", "direction", "out", "delivery_state", "waiting", "in_reply_to", "m"));
        Case *it = case_new("c", rows, NULL);
        assert_int_equal(case_is_recalled(it, "m"), messages[i].recalled);
        assert_int_equal(case_may_recall(it, json_array_get(rows, 0)), messages[i].may);
        case_free(it);
    }
    assert_false(case_may_recall(&(Case){ 0 }, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(test_by_themselves, begin, end), cmocka_unit_test_setup_teardown(test_possible_match, begin, end),
                                        cmocka_unit_test_setup_teardown(test_said_by_a_worker, begin, end), cmocka_unit_test_setup_teardown(test_parted_stay_parted, begin, end), cmocka_unit_test_setup_teardown(test_newest_first, begin, end),
                                        cmocka_unit_test_setup_teardown(test_alike, begin, end), cmocka_unit_test_setup_teardown(test_each, begin, end), cmocka_unit_test_setup_teardown(test_perhaps, begin, end),
                                        cmocka_unit_test(test_recall) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
