/* What an area sets otherwise: the words it takes, and what they do to clocks, ladders, reminders and working days. */
#include "unit.h"
#include "world.h"

#include "broker/working.h"

static void test_words(void **state)
{
    static const char *const good[][2] = {
        { "clock/leeds/cell_answered", "within=45m" }, { "clock/leeds/booked", "within=2wd ladder=team_leader,spoc remind=2h" },
        { "clock/leeds/named", "remind=1d" }, { "clock/leeds/seen", "usual" }, { "day/2027-05-10", "holiday" }, { "day/2027-12-28", "working" },
        { "day/2027-12-28", "usual" },
    };
    static const char *const bad[][2] = {
        { "clock/leeds/held", "within=45m" }, { "clock/leeds/told", "usual" }, { "clock/leeds/reminder", "usual" }, { "clock/leeds/nonsense", "usual" },
        { "clock/leeds", "usual" }, { "clock/leeds/named/x", "usual" }, { "clock/leeds/named", "" }, { "clock/leeds/named", "within=" },
        { "clock/leeds/named", "within=45" }, { "clock/leeds/named", "within=0m" }, { "clock/leeds/named", "within=-3h" },
        { "clock/leeds/named", "within=99999d" }, { "clock/leeds/named", "within=2h within=3h" }, { "clock/leeds/named", "within=2h  remind=1h" },
        { "clock/leeds/named", "ladder=" }, { "clock/leeds/named", "ladder=spoc,spoc" }, { "clock/leeds/named", "ladder=boss" },
        { "clock/leeds/named", "ladder=spoc,manager,fallback,team_leader,area_manager,spoc" }, { "clock/leeds/named", "remind=2wd" },
        { "day/2027-02-30", "holiday" }, { "day/10/05/2027", "holiday" }, { "day/2027-05-10", "closed" }, { "", "" }, { "night/2027", "usual" },
    };
    const char *why = NULL;
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        assert_true(settings_good(good[i][0], good[i][1], &why));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        why = NULL;
        if (settings_good(bad[i][0], bad[i][1], &why) || why == NULL)
            fail_msg("%s %s is taken, or refused without a word", bad[i][0], bad[i][1]);
    }
}

static void set(Play *play, const char *name, const char *value)
{
    if (play->settings == NULL)
        play->settings = settings_new();
    settings_take(play->settings, name, value);
}

static Message referral(Play *play, int urgency)
{
    Message message = play_message(play, KIND_REFERRAL, "arrest", "cjip");
    message.urgency = urgency;
    return message;
}

static void has(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("\n%s\nis not in\n%s", wanted, text);
}

static void test_shorter_and_longer(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    set(&play, "clock/leeds/cell_answered", "within=20m");
    Message message = referral(&play, URGENCY_BEFORE_LEAVES_CELL);
    has(play_send(&play, &message), "+cell_answered in 20m\n");
    set(&play, "clock/leeds/cell_answered", "within=3h");
    message = referral(&play, URGENCY_BEFORE_LEAVES_CELL);
    message.due_at = play.world.now + 50 * WORLD_MINUTE; /* leaves the cell: no setting puts it off */
    has(play_send(&play, &message), "+cell_answered in 50m\n");
    set(&play, "clock/york/cell_answered", "within=5m"); /* another area's */
    set(&play, "clock/leeds/cell_answered", "usual");
    message = referral(&play, URGENCY_BEFORE_LEAVES_CELL);
    has(play_send(&play, &message), "+cell_answered in 60m\n");
    play_end(&play);
}

static void test_another_ladder(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    set(&play, "clock/leeds/dose_answered", "ladder=spoc,manager");
    Message message = play_message(&play, KIND_DOSE_REQUEST, "prescriber", "health");
    message.group.dose_request.asked_of = 2;
    message.due_at = play.world.now + WORLD_HOUR;
    play_send(&play, &message);
    has(play_fire_policy(&play, POLICY_DOSE_ANSWERED), "NOTICE>spoc DOSE_ANSWERED/SPOC for health rung 0\n");
    has(play_fire_policy(&play, POLICY_TOLD), "NOTICE>manager DOSE_ANSWERED/MANAGER for health rung 1\n");
    has(play_fire_policy(&play, POLICY_TOLD), "NOBODY_TOLD by health");
    has(play_fire_policy(&play, POLICY_TOLD), "NOTICE>spoc DOSE_ANSWERED/SPOC for health rung 0\n"); /* from the first again */
    set(&play, "clock/leeds/dose_answered", "usual"); /* meanwhile: it goes on after the same role */
    has(play_fire_policy(&play, POLICY_TOLD), "NOBODY_TOLD by health");
    has(play_fire_policy(&play, POLICY_TOLD), "NOTICE>manager DOSE_ANSWERED/MANAGER for health rung 0\n");
    play_end(&play);
}

