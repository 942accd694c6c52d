/* Where conversations stand for those who take part: stories of a few messages, and who is waited for after each. */
#include "unit.h"

#include "adapters/sdk/state.h"
#include "broker/codes.h"

/* One message of a story. replies and supersedes: its place in the story from 1, 0: none. */
typedef struct Step {
    int kind;
    const char *sender, *recipient;
    int code;            /* certainty, reply or outcome */
    const char *day;     /* expected date of a notification */
    int replies, supersedes;
    Outbox outbox;
} Step;

typedef struct Story { const char *what, *state; bool waits; Step steps[6]; } Story;

#define TOLD { KIND_RELEASE_NOTIFICATION, "carat", "cjip", 3, "2026-12-01", 0, 0, 0 }
#define SAYS(reply) { KIND_RELEASE_ANSWER, "cjip", "carat", RELEASE_REPLY_##reply, NULL, 1, 0, 0 }
#define SPOC_SAYS(reply) { KIND_RELEASE_ANSWER, "spoc", "carat", RELEASE_REPLY_##reply, NULL, 1, 0, 0 }
#define MEETS(outcome) { KIND_MEETING_REPORT, "cjip", "carat", OUTCOME_##outcome, NULL, 1, 0, 0 }
#define AGAIN(certainty, day, to) { KIND_RELEASE_NOTIFICATION, "carat", to, certainty, day, 0, 1, 0 }
#define BACK(who, which) { KIND_RECALL, who, "x", 0, NULL, which, 0, 0 }
#define ASKS { KIND_DOSE_REQUEST, "scripts", "cjip", 0, NULL, 0, 0, 0 }
#define DOSE(reply, supersedes) { KIND_DOSE_ANSWER, "cjip", "scripts", DOSE_REPLY_##reply, NULL, 1, supersedes, 0 }

/* Seen by cjip; waits: the newest notification or request is waited for here. */
static const Story stories[] = {
    { "told", "open", true, { TOLD } },
    { "named", "named", false, { TOLD, SAYS(WILL) } },
    { "cannot", "cannot", false, { TOLD, SAYS(CANNOT) } },
    { "the SPOC cannot either, and it is this service's again", "cannot", true, { TOLD, SAYS(CANNOT), SPOC_SAYS(CANNOT) } },
    { "another day after a name", "named", false, { TOLD, SAYS(WILL), AGAIN(3, "2026-12-02", "cjip") } },
    { "another day after a no-show", "open", true, { TOLD, MEETS(NO_SHOW), AGAIN(3, "2026-12-02", "cjip") } },
    { "the same day after a no-show", "not_met", false, { TOLD, MEETS(NO_SHOW), AGAIN(3, "2026-12-01", "cjip") } },
    { "another service is asked", "open", true, { TOLD, SAYS(WILL), AGAIN(3, "2026-12-01", "tier2") } },
    { "met", "met", false, { TOLD, SAYS(WILL), MEETS(MET) } },
    { "held again", "held_again", false, { TOLD, SAYS(WILL), MEETS(GATE_ARREST) } },
    { "declined", "declined", false, { TOLD, MEETS(DECLINED) } },
    { "withdrawn", "withdrawn", false, { TOLD, AGAIN(CERTAINTY_WITHDRAWN, "2026-12-01", "cjip") } },
    { "on again", "open", true, { TOLD, AGAIN(CERTAINTY_WITHDRAWN, "2026-12-01", "cjip"), AGAIN(3, "2026-12-01", "cjip") } },
    { "taken back", "recalled", false, { TOLD, BACK("carat", 1) } },
    { "an older version taken back", "open", true, { TOLD, AGAIN(3, "2026-12-01", "cjip"), BACK("carat", 1) } },
    { "the answer taken back", "open", true, { TOLD, SAYS(WILL), BACK("cjip", 2) } },
    { "the report taken back", "open", true, { TOLD, MEETS(MET), BACK("cjip", 2) } },
    { "an answer that was refused", "open", true, { TOLD, { KIND_RELEASE_ANSWER, "cjip", "carat", RELEASE_REPLY_WILL, NULL, 1, 0, OUTBOX_REFUSED } } },
    { "asked", "requested", true, { ASKS } },
    { "confirmed", "confirmed", false, { ASKS, DOSE(CONFIRMED, 0) } },
    { "answered", "answered", false, { ASKS, DOSE(NOT_OURS, 0) } },
    { "who is it", "need_identity", false, { ASKS, DOSE(NEED_MORE_IDENTITY, 0) } },
    { "asked better", "requested", true, { ASKS, DOSE(NEED_MORE_IDENTITY, 0), { KIND_DOSE_REQUEST, "scripts", "cjip", 0, NULL, 0, 1, 0 } } },
    { "a second answer does not count", "confirmed", false, { ASKS, DOSE(CONFIRMED, 0), DOSE(NOT_OURS, 0) } },
    { "a correction does", "answered", false, { ASKS, DOSE(CONFIRMED, 0), DOSE(NOT_OURS, 2) } },
    { "the dose answer taken back", "requested", true, { ASKS, DOSE(CONFIRMED, 0), BACK("cjip", 2) } },
};

