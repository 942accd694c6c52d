/* What the rows of a conversation say: whose it is, when it had to be answered and was, what is owed, what nobody has decided. */
#include "unit.h"

#include "adapters/worklist/facts.h"

#include <string.h>

#define REQUEST(direction, kind, state, more) "{\"row\":\"message\",\"direction\":\"" direction "\",\"kind\":\"" kind "\",\"sender\":\"carat\",\"recipient\":\"cjip\",\"worker\":\"c-101\",\"state\":\"" state \
    "\",\"versions\":1,\"at\":\"2026-11-25T09:00:00Z\",\"answer_by\":\"2026-11-25T11:00:00Z\"" more "}"
#define ANSWER(direction, worker) "{\"row\":\"message\",\"direction\":\"" direction "\",\"kind\":\"release_answer\",\"worker\":\"w-001\",\"at\":\"2026-11-25T10:00:00Z\",\"release_answer\":{\"reply\":\"will\",\"named_worker\":\"" worker "\"}}"
#define EVIDENCE(step, more) "{\"row\":\"evidence\",\"step\":\"" step "\",\"by\":\"northmoor\",\"at\":\"2026-11-25T12:00:00Z\"" more "}"
#define IN(state) REQUEST("in", "release_notification", state, ",\"opened\":false,\"waiting\":true,\"due_at\":\"2026-11-25T11:00:00Z\"")

static Facts read_rows(const char *rows, json_t **kept)
{
    *kept = json_loads(rows, 0, NULL);
    if (*kept == NULL)
        fail_msg("no JSON: %s", rows);
    return facts_from_rows(*kept);
}

/* Each way of whose it is, who is named, what is silent; "" or 0 where nothing says so. */
static const struct { const char *rows, *worker, *named, *coordinator, *told; bool waiting, silent, match, owed, taken; } ways[] = {
    { "[]", "", "", "", "", false, false, false, false, false },
    { "[" IN("open") "]", "", "", "", "", true, false, false, false, false },
    { "[" REQUEST("in", "release_notification", "named", "") "," ANSWER("out", "w-017") "]", "w-017", "", "", "", false, false, false, false, false },
    { "[" REQUEST("in", "release_notification", "named", "") "," ANSWER("out", "w-017") "," ANSWER("out", "w-021") "]", "w-021", "", "", "", false, false, false, false, false },
    { "[" REQUEST("in", "release_notification", "cannot", "") "," ANSWER("out", "") "]", "w-001", "", "", "", false, false, false, false, false },
    { "[" REQUEST("out", "release_notification", "open", "") "]", "c-101", "", "", "", false, false, false, true, false },
    { "[" REQUEST("out", "release_notification", "named", "") "," ANSWER("in", "w-017") "]", "c-101", "w-017", "", "", false, false, false, false, true },
    { "[" REQUEST("out", "release_notification", "named", "") "," ANSWER("in", "w-017") "," EVIDENCE("not_answered", "") "]", "c-101", "w-017", "", "", false, true, false, true, false },
    { "[" REQUEST("out", "referral", "booked", "") "," ANSWER("in", "w-017") "]", "c-101", "w-017", "", "", false, false, false, false, true },
    { "[" REQUEST("out", "referral", "accepted", "") "," ANSWER("in", "w-017") "]", "c-101", "w-017", "", "", false, false, false, true, false },
    { "[" REQUEST("out", "release_notification", "met", "") "]", "c-101", "", "", "", false, false, false, false, false },
    { "[" REQUEST("out", "referral", "asked", "") "," EVIDENCE("not_answered", "") "," EVIDENCE("told", ",\"role\":\"team_leader\"") "]", "c-101", "", "", "team_leader", false, true, false, true, false },
    { "[" REQUEST("out", "referral", "asked", "") "," EVIDENCE("not_answered", "") "," ANSWER("in", "w-017") "]", "c-101", "w-017", "", "", false, false, false, true, false },
    { "[" IN("open") "," EVIDENCE("answerable", "") "]", "", "", "northmoor", "", true, false, false, false, false },
    { "[" IN("open") "," EVIDENCE("possible_match", "") "]", "", "", "", "", true, false, true, false, false },
    { "[" IN("open") "," EVIDENCE("possible_match", "") "," EVIDENCE("clients_parted", "") "]", "", "", "", "", true, false, false, false, false },
    { "[" IN("open") "," EVIDENCE("possible_match", "") ",{\"row\":\"message\",\"direction\":\"out\",\"kind\":\"merge\",\"at\":\"2026-11-25T12:30:00Z\"}]", "", "", "", "", true, false, false, false, false },
    { "[" REQUEST("out", "dose_request", "requested", "") ",{\"row\":\"notice\",\"role\":\"manager\",\"at\":\"2026-11-25T12:30:00Z\"}]", "c-101", "", "", "manager", false, true, false, true, false },
    { "[{\"row\":\"message\",\"related\":true,\"kind\":\"movement\"}," IN("open") "]", "", "", "", "", true, false, false, false, false },
};

