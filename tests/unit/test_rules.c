/* The broker's rules by name: who may send what, what a conversation takes, what answers what. */
#include "unit.h"

#include "adapters/worklist/rules.h"

static void test_may_send(void **state)
{
    static const struct { const char *kind, *from; RulesSide side; const char *to; bool may; } rows[] = {
        { "release_notification", "carat", RULES_BEGINS, "cjip", true }, { "release_notification", "cjip", RULES_BEGINS, "carat", false },
        { "release_answer", "cjip", RULES_ADDRESSEE, "carat", true }, { "release_answer", "carat", RULES_STARTER, "cjip", false },
        { "meeting_report", "carat", RULES_STARTER, "cjip", true }, { "meeting_report", "cjip", RULES_ADDRESSEE, "carat", true },
        { "dose_answer", "spoc", RULES_TOLD, "prescriber", false }, { "referral_answer", "spoc", RULES_TOLD, "carat", true },
        { "resume", "cjip", RULES_TOLD, "tier3", true }, { "nonsense", "cjip", RULES_BEGINS, "carat", false }, { "referral", "nonsense", RULES_BEGINS, "cjip", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rules_may_send(rows[i].kind, rows[i].from, rows[i].side, rows[i].to) != rows[i].may)
            fail_msg("%s from %s to %s", rows[i].kind, rows[i].from, rows[i].to);
}

static void test_takes(void **state)
{
    static const struct { const char *kind, *state, *events; bool takes; } rows[] = {
        { "release_notification", "open", "named,cannot", true }, { "release_notification", "met", "named,cannot", false },
        { "referral", "asked", "referral_accepted,referral_declined", true }, { "referral", "accepted", "referral_accepted,referral_declined", false },
        { "referral", "booked", "attended", true }, { "referral", "asked", "attended", false }, { "transfer_offer", "expired", "transfer_accepted", false },
        { "drop_out", "woken", "lost", false }, { "drop_out", "trying", "lost", true }, { "drop_out", "nonsense", "lost", false }, { "recall", "open", "named", false },
        { "referral", "booked", "nonsense", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rules_takes(rows[i].kind, rows[i].state, rows[i].events) != rows[i].takes)
            fail_msg("%s, %s: %s", rows[i].kind, rows[i].state, rows[i].events);
}

static void test_kinds(void **state)
{
    (void)state;
    assert_true(rules_replies("attempt", "referral") && rules_replies("attempt", "drop_out")); /* to whatever asked */
    assert_true(rules_replies("dose_answer", "dose_request"));
    assert_false(rules_replies("dose_answer", "referral"));
    assert_false(rules_replies("referral", "referral"));
    assert_true(rules_answers("transfer_answer"));
    assert_false(rules_answers("appointment"));
    assert_true(rules_needs_person("dose_answer"));
    assert_false(rules_needs_person("attendance"));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_may_send), cmocka_unit_test(test_takes), cmocka_unit_test(test_kinds) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