static TcId place(int number)
{
    return (TcId){ { 0, (uint8_t)number } };
}

static Letter *letter_of(const Step *step, int number)
{
    Letter *letter = g_new0(Letter, 1);
    Message *rules = &letter->rules;
    letter->id = rules->id = place(number);
    letter->ours = letter->here = strcmp(step->sender, "cjip") == 0;
    letter->good = true;
    letter->outbox = letter->ours && step->outbox == 0 ? OUTBOX_ACCEPTED : step->outbox;
    rules->kind = step->kind;
    rules->sender = step->sender;
    rules->recipient = step->recipient;
    rules->in_reply_to = place(step->replies);
    rules->supersedes = place(step->supersedes);
    rules->group.release = (ReleaseFields){ .certainty = step->code, .expected_date = step->day };
    rules->group.release_answer.reply = rules->group.meeting.outcome = rules->group.dose_answer.reply = step->code;
    return letter;
}

static void test_stories(void **state)
{
    Passport passport = { .service = (char *)"cjip" };
    TcClient client = { .passport = &passport };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(stories); i++) {
        g_autoptr(GPtrArray) letters = g_ptr_array_new_with_free_func(g_free);
        for (int at = 0; at < 6 && stories[i].steps[at].kind != 0; at++)
            g_ptr_array_add(letters, letter_of(&stories[i].steps[at], at + 1));
        Standing standing = state_of(letters);
        if (strcmp(standing.name, stories[i].state) != 0)
            fail_msg("%s: %s instead of %s", stories[i].what, standing.name, stories[i].state);
        if (standing.request != NULL && state_waits_here(&client, &standing, standing.request) != stories[i].waits)
            fail_msg("%s: it %s", stories[i].what, stories[i].waits ? "should wait here" : "waits here");
    }
}

/* Asked who it is, the asker is waited for. */
static void test_asker_is_waited_for(void **state)
{
    static const Step steps[] = { ASKS, DOSE(NEED_MORE_IDENTITY, 0) };
    Passport passport = { .service = (char *)"scripts" };
    TcClient client = { .passport = &passport };
    (void)state;
    g_autoptr(GPtrArray) letters = g_ptr_array_new_with_free_func(g_free);
    for (int at = 0; at < 2; at++) {
        Letter *letter = letter_of(&steps[at], at + 1);
        letter->ours = letter->here = at == 0;
        letter->outbox = OUTBOX_ACCEPTED;
        g_ptr_array_add(letters, letter);
    }
    Standing standing = state_of(letters);
    assert_true(state_waits_here(&client, &standing, standing.answer));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_stories), cmocka_unit_test(test_asker_is_waited_for) };
    return cmocka_run_group_tests_name("client_state", tests, NULL, NULL);
}