static void test_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        json_t *kept;
        Facts facts = read_rows(ways[i].rows, &kept);
        const char *const texts[][2] = { { facts.worker, ways[i].worker }, { facts.named, ways[i].named }, { facts.coordinator, ways[i].coordinator }, { facts.told, ways[i].told } };
        for (size_t j = 0; j < G_N_ELEMENTS(texts); j++)
            if (strcmp(texts[j][0], texts[j][1]) != 0)
                fail_msg("way %zu, text %zu: \"%s\", not \"%s\"", i, j, texts[j][0], texts[j][1]);
        if ((facts.waiting != NULL) != ways[i].waiting || (facts.silent_at != 0) != ways[i].silent || (facts.match_at != 0) != ways[i].match || facts_wait_for_other(&facts) != ways[i].owed || facts_taken(&facts) != ways[i].taken)
            fail_msg("way %zu: waiting %d, silent %d, match %d, owed %d, taken %d", i, facts.waiting != NULL, facts.silent_at != 0, facts.match_at != 0, facts_wait_for_other(&facts), facts_taken(&facts));
        json_decref(kept);
    }
}

static void test_times(void **state)
{
    json_t *kept;
    (void)state;
    Facts facts = read_rows("[" REQUEST("in", "referral", "missed", ",\"urgency\":\"rapid\"") "," ANSWER("out", "w-017")
        ",{\"row\":\"message\",\"direction\":\"out\",\"kind\":\"appointment\",\"at\":\"2026-11-25T10:10:00Z\",\"event_at\":\"2026-11-30T10:00:00Z\",\"appointment\":{\"first_offered_at\":\"2026-11-27T10:00:00Z\"}}"
        ",{\"row\":\"message\",\"direction\":\"out\",\"kind\":\"appointment\",\"at\":\"2026-11-25T10:20:00Z\",\"event_at\":\"2026-12-01T10:00:00Z\",\"appointment\":{}}"
        ",{\"row\":\"message\",\"direction\":\"out\",\"kind\":\"attendance\",\"at\":\"2026-12-01T10:30:00Z\",\"event_at\":\"2026-12-01T10:00:00Z\",\"attendance\":{\"outcome\":\"did_not_attend\"}}]", &kept);
    const struct { int64_t is; const char *should; } times[] = { { facts.asked_at, "2026-11-25T09:00:00Z" }, { facts.answer_by, "2026-11-25T11:00:00Z" }, { facts.answered_at, "2026-11-25T10:00:00Z" },
        { facts.offered_at, "2026-11-25T10:10:00Z" }, { facts.first_offered_at, "2026-11-27T10:00:00Z" }, { facts.appointment_at, "2026-12-01T10:00:00Z" }, { facts.outcome_at, "2026-12-01T10:30:00Z" } };
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        json_auto_t *row = json_pack("{s:s}", "at", times[i].should);
        if (times[i].is != facts_time(row, "at"))
            fail_msg("time %zu is not %s", i, times[i].should);
    }
    assert_string_equal(facts.outcome, "did_not_attend");
    assert_string_equal(facts.urgency, "rapid");
    assert_true(facts.news_at == 0);
    json_decref(kept);
    facts = read_rows("[" IN("open") ",{\"row\":\"message\",\"direction\":\"in\",\"kind\":\"meeting_report\",\"at\":\"2026-11-25T09:30:00Z\",\"opened\":false}]", &kept);
    assert_true(facts.news_at > facts.asked_at && facts.unopened);
    assert_string_equal(facts_text(facts.news, "kind"), "meeting_report");
    json_decref(kept);
}

/* What is over stays open for the service that is the client's care coordinator. */
static void test_closed(void **state)
{
    json_t *kept;
    (void)state;
    Facts met = read_rows("[" REQUEST("in", "release_notification", "met", "") "," EVIDENCE("answerable", "") "]", &kept);
    assert_false(facts_closed(&met, "northmoor"));
    assert_true(facts_closed(&met, "elsewhere"));
    json_decref(kept);
    Facts open = read_rows("[" IN("withdrawn") "]", &kept);
    assert_false(facts_closed(&open, "elsewhere")); /* something waits */
    json_decref(kept);
    Facts booked = read_rows("[" REQUEST("in", "referral", "booked", "") "]", &kept);
    assert_false(facts_closed(&booked, "elsewhere"));
    json_decref(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_ways), cmocka_unit_test(test_times), cmocka_unit_test(test_closed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