static void test_reminded_before(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    set(&play, "clock/leeds/cell_answered", "remind=10m");
    Message message = referral(&play, URGENCY_BEFORE_LEAVES_CELL);
    has(play_send(&play, &message), "+reminder in 50m\n");
    has(play_fire_policy(&play, POLICY_REMINDER), "NOTICE>cjip CELL_ANSWERED/NONE for cjip rung 0\n");
    assert_string_equal(play_fire_policy(&play, POLICY_REMINDER), "no such clock runs\n");
    message = referral(&play, URGENCY_BEFORE_LEAVES_CELL);
    play_send(&play, &message);
    Message answer = play_message(&play, KIND_REFERRAL_ANSWER, "cjip", "arrest");
    answer.conversation = answer.in_reply_to = message.id;
    answer.group.coded.code = REFERRAL_REPLY_ACCEPT;
    answer.group.coded.worker = "w-1";
    play_send(&play, &answer);
    assert_string_equal(play_fire_policy(&play, POLICY_REMINDER), "no effect\n"); /* answered: nobody is reminded */
    play_end(&play);
}

static void test_treatment_clocks(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message message = referral(&play, URGENCY_ROUTINE);
    message.group.coded.type = PATHWAY_CRACK;
    play_send(&play, &message);
    Message answer = play_message(&play, KIND_REFERRAL_ANSWER, "cjip", "arrest");
    answer.conversation = answer.in_reply_to = message.id;
    answer.group.coded.code = REFERRAL_REPLY_ACCEPT;
    answer.group.coded.worker = "w-1";
    has(play_send(&play, &answer), "+brief_intervention in 2880m\n");
    Message seen = play_message(&play, KIND_ATTENDANCE, "cjip", "arrest");
    seen.conversation = seen.in_reply_to = message.id;
    seen.group.coded.code = ATTENDANCE_ATTENDED;
    seen.event_at = play.world.now;
    has(play_send(&play, &seen), "CLOCK_STOPPED cjip brief_intervention\n");
    set(&play, "clock/leeds/rapid_prescribing", "within=1d");
    message = play_message(&play, KIND_REFERRAL, "arrest", "prescriber");
    message.urgency = URGENCY_RAPID;
    play_send(&play, &message);
    answer = play_message(&play, KIND_REFERRAL_ANSWER, "prescriber", "arrest");
    answer.conversation = answer.in_reply_to = message.id;
    answer.group.coded.code = REFERRAL_REPLY_ACCEPT;
    answer.group.coded.worker = "w-1";
    has(play_send(&play, &answer), "+rapid_prescribing in 1440m\n");
    has(play_fire_policy(&play, POLICY_RAPID_PRESCRIBING), "NOTICE>spoc RAPID_PRESCRIBING/SPOC for prescriber rung 0\n");
    play_end(&play);
}

static void test_days(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    assert_true(working_is_day(2027, 5, 10));
    set(&play, "day/2027-05-10", "holiday");
    assert_false(working_is_day(2027, 5, 10));
    set(&play, "day/2027-05-10", "usual");
    assert_true(working_is_day(2027, 5, 10));
    set(&play, "day/2027-12-27", "working");
    assert_true(working_is_day(2027, 12, 27));
    play_end(&play); /* and everything is as usual again */
    assert_false(working_is_day(2027, 12, 27));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),           cmocka_unit_test(test_shorter_and_longer), cmocka_unit_test(test_another_ladder),
        cmocka_unit_test(test_reminded_before), cmocka_unit_test(test_treatment_clocks),   cmocka_unit_test(test_days),
    };
    return cmocka_run_group_tests_name("setting", tests, NULL, NULL);
}
