/* Names that are opened between the pages: each once, those that cannot be read again when something changed, nothing that is about nobody; and
 * whose name stands for what cannot be read. And lists: their order and their pages. The client is played. */
#include "unit.h"

#include "adapters/worklist/caseload.h"
#include "adapters/worklist/listing.h"

#include <string.h>

static json_t *inbox;     /* what there is: [{ "conversation", "rows" }] */
static GHashTable *names; /* a message that can be opened -> the surname in it */
static GHashTable *notes;
static int tries;

static json_t *find_in(const char *conversation)
{
    size_t i;
    json_t *each;
    json_array_foreach (inbox, i, each)
        if (strcmp(case_text(each, "conversation"), conversation) == 0)
            return json_object_get(each, "rows");
    return NULL;
}

json_t *tc_client_message(TcClient *client, const char *message, TcError *error)
{
    const char *surname = g_hash_table_lookup(names, message);
    (void)client, (void)error;
    tries++;
    return surname != NULL ? json_pack("{s:{s:{s:{s:s, s:s, s:s}}}}", "parts", "minimum", "person", "surname", surname, "forenames", "Made", "date_of_birth", "1997-02-03") : json_object();
}

json_t *tc_client_conversation(TcClient *client, const char *conversation, TcError *error) { return (void)client, (void)error, json_deep_copy(find_in(conversation)); }
json_t *tc_client_inbox(TcClient *client, const json_t *filter, TcError *error) { return (void)client, (void)filter, (void)error, json_incref(inbox); }
char *tc_client_note_get(TcClient *client, const char *name) { return (void)client, g_strdup(g_hash_table_lookup(notes, name)); } /* GLib's allocator is malloc's */
bool tc_client_note_set(TcClient *client, const char *name, const char *text, TcError *error)
{
    (void)client, (void)error;
    return text != NULL ? g_hash_table_replace(notes, g_strdup(name), g_strdup(text)) : g_hash_table_remove(notes, name), true;
}
int64_t tc_client_now(TcClient *client) { return (void)client, 1764000000000000; }

static int begin(void **state)
{
    (void)state;
    inbox = json_array();
    names = g_hash_table_new(g_str_hash, g_str_equal);
    notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    tries = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    json_decref(inbox);
    g_hash_table_unref(names);
    g_hash_table_unref(notes);
    return 0;
}

/* surname: NULL: it cannot be read. */
static void add_about(const char *conversation, const char *about, const char *kind, const char *surname)
{
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:s}", "row", "message", "kind", kind, "id", conversation, "direction", "in", "waiting", true, "opened", false, "versions", 1, "at",
                            "2026-11-25T10:00:00Z");
    if (*about != '\0')
        json_object_set_new(row, "about", json_string(about));
    json_array_append_new(inbox, json_pack("{s:s, s:[o]}", "conversation", conversation, "rows", row));
    if (surname != NULL)
        g_hash_table_insert(names, (char *)conversation, (char *)surname);
}

static void add(const char *conversation, const char *kind, const char *surname) { add_about(conversation, "", kind, surname); }

static const char *name_of(Caseload *caseload, const char *conversation) { return caseload_find(caseload, conversation)->name; }

static void test_open(void **state)
{
    (void)state;
    add("1", "referral", "Ash");
    add("2", "referral", NULL);
    add("3", "availability", "Nobody");
    add("4", "figures", "Nobody");
    Caseload *caseload = caseload_new(NULL, "here");
    assert_true(caseload_is_opening(caseload));
    assert_int_equal(tries, 0);
    assert_true(caseload_open_some(caseload, 1));
    assert_false(caseload_open_some(caseload, 10));
    assert_false(caseload_is_opening(caseload));
    assert_int_equal(tries, 2);
    assert_string_equal(name_of(caseload, "1"), "Made Ash");
    assert_null(name_of(caseload, "2"));
    case_open(caseload, caseload_find(caseload, "3"));
    assert_int_equal(tries, 2);

    g_hash_table_insert(names, (char *)"2", (char *)"Birch"); /* its keys came */
    assert_false(caseload_open_some(caseload, 10));
    assert_null(name_of(caseload, "2"));
    caseload_refresh(caseload, "2");
    caseload_refresh(caseload, "1");
    assert_true(caseload_is_opening(caseload));
    assert_false(caseload_open_some(caseload, 10));
    assert_string_equal(name_of(caseload, "2"), "Made Birch");
    assert_int_equal(tries, 3); /* the other was open */
    caseload_free(caseload);
}

