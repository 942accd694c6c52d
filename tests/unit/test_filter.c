/* What an address asks for, whom it leaves out, what is late, and the address that is written back. */
#include "unit.h"

#include "adapters/worklist/filter.h"

#include <string.h>

static const int64_t wednesday = 1795600000 * (int64_t)G_USEC_PER_SEC, autumn_day = 1792908000 * (int64_t)G_USEC_PER_SEC; /* 25 November and 25 October 2026 */

static GHashTable *query_of(const char *words)
{
    GHashTable *query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) each = g_strsplit(words, "&", -1);
    for (size_t i = 0; each[i] != NULL; i++) {
        g_auto(GStrv) both = g_strsplit(each[i], "=", 2);
        if (both[0] != NULL && both[1] != NULL)
            g_hash_table_insert(query, g_strdup(both[0]), g_strdup(both[1]));
    }
    return query;
}

/* An address asked for, and the same one written back: what means nothing is gone. */
static const struct { const char *asked, *name, *value, *written; } addresses[] = {
    { "", "page", "", "/" }, { "kind=referral", "page", "", "/?kind=referral" }, { "show=waiting&late=yes&page=3", "page", "4", "/?show=waiting&late=yes&page=4" },
    { "show=waiting&kind=referral&page=3", "kind", "", "/?show=waiting" }, { "show=nonsense&sort=upwards", "page", "", "/" }, { "sort=oldest&worker=w-017", "late", "yes", "/?worker=w-017&late=yes&sort=oldest" },
    { "worker=<script>&with=a b&urgency=\"x\"", "page", "", "/" }, { "named=no&show=out", "named", "", "/?show=out" }, { "late=maybe", "page", "", "/" },
    { "kind=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "page", "", "/" }, { "show=open", "page", "", "/?show=open" }, { "show=refused", "page", "", "/" }, { "sort=name&show=sent", "page", "", "/?show=sent&sort=name" },
};

static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
        g_autoptr(GHashTable) query = query_of(addresses[i].asked);
        Filter filter = filter_read(query);
        g_autofree char *written = filter_address(&filter, addresses[i].name, addresses[i].value);
        assert_string_equal(written, addresses[i].written);
    }
}

static void test_pages(void **state)
{
    static const struct { const char *asked; guint page; } pages[] = { { "", 1 }, { "page=7", 7 }, { "page=0", 1 }, { "page=-3", 100000 }, { "page=99999999999999999999", 100000 }, { "page=x", 1 } };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autoptr(GHashTable) query = query_of(pages[i].asked);
        assert_int_equal(filter_read(query).page, pages[i].page);
    }
}

static const struct { const char *asked; bool fits; } held[] = {
    { "", true }, { "kind=referral", true }, { "kind=dose_request", false }, { "urgency=rapid", true }, { "urgency=routine", false }, { "with=arrest", true }, { "with=carat", false },
    { "worker=w-017", true }, { "worker=w-018", false }, { "worker=mine", true }, { "worker=nobody", false }, { "late=yes", true }, { "named=no", false }, { "kind=referral&with=carat", false },
};

static void test_fits(void **state)
{
    char none[] = "", mine[] = "w-017";
    Case it = { .conversation = none, .kind = "referral", .state = "asked", .worker = "w-017", .facts = { .urgency = "rapid", .other = "arrest" } };
    Moment moment = moment_of(wednesday);
    g_autoptr(GPtrArray) refs = g_ptr_array_new();
    (void)state;
    g_ptr_array_add(refs, mine);
    it.key[CASES_WAITING] = moment.now - 1;
    for (size_t i = 0; i < G_N_ELEMENTS(held); i++) {
        g_autoptr(GHashTable) query = query_of(held[i].asked);
        Filter filter = filter_read(query);
        filter.mine = refs;
        if (filter_fits(&filter, &it, CASES_WAITING, &moment) != held[i].fits)
            fail_msg("%s", held[i].asked);
        assert_int_equal(filter_narrows(&filter), held[i].asked[0] != '\0');
    }
}

/* Minutes from now (or from the day's beginning), a state, and whether that is late in a list. */
static const struct { CaseList list; bool from_day; int minutes; const char *state; bool late; } lateness[] = {
    { CASES_WAITING, false, -1, "asked", true }, { CASES_WAITING, false, 1, "asked", false }, { CASES_SENT, false, -1, "asked", true }, { CASES_BOOKED, false, 30, "booked", false },
    { CASES_BOOKED, false, -30, "booked", true }, { CASES_OUT, true, 600, "open", true }, { CASES_OUT, true, 600, "cannot", true }, { CASES_OUT, true, 600, "named", false },
    { CASES_OUT, true, 1439, "open", true }, { CASES_OUT, true, -60, "open", true }, { CASES_OUT, true, 2040, "open", false }, { CASES_MISSED, true, 5, "missed", false }, { CASES_MISSED, true, -5, "missed", true }, { CASES_MATCHES, false, -60, "asked", false },
};

static void test_late(void **state)
{
    Moment moment = moment_of(wednesday);
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lateness); i++) {
        Case it = { .state = lateness[i].state };
        it.key[lateness[i].list] = (lateness[i].from_day ? moment.day_begins : moment.now) + lateness[i].minutes * G_TIME_SPAN_MINUTE;
        int64_t since = filter_late_since(&it, lateness[i].list, &moment);
        if ((since != 0) != lateness[i].late)
            fail_msg("lateness %zu", i);
        if (since > moment.now)
            fail_msg("late since a time to come: %zu", i);
    }
}

/* London's days: one of 25 hours when summer time ends. */
static void test_days(void **state)
{
    (void)state;
    Moment usual = moment_of(wednesday), autumn = moment_of(autumn_day);
    assert_true(usual.day_ends - usual.day_begins == G_TIME_SPAN_DAY && usual.week_ends - usual.day_begins == 8 * G_TIME_SPAN_DAY);
    assert_true(autumn.day_ends - autumn.day_begins == 25 * G_TIME_SPAN_HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_addresses), cmocka_unit_test(test_pages), cmocka_unit_test(test_fits), cmocka_unit_test(test_late), cmocka_unit_test(test_days) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