/* Whatever the order in which they come. */
static void test_about(void **state)
{
    (void)state;
    add_about("3", "2", "progress", NULL);
    add_about("2", "1", "referral", NULL);
    add("1", "release_notification", "Ash");
    add_about("4", "nowhere", "progress", NULL);
    add("5", "referral", NULL);
    Caseload *caseload = caseload_new(NULL, "here");
    while (caseload_open_some(caseload, 1))
        ;
    for (const char *each = "123"; *each != '\0'; each++) {
        const char conversation[] = { *each, '\0' };
        const Case *it = caseload_find(caseload, conversation);
        assert_string_equal(it->name, "Made Ash");
        assert_string_equal(it->by_name, "ash\tmade");
        assert_string_equal(it->born, "1997-02-03");
        assert_true(it->looked == (*each == '1') && (it->numbers != NULL) == it->looked);
    }
    assert_null(name_of(caseload, "4"));
    assert_null(name_of(caseload, "5"));

    caseload_refresh(caseload, "3");
    assert_string_equal(name_of(caseload, "3"), "Made Ash"); /* at once */
    g_hash_table_insert(names, (char *)"2", (char *)"Ash-Birch"); /* its keys came: what it says itself counts, also for what is about it */
    caseload_refresh(caseload, "2");
    while (caseload_open_some(caseload, 1))
        ;
    assert_string_equal(name_of(caseload, "1"), "Made Ash");
    assert_string_equal(name_of(caseload, "2"), "Made Ash-Birch");
    assert_string_equal(name_of(caseload, "3"), "Made Ash-Birch");
    caseload_free(caseload);
}

static json_t *doubt(const char *step)
{
    return strcmp(step, "merge") == 0 ? json_pack("{s:s, s:s, s:s, s:s, s:{s:s}}", "row", "message", "kind", "merge", "id", "m", "direction", "out", "merge", "verdict", "two_clients")
                                      : json_pack("{s:s, s:s, s:s}", "row", "evidence", "step", step, "at", "2026-11-25T10:00:00Z");
}

/* Where one of the two may be another client's, no name is guessed, and one that was taken over is gone. */
static void test_doubt(void **state)
{
    static const char *const doubts[] = { "merge", "clients_parted", "possible_match" };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(doubts); i++)
        for (int of = 0; of < 2; of++) {
            const char *doubted = of == 0 ? "1" : "2";
            json_array_clear(inbox);
            add("1", "referral", "Ash");
            add_about("2", "1", "progress", NULL);
            Caseload *caseload = caseload_new(NULL, "here");
            assert_false(caseload_open_some(caseload, 10));
            assert_string_equal(name_of(caseload, "2"), "Made Ash");
            json_array_append_new(find_in(doubted), doubt(doubts[i]));
            caseload_refresh(caseload, doubted);
            assert_false(caseload_open_some(caseload, 10));
            if (name_of(caseload, "2") != NULL || strcmp(name_of(caseload, "1"), "Made Ash") != 0)
                fail_msg("%s in %s: the other is called %s", doubts[i], doubted, name_of(caseload, "2"));
            caseload_free(caseload);
        }
}

/* The conversations of one page of a list, two on a page: of all there are, and of those that a filter leaves, which are the same here. */
static void expect_page(const Caseload *caseload, CaseList list, FilterSort sort, guint page, const char *conversations)
{
    static const char *const kinds[] = { "", "referral" };
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        Moment moment = moment_of(0);
        Filter filter = { .show = "", .kind = kinds[k], .urgency = "", .with = "", .worker = "", .sort = sort, .page = page };
        g_auto(Listing) listing = listing_find(caseload, list, &filter, &moment, 2);
        g_autoptr(GString) order = g_string_new("");
        for (guint i = 0; i < listing.cases->len; i++)
            g_string_append(order, ((Case *)listing.cases->pdata[i])->conversation);
        if (strcmp(order->str, conversations) != 0 || listing.count != 3 || listing.pages != 2 || listing.page != MIN(page, 2))
            fail_msg("list %d in order %d, kind \"%s\": page %u, which is %u of %u, has %s and not %s, of %u", list, sort, kinds[k], page, listing.page, listing.pages, order->str, conversations, listing.count);
    }
}

/* What is on the first page, and what on the second, which is the last: a page beyond is the last one. */
static void expect_order(const Caseload *caseload, CaseList list, FilterSort sort, const char *first, const char *second)
{
    expect_page(caseload, list, sort, 1, first);
    expect_page(caseload, list, sort, 2, second);
    expect_page(caseload, list, sort, 9, second);
}

/* A list by surname opens nothing: who is not open yet comes last, in the order of the list. */
static void test_sort(void **state)
{
    (void)state;
    add("1", "referral", "Cedar");
    add("2", "referral", "Birch");
    add("3", "referral", "Ash");
    Caseload *caseload = caseload_new(NULL, "here");
    caseload_open_some(caseload, 2);
    expect_order(caseload, CASES_WAITING, SORT_NAME, "21", "3");
    assert_int_equal(tries, 2);
    caseload_open_some(caseload, 1);
    expect_order(caseload, CASES_WAITING, SORT_NAME, "32", "1");
    caseload_free(caseload);
}

/* When it came or was sent, and by when an answer is due, from here or from others; news waits for none. */
static void timed(CaseList list, const char *conversation, const char *at, const char *due)
{
    add(conversation, "referral", NULL);
    json_t *row = json_array_get(find_in(conversation), 0);
    json_object_set_new(row, "at", json_string(at));
    json_object_set_new(row, list == CASES_SENT ? "answer_by" : "due_at", json_string(due));
    json_object_set_new(row, "waiting", json_boolean(list == CASES_WAITING));
    if (list == CASES_SENT)
        json_object_update_new(row, json_pack("{s:s, s:s}", "direction", "out", "state", "asked"));
}

/* What waits for an answer from here or from others is in the order in which it is due, news the newest first; and in another order when somebody asks for that. */
static void test_times(void **state)
{
    static const struct { CaseList list; const char *first, *second; } as_it_is[] = { { CASES_WAITING, "21", "3" }, { CASES_SENT, "21", "3" }, { CASES_NEWS, "13", "2" } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(as_it_is); i++) {
        CaseList list = as_it_is[i].list;
        json_array_clear(inbox);
        timed(list, "1", "2026-11-25T10:00:00Z", "2026-11-27T10:00:00Z");
        timed(list, "2", "2026-11-23T10:00:00Z", "2026-11-26T10:00:00Z");
        timed(list, "3", "2026-11-24T10:00:00Z", "2026-11-28T10:00:00Z");
        Caseload *caseload = caseload_new(NULL, "here");
        expect_order(caseload, list, SORT_SOONEST, as_it_is[i].first, as_it_is[i].second);
        expect_order(caseload, list, SORT_OLDEST, "23", "1");
        expect_order(caseload, list, SORT_NEWEST, "13", "2");
        caseload_free(caseload);
    }
}

/* Whose it is now, by whose word and since when; given back to whoever the messages name, it is as if nobody had. */
static void test_is_given_to_another(void **state)
{
    (void)state;
    TcError error;
    int64_t at;
    add("one", "referral", "Ash");
    Caseload *caseload = caseload_new(NULL, "cjip");
    assert_null(caseload_moved(caseload, "one", &at));
    assert_true(caseload_assign(caseload, "one", "w-021", "w-001", &error));
    assert_string_equal(caseload_find(caseload, "one")->worker, "w-021");
    g_autofree char *by = caseload_moved(caseload, "one", &at);
    assert_string_equal(by, "w-001");
    assert_int_equal(at, 1764000000000000);
    assert_true(caseload_assign(caseload, "one", "", "w-001", &error));
    assert_null(caseload_moved(caseload, "one", &at));
    assert_string_equal(caseload_find(caseload, "one")->worker, "");
    caseload_free(caseload);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(test_open, begin, end), cmocka_unit_test_setup_teardown(test_about, begin, end),
                                        cmocka_unit_test_setup_teardown(test_doubt, begin, end), cmocka_unit_test_setup_teardown(test_sort, begin, end),
                                        cmocka_unit_test_setup_teardown(test_times, begin, end), cmocka_unit_test_setup_teardown(test_is_given_to_another, begin, end) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
