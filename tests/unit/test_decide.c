/* The mission's rules as stories: what each event does, row by row, and what is refused with which code. */
#include "unit.h"

#include "world.h"

typedef struct Story { Play play; Message first; } Story;

static const char *says(const char *text, const char *expected)
{
    if (strcmp(text, expected) != 0)
        fail_msg("\n%s\ninstead of\n%s", text, expected);
    return text;
}

static void has(const char *text, const char *line)
{
    if (strstr(text, line) == NULL)
        fail_msg("\n%s\nlacks\n%s", text, line);
}

static void lacks(const char *text, const char *line)
{
    if (strstr(text, line) != NULL)
        fail_msg("\n%s\nhas\n%s", text, line);
}

/* A release in 60 days, told to the CJIP team. */
static void notified(Story *story)
{
    play_init(&story->play);
    story->first = play_message(&story->play, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
    story->first.event_at = WORLD_NOW + 60 * WORLD_DAY;
    has(play_send(&story->play, &story->first), "ACCEPTED carat\n");
}

/* A dose asked of the prison, needed in four hours. */
static void asked(Story *story)
{
    play_init(&story->play);
    story->first = play_message(&story->play, KIND_DOSE_REQUEST, "prescriber", "health");
    story->first.due_at = WORLD_NOW + 4 * WORLD_HOUR;
    says(play_send(&story->play, &story->first),
         "ACCEPTED prescriber\nCLOCK_STARTED health dose_answered\nMESSAGE>health\n+held in 15m\n+dose_answered in 240m\n");
}

static Message amended(Story *story)
{
    Message message = play_message(&story->play, story->first.kind, story->first.sender, story->first.recipient);
    message.conversation = story->first.conversation;
    message.supersedes = play_head(&story->play, &story->first.conversation)->newest_notification;
    message.event_at = story->first.event_at;
    message.due_at = story->first.due_at;
    return message;
}

static Message reply(Story *story, int kind, const char *sender, const char *recipient)
{
    Message message = play_message(&story->play, kind, sender, recipient);
    message.conversation = story->first.conversation;
    message.in_reply_to = play_head(&story->play, &story->first.conversation)->newest_notification;
    return message;
}

static const char *answer(Story *story, const char *sender, int code)
{
    Message message = reply(story, KIND_RELEASE_ANSWER, sender, "carat");
    message.group.release_answer.reply = code;
    return play_send(&story->play, &message);
}

static const char *report(Story *story, const char *sender, const char *recipient, int outcome)
{
    Message message = reply(story, KIND_MEETING_REPORT, sender, recipient);
    message.group.meeting.outcome = outcome;
    return play_send(&story->play, &message);
}

static const char *dose_answer(Story *story, int code, const TcId *supersedes)
{
    Message message = reply(story, KIND_DOSE_ANSWER, "health", "prescriber");
    message.group.dose_answer.reply = code;
    if (supersedes != NULL)
        message.supersedes = *supersedes;
    return play_send(&story->play, &message);
}

static const char *recall(Story *story, const TcId *id)
{
    const MessageRef *ref = play_ref(&story->play, id);
    Message message = play_message(&story->play, KIND_RECALL, g_intern_string(ref->sender), g_intern_string(ref->recipient));
    message.conversation = ref->conversation;
    message.in_reply_to = *id;
    return play_send(&story->play, &message);
}

static const char *held(Story *story, const char *service)
{
    return play_confirm(&story->play, service, (Confirmation){ .step = STEP_HELD, .upto = story->play.numbers[world_index(service)] });
}

static Head *head_of(Story *story)
{
    return play_head(&story->play, &story->first.conversation);
}

static void assert_state(Story *story, const char *name)
{
    const Head *head = head_of(story);
    assert_string_equal(machine_state_name(head->machine, head->state), name);
}

/* ---- The main road ---- */

static void test_release_whole(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    says(s.play.text, "ACCEPTED carat\nCLOCK_STARTED cjip named\nMESSAGE>cjip\n+held in 60m\n+named in 46080m\n");
    says(held(&s, "cjip"), "HELD cjip 1-1\nEVIDENCE>carat HELD by cjip\n");
    says(play_confirm(&s.play, "cjip", (Confirmation){ .step = STEP_OPENED, .message = s.first.id, .worker = "w-1" }),
         "OPENED cjip w-1\nEVIDENCE>carat OPENED by cjip\n");
    says(answer(&s, "cjip", RELEASE_REPLY_WILL),
         "ACCEPTED cjip\nCLOCK_STOPPED cjip named\nCLOCK_STARTED cjip contact\nMESSAGE>carat\n+held in 60m\n+contact in 86520m\n");
    assert_state(&s, "named");
    says(report(&s, "carat", "cjip", OUTCOME_MET),
         "ACCEPTED carat\nCLOCK_STOPPED cjip contact\nCOORDINATION cjip taken_up/1\nMESSAGE>cjip\n"
         "EVIDENCE>cjip ANSWERABLE by cjip\n+held in 60m\n");
    assert_state(&s, "met");
    assert_false(play_runs(&s.play, POLICY_NAMED));
    assert_false(play_runs(&s.play, POLICY_CONTACT));
    play_end(&s.play);
}

static void test_dose_whole(void **state)
{
    Story s;
    (void)state;
    asked(&s);
    says(dose_answer(&s, DOSE_REPLY_NEED_MORE_IDENTITY, NULL),
         "ACCEPTED health\nCLOCK_STOPPED health dose_answered\nMESSAGE>prescriber\n+held in 15m\n");
    assert_state(&s, "need_identity");
    Message message = amended(&s);
    says(play_send(&s.play, &message),
         "ACCEPTED prescriber\nCLOCK_STARTED health dose_answered\nMESSAGE>health\n+held in 15m\n+dose_answered in 240m\n");
    assert_state(&s, "requested");
    has(dose_answer(&s, DOSE_REPLY_CONFIRMED, NULL), "CLOCK_STOPPED health dose_answered\n");
    assert_state(&s, "confirmed");
    TcId confirmed = head_of(&s)->newest_answer;
    says(dose_answer(&s, DOSE_REPLY_NOT_OURS, NULL), "refused wrong_state header.kind confirmed\n");
    says(dose_answer(&s, DOSE_REPLY_NOT_OURS, &s.first.id), "refused not_newest header.supersedes\n");
    has(dose_answer(&s, DOSE_REPLY_NOT_OURS, &confirmed), "ACCEPTED health\n");
    assert_state(&s, "answered");
    message = amended(&s);
    says(play_send(&s.play, &message), "refused wrong_state header.kind answered\n");
    play_end(&s.play);
}

/* ---- One effect ---- */

static void test_same_again(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    says(play_send(&s.play, &s.first), "no effect\n");
    s.play.world.now += 20 * WORLD_DAY; /* whenever it comes: also when the directory has expired */
    says(play_send(&s.play, &s.first), "no effect\n");
    s.first.urgency = 1; /* other bytes */
    says(play_send(&s.play, &s.first), "refused id_reused header.id\n");
    play_end(&s.play);
}

/* ---- Refusals ---- */

static void other_sender(Play *p, Message *m) { (void)p; m->sender = "cjip"; }
static void to_itself(Play *p, Message *m) { (void)p; m->recipient = "carat"; }
static void to_nobody(Play *p, Message *m) { (void)p; m->recipient = "nobody"; }
static void to_blocked(Play *p, Message *m) { (void)m; p->blocked = "cjip"; }
static void from_blocked(Play *p, Message *m) { (void)m; p->blocked = "carat"; }
static void to_gp(Play *p, Message *m) { (void)p; m->recipient = "gp"; }
static void old_id(Play *p, Message *m) { tc_uuid_floor(p->world.oldest_id_at - WORLD_MINUTE, m->id.b); m->conversation = m->id; }
static void future_id(Play *p, Message *m) { tc_uuid_floor(p->world.now + 6 * WORLD_MINUTE, m->id.b); m->conversation = m->id; }
static void random_id(Play *p, Message *m) { (void)p; m->id.b[6] = 0x40; m->conversation = m->id; }
static void day_old(Play *p, Message *m) { m->created_at = p->world.now - 25 * WORLD_HOUR; }
static void made_ahead(Play *p, Message *m) { m->created_at = p->world.now + 6 * WORLD_MINUTE; }
static void expired(Play *p, Message *m) { p->world.now += 14 * WORLD_DAY; tc_uuid_floor(p->world.now, m->id.b); m->conversation = m->id; }
static void no_conversation(Play *p, Message *m) { m->conversation = play_new_id(p); m->supersedes = m->id; }
static void disputed(Play *p, Message *m) { (void)p; m->group.release.area_certainty = AREA_DISPUTED; }
static void no_area(Play *p, Message *m) { (void)p; m->group.release.area = NULL; }
static void as_dose(Play *p, Message *m) { (void)p; m->kind = KIND_DOSE_REQUEST; }

static void test_refusals(void **state)
{
    static const struct { void (*spoil)(Play *, Message *); const char *text; } table[] = {
        { to_itself, "refused not_allowed header.recipient\n" },
        { to_nobody, "refused unknown_recipient header.recipient\n" },
        { to_blocked, "refused unknown_recipient header.recipient\n" },
        { from_blocked, "refused blocked -\n" },
        { to_gp, "refused not_allowed header.kind\n" },
        { old_id, "refused id_expired header.id\n" },
        { future_id, "refused clock_ahead header.id\n" },
        { random_id, "refused id_expired header.id\n" },
        { day_old, "refused id_expired header.created_at\n" },
        { made_ahead, "refused clock_ahead header.created_at\n" },
        { expired, "refused directory_expired -\n" },
        { no_conversation, "refused unknown_conversation header.conversation\n" },
        { disputed, "refused not_allowed header.recipient\n" },
        { no_area, "refused not_allowed header.recipient\n" },
        { as_dose, "refused not_allowed header.kind\n" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        Play play;
        play_init(&play);
        Message message = play_message(&play, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
        table[i].spoil(&play, &message);
        says(play_send(&play, &message), table[i].text);
        play_end(&play);
    }
}

static void test_not_yours(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message message = play_message(&play, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
    Event *event = play_message_event(&play, &message);
    other_sender(&play, &event->item.message);
    says(play_decide(&play, event), "refused not_yours header.sender\n");
    play_end(&play);
}

/* A disputed area goes to a single point of contact, who keeps it. */
static void test_disputed(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message message = play_message(&play, KIND_RELEASE_NOTIFICATION, "carat", "spoc");
    message.group.release.area_certainty = AREA_DISPUTED;
    has(play_send(&play, &message), "MESSAGE>spoc\n");
    play_end(&play);
}

static void test_outsiders(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    says(answer(&s, "cjip2", RELEASE_REPLY_WILL), "refused not_a_party header.conversation\n");
    says(answer(&s, "spoc", RELEASE_REPLY_WILL), "refused not_a_party header.conversation\n");
    Message message = reply(&s, KIND_RELEASE_ANSWER, "cjip", "carat");
    message.in_reply_to = message.id;
    says(play_send(&s.play, &message), "refused not_found header.in_reply_to\n");
    message = reply(&s, KIND_DOSE_ANSWER, "cjip", "carat");
    says(play_send(&s.play, &message), "refused not_allowed header.kind\n");
    message = reply(&s, KIND_RELEASE_ANSWER, "cjip", "carat");
    has(play_send(&s.play, &message), "ACCEPTED");
    message = reply(&s, KIND_MEETING_REPORT, "cjip", "carat");
    message.in_reply_to = head_of(&s)->newest_answer;
    says(play_send(&s.play, &message), "refused not_allowed header.in_reply_to\n");
    says(play_confirm(&s.play, "gp", (Confirmation){ .step = STEP_OPENED, .message = s.first.id }),
         "refused not_a_party confirmation.message\n");
    says(play_confirm(&s.play, "carat", (Confirmation){ .step = STEP_OPENED, .message = s.first.id }),
         "refused not_a_party confirmation.message\n");
    says(play_confirm(&s.play, "cjip", (Confirmation){ .step = STEP_OPENED, .message = message.id }),
         "refused not_found confirmation.message\n");
    says(play_confirm(&s.play, "cjip", (Confirmation){ .step = STEP_HELD, .upto = 1, .station = "other" }),
         "refused not_yours confirmation.station\n");
    says(play_confirm(&s.play, "cjip", (Confirmation){ .step = STEP_HELD, .upto = 1, .service = "carat" }),
         "refused not_yours confirmation.service\n");
    play_end(&s.play);
}

/* ---- Versions ---- */

static void test_amendments(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    Message message = amended(&s);
    message.supersedes = message.id;
    says(play_send(&s.play, &message), "refused not_newest header.supersedes\n");
    message = amended(&s);
    says(play_send(&s.play, &message), "ACCEPTED carat\nMESSAGE>cjip\n+held in 60m\n");
    message = amended(&s);
    message.event_at = WORLD_NOW + 40 * WORLD_DAY;
    says(play_send(&s.play, &message), "ACCEPTED carat\nCLOCK_STOPPED cjip named\nCLOCK_STARTED cjip named\nMESSAGE>cjip\n"
                                       "+held in 60m\n+named in 17280m\n");
    has(answer(&s, "cjip", RELEASE_REPLY_OTHER_WORKER), "+contact in 57720m\n");
    message = amended(&s);
    message.event_at = WORLD_NOW + 41 * WORLD_DAY;
    has(play_send(&s.play, &message), "CLOCK_STOPPED cjip contact\nCLOCK_STARTED cjip contact\n");
    assert_state(&s, "named");
    message = amended(&s);
    message.group.release.certainty = CERTAINTY_WITHDRAWN;
    has(play_send(&s.play, &message), "CLOCK_STOPPED cjip contact\n");
    assert_state(&s, "withdrawn");
    says(answer(&s, "cjip", RELEASE_REPLY_WILL), "refused wrong_state header.kind withdrawn\n");
    message = amended(&s);
    has(play_send(&s.play, &message), "CLOCK_STARTED cjip named\n");
    assert_state(&s, "open");
    play_end(&s.play);
}

/* Hourly versions of the same list must not keep a clock from running out. */
static void test_versions_do_not_put_off(void **state)
{
    Story s;
    (void)state;
    play_init(&s.play);
    s.first = play_message(&s.play, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
    s.first.event_at = WORLD_NOW + 3 * WORLD_DAY;
    has(play_send(&s.play, &s.first), "+named in 120m\n");
    int64_t due = head_of(&s)->clocks[CLOCK_SLOT_ANSWER].due_at;
    for (int i = 0; i < 3; i++) {
        s.play.world.now += 30 * WORLD_MINUTE;
        Message message = amended(&s);
        message.event_at += (i + 1) * WORLD_HOUR;
        has(play_send(&s.play, &message), "ACCEPTED carat\n");
        assert_int_equal(head_of(&s)->clocks[CLOCK_SLOT_ANSWER].due_at, due);
    }
    play_end(&s.play);
}

static void test_readdressed(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    has(answer(&s, "cjip", RELEASE_REPLY_CANNOT), "ESCALATED spoc named/spoc\n");
    Message message = amended(&s);
    message.recipient = "cjip2";
    has(play_send(&s.play, &message), "MESSAGE>cjip2\nMESSAGE>spoc\nMESSAGE>cjip\n"); /* who was asked before hears of it */
    assert_state(&s, "open");
    assert_true(play_runs(&s.play, POLICY_NAMED));
    has(answer(&s, "cjip2", RELEASE_REPLY_WILL), "MESSAGE>carat\nMESSAGE>spoc\nMESSAGE>cjip\n");
    assert_state(&s, "named");
    play_end(&s.play);
}

/* What another service said before it was asked of this one is no answer of this one's. */
static void test_readdressed_and_silent(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    answer(&s, "cjip", RELEASE_REPLY_WILL);
    Message message = amended(&s);
    message.recipient = "cjip2";
    play_send(&s.play, &message);
    has(play_fire_policy(&s.play, POLICY_NAMED), "MESSAGE>spoc\nNOTICE>spoc NAMED/SPOC for cjip2 rung 0\n");
    lacks(s.play.text, "MESSAGE>spoc\nMESSAGE>spoc");
    play_end(&s.play);
}

static void test_happened(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message message = play_message(&play, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
    message.group.release.certainty = CERTAINTY_HAPPENED; /* without a time: by now */
    says(play_send(&play, &message), "ACCEPTED carat\nCLOCK_STARTED cjip named\nCLOCK_STARTED cjip contact\n"
                                     "COORDINATION spoc taken_up/1\nMESSAGE>cjip\nMESSAGE>spoc\nEVIDENCE>spoc ANSWERABLE by spoc\n"
                                     "+held in 60m\n+named in 15m\n+contact in 120m\n");
    play_end(&play);
}

static void test_reports_correct_each_other(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    has(report(&s, "cjip", "carat", OUTCOME_NO_SHOW), "CLOCK_STOPPED cjip named\n");
    assert_state(&s, "not_met");
    has(report(&s, "carat", "cjip", OUTCOME_GATE_ARREST), "ACCEPTED");
    assert_state(&s, "held_again");
    says(answer(&s, "cjip", RELEASE_REPLY_WILL), "refused wrong_state header.kind held_again\n");
    Message message = amended(&s);
    has(play_send(&s.play, &message), "ACCEPTED");
    assert_state(&s, "held_again");
    message = amended(&s);
    message.event_at += 30 * WORLD_DAY;
    has(play_send(&s.play, &message), "CLOCK_STARTED cjip named\n");
    assert_state(&s, "open");
    play_end(&s.play);
}

/* ---- Recall ---- */

static void test_recall_stopped(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    says(recall(&s, &s.first.id), "ACCEPTED carat\nCLOCK_STOPPED cjip named\nRECALLED carat stopped\nMESSAGE>cjip\n"
                                  "EVIDENCE>carat RECALL_STOPPED by cjip\n+held in 60m\n");
    assert_state(&s, "recalled");
    says(recall(&s, &s.first.id), "refused already_recalled header.in_reply_to\n");
    says(held(&s, "cjip"), "HELD cjip 1-2\nEVIDENCE>carat HELD by cjip\n"); /* of the recall, not of what was stopped */
    Message message = amended(&s);
    says(play_send(&s.play, &message), "refused wrong_state header.kind recalled\n");
    assert_int_equal(s.play.clocks->len, 2); /* HELD of both messages: nothing else runs */
    says(play_fire_policy(&s.play, POLICY_HELD), "no effect\n");
    play_end(&s.play);
}

/* Sent and taken back in one batch: it has no number yet, so nobody can hold it. */
static void test_recall_in_the_same_batch(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    held(&s, "cjip");
    play_ref(&s.play, &s.first.id)->delivery = 0;
    has(recall(&s, &s.first.id), "RECALLED carat stopped\n");
    assert_true(g_array_index(s.play.last.recalls, RecallRow, 0).stopped);
    play_end(&s.play);
}

/* Nobody hears that a message was not held which its sender has taken back. */
static void test_recalled_is_not_missed(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    recall(&s, &s.first.id);
    says(play_fire_policy(&s.play, POLICY_HELD), "CLOCK_FIRED cjip held\n");
    play_end(&s.play);
}

static void test_recall_told(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    held(&s, "cjip");
    has(answer(&s, "cjip", RELEASE_REPLY_WILL), "ACCEPTED");
    TcId named = head_of(&s)->newest_answer;
    held(&s, "carat");
    Message stranger = play_message(&s.play, KIND_RECALL, "carat", "carat");
    stranger.conversation = s.first.conversation;
    stranger.in_reply_to = named;
    stranger.recipient = "cjip";
    says(play_send(&s.play, &stranger), "refused not_allowed header.in_reply_to\n"); /* only its own sender takes it back */
    has(recall(&s, &named), "RECALLED cjip told\nMESSAGE>carat\n");
    assert_state(&s, "open"); /* somebody must be named again */
    assert_true(play_runs(&s.play, POLICY_NAMED));
    has(recall(&s, &s.first.id), "EVIDENCE>carat RECALL_TOLD by cjip\n");
    assert_state(&s, "recalled");
    assert_false(play_runs(&s.play, POLICY_NAMED));
    play_end(&s.play);
}

static void test_recall_of_an_older_version(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    Message message = amended(&s);
    has(play_send(&s.play, &message), "ACCEPTED");
    has(recall(&s, &s.first.id), "RECALLED carat stopped\n");
    assert_state(&s, "open");
    assert_int_equal(s.play.last.conversation_event, CONVERSATION_OLDER_RECALLED);
    play_end(&s.play);
}

static void test_recall_of_a_recall(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    has(recall(&s, &s.first.id), "ACCEPTED");
    TcId id = g_array_index(s.play.messages, MessageRef, 1).id;
    says(recall(&s, &id), "refused not_allowed header.in_reply_to\n");
    play_end(&s.play);
}

static void test_recalled_dose_answer(void **state)
{
    Story s;
    (void)state;
    asked(&s);
    dose_answer(&s, DOSE_REPLY_CONFIRMED, NULL);
    s.play.world.now += 5 * WORLD_HOUR;
    TcId confirmed = head_of(&s)->newest_answer;
    has(recall(&s, &confirmed), "+dose_answered in 15m\n"); /* needed by has passed: at once, all but */
    assert_state(&s, "requested");
    play_end(&s.play);
}

/* ---- Silence ---- */

static void test_not_held(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    says(play_fire_policy(&s.play, POLICY_HELD),
         "CLOCK_FIRED cjip held\nESCALATED spoc held/spoc\nEVIDENCE>carat NOT_HELD by cjip HELD\n"
         "EVIDENCE>carat ESCALATED by spoc HELD/SPOC\nMESSAGE>spoc\nNOTICE>spoc HELD/SPOC for cjip rung 0\n+told in 5m\n");
    says(held(&s, "cjip"), "HELD cjip 1-1\nEVIDENCE>carat HELD by cjip\n");
    play_end(&s.play);
}

static void test_held_in_time(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    held(&s, "cjip");
    says(play_fire_policy(&s.play, POLICY_HELD), "no effect\n");
    play_end(&s.play);
}

static void test_answers_not_held_tell_their_sender_only(void **state)
{
    Story s;
    (void)state;
    asked(&s);
    held(&s, "health");
    dose_answer(&s, DOSE_REPLY_CONFIRMED, NULL);
    says(play_fire(&s.play, &g_array_index(s.play.clocks, ClockDue, s.play.clocks->len - 1)),
         "CLOCK_FIRED prescriber held\nEVIDENCE>health NOT_HELD by prescriber HELD\n");
    play_end(&s.play);
}

static void test_not_named(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    held(&s, "cjip");
    says(play_fire_policy(&s.play, POLICY_NAMED),
         "CLOCK_FIRED cjip named\nESCALATED spoc named/spoc\nCLOCK_STARTED cjip contact\nEVIDENCE>carat NOT_ANSWERED by cjip NAMED\n"
         "EVIDENCE>carat NOT_OPENED by cjip NAMED\nEVIDENCE>carat ESCALATED by spoc NAMED/SPOC\nMESSAGE>spoc\n"
         "NOTICE>spoc NAMED/SPOC for cjip rung 0\n+told in 5m\n+contact in 40440m\n");
    says(play_confirm(&s.play, "spoc", (Confirmation){ .step = STEP_TOLD, .delivery = 2, .worker = "w-9" }),
         "TOLD spoc w-9\nCLOCK_STOPPED cjip told\nEVIDENCE>carat TOLD by spoc NAMED/SPOC\n");
    assert_false(play_runs(&s.play, POLICY_TOLD));
    says(play_confirm(&s.play, "spoc", (Confirmation){ .step = STEP_TOLD, .delivery = 2 }), "no effect\n");
    says(play_confirm(&s.play, "spoc", (Confirmation){ .step = STEP_TOLD, .delivery = 1 }),
         "refused not_found confirmation.delivery\n");
    has(answer(&s, "spoc", RELEASE_REPLY_WILL), "MESSAGE>carat\nMESSAGE>cjip\n"); /* who was told counts, and cjip hears */
    assert_state(&s, "named");
    play_end(&s.play);
}

static void test_opened_is_not_answered(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    play_confirm(&s.play, "cjip", (Confirmation){ .step = STEP_OPENED, .message = s.first.id });
    has(play_fire_policy(&s.play, POLICY_NAMED), "NOT_ANSWERED by cjip NAMED\n");
    lacks(s.play.text, "NOT_OPENED");
    play_end(&s.play);
}

static void test_nobody_told(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    play_fire_policy(&s.play, POLICY_NAMED);
    says(play_fire_policy(&s.play, POLICY_TOLD),
         "CLOCK_FIRED spoc told\nESCALATED cjip named/nobody\nEVIDENCE>carat NOT_TOLD by spoc NAMED/SPOC\n"
         "EVIDENCE>carat NOBODY_TOLD by cjip NAMED\n+told in 30m\n");
    has(play_fire_policy(&s.play, POLICY_TOLD), "NOTICE>spoc NAMED/SPOC for cjip rung 0\n+told in 5m\n");
    lacks(s.play.text, "MESSAGE>spoc"); /* it has that already */
    has(play_confirm(&s.play, "spoc", (Confirmation){ .step = STEP_NOT_TOLD, .delivery = 3 }),
        "NOT_TOLD spoc\nCLOCK_STOPPED cjip told\nESCALATED cjip named/nobody\n");
    has(answer(&s, "cjip", RELEASE_REPLY_WILL), "CLOCK_STOPPED cjip told\n");
    assert_false(play_runs(&s.play, POLICY_TOLD));
    play_end(&s.play);
}

static void test_dose_ladder(void **state)
{
    Story s;
    (void)state;
    asked(&s);
    has(play_fire_policy(&s.play, POLICY_DOSE_ANSWERED), "NOTICE>manager DOSE_ANSWERED/MANAGER for health rung 0\n");
    lacks(s.play.text, "MESSAGE>"); /* a manager is told that it waits, not what it says */
    has(play_fire_policy(&s.play, POLICY_TOLD),
        "EVIDENCE>prescriber NOT_TOLD by manager DOSE_ANSWERED/MANAGER\nEVIDENCE>prescriber ESCALATED by spoc "
        "DOSE_ANSWERED/SPOC\nMESSAGE>spoc\nNOTICE>spoc DOSE_ANSWERED/SPOC for health rung 1\n");
    has(play_confirm(&s.play, "manager", (Confirmation){ .step = STEP_TOLD, .delivery = 1 }), "TOLD manager\n");
    assert_true(play_runs(&s.play, POLICY_TOLD)); /* too late for its rung: the SPOC is being told */
    Message message = reply(&s, KIND_DOSE_ANSWER, "spoc", "prescriber");
    says(play_send(&s.play, &message), "refused not_allowed header.kind\n"); /* it cannot know */
    has(dose_answer(&s, DOSE_REPLY_CONFIRMED, NULL), "CLOCK_STOPPED health told\n");
    play_end(&s.play);
}

static void test_rungs_nobody_holds(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message message = play_message(&play, KIND_DOSE_REQUEST, "prescriber", "pharmacy"); /* has no manager */
    message.due_at = WORLD_NOW + WORLD_HOUR;
    play_send(&play, &message);
    play.blocked = "spoc";
    has(play_fire_policy(&play, POLICY_DOSE_ANSWERED), "NOBODY_TOLD by pharmacy DOSE_ANSWERED\n");
    lacks(play.text, "NOTICE");
    play.blocked = NULL;
    has(play_fire_policy(&play, POLICY_TOLD), "NOTICE>spoc DOSE_ANSWERED/SPOC for pharmacy rung 1\n");
    play_end(&play);
}

/* The manager and the SPOC are one service: it is told once, then the ladder ends. */
static void test_same_holder_twice(void **state)
{
    Story s;
    (void)state;
    asked(&s);
    tc_directory_unref(s.play.directory);
    s.play.world.directory = s.play.directory = world_directory_with("manager", WORLD_NOW);
    has(play_fire_policy(&s.play, POLICY_DOSE_ANSWERED), "NOTICE>manager DOSE_ANSWERED/MANAGER for health rung 0\n");
    has(play_fire_policy(&s.play, POLICY_TOLD), "NOBODY_TOLD by health DOSE_ANSWERED\n");
    play_end(&s.play);
}

static void test_stale_clock(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    ClockDue named = g_array_index(s.play.clocks, ClockDue, 1);
    assert_int_equal(named.policy, POLICY_NAMED);
    answer(&s, "cjip", RELEASE_REPLY_WILL);
    says(play_fire(&s.play, &named), "no effect\n");
    play_end(&s.play);
}

static void test_no_contact(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    answer(&s, "cjip", RELEASE_REPLY_WILL);
    /* the notification, and who was named: whom to ask */
    has(play_fire_policy(&s.play, POLICY_CONTACT), "MESSAGE>spoc\nMESSAGE>spoc\nNOTICE>spoc CONTACT/SPOC for cjip rung 0\n");
    has(report(&s, "cjip", "carat", OUTCOME_MET), "CLOCK_STOPPED cjip told\n");
    has(s.play.text, "MESSAGE>carat\nMESSAGE>spoc\n");
    play_end(&s.play);
}

/* ---- Held ---- */

static void test_held_is_cumulative(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    for (int i = 0; i < 3; i++) {
        Message message = play_message(&play, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
        play_send(&play, &message);
    }
    says(play_confirm(&play, "cjip", (Confirmation){ .step = STEP_HELD, .upto = 2 }),
         "HELD cjip 1-2\nEVIDENCE>carat HELD by cjip of 2\n");
    says(play_confirm(&play, "cjip", (Confirmation){ .step = STEP_HELD, .upto = 2 }), "no effect\n");
    says(play_confirm(&play, "cjip", (Confirmation){ .step = STEP_HELD, .upto = 4 }), "refused not_found confirmation.upto\n");
    says(play_confirm(&play, "cjip", (Confirmation){ .step = STEP_HELD, .upto = 3 }),
         "HELD cjip 3-3\nEVIDENCE>carat HELD by cjip\n");
    play_end(&play);
}

static void add_held(GArray *held, const char *sender, uint16_t number)
{
    MessageRef ref = { .id = { { 1, (uint8_t)(number >> 8), (uint8_t)number } } };
    g_strlcpy(ref.sender, sender, sizeof ref.sender);
    g_array_append_val(held, ref);
}

static void test_held_in_bulk(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Event *event = play_event(&play, ITEM_CONFIRMATION, "cjip");
    event->item.confirmation = (Confirmation){ .step = STEP_HELD, .service = "cjip", .station = "desk", .upto = 600 };
    event->known.held = g_array_new(FALSE, TRUE, sizeof(MessageRef));
    for (uint16_t i = 0; i < 600; i++)
        add_held(event->known.held, i % 2 == 0 ? "carat" : "spoc", i);
    says(play_decide(&play, event), "HELD cjip 1-600\nEVIDENCE>carat HELD by cjip of 256\nEVIDENCE>carat HELD by cjip of 44\n"
                                    "EVIDENCE>spoc HELD by cjip of 256\nEVIDENCE>spoc HELD by cjip of 44\n");
    play_end(&play);
}

/* A second station catching up moves its own floor only. */
static void test_second_station(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Event *event = play_event(&play, ITEM_CONFIRMATION, "cjip");
    event->item.confirmation = (Confirmation){ .step = STEP_HELD, .service = "cjip", .station = "desk", .upto = 5 };
    event->known.floor_service = 9;
    event->known.floor_station = 3;
    event->known.held = g_array_new(FALSE, TRUE, sizeof(MessageRef));
    add_held(event->known.held, "carat", 1);
    says(play_decide(&play, event), "HELD cjip 4-5\n");
    assert_int_equal(play.last.floors->len, 1);
    play_end(&play);
}

/* ---- Wraps ---- */

static Wrap wrap_for(Play *play, const TcId *message, const char *maker, WrapKey *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        keys[i].key_id = world_sealing_key(keys[i].service);
    return (Wrap){ .id = play_new_id(play), .message = *message, .maker = maker, .made_at = play->world.now,
                   .content_digest = { { 0xc0 } }, .keys = keys, .key_count = count };
}

static void test_first_wrap(void **state)
{
    Story s;
    WrapKey keys[] = { { .service = "cjip", .part = PART_MINIMUM }, { .service = "cjip", .part = PART_RISK },
                       { .service = "spoc", .part = PART_MINIMUM }, { .service = "carat", .part = PART_MINIMUM } };
    (void)state;
    notified(&s);
    Wrap wrap = wrap_for(&s.play, &s.first.id, "carat", keys, G_N_ELEMENTS(keys));
    says(play_wrap(&s.play, &wrap), "WRAPPED carat\n"); /* it travels with the message */
    assert_non_null(s.play.last.store_wrap);
    play_end(&s.play);
}

static void test_grants(void **state)
{
    Story s;
    WrapKey for_cjip[] = { { .service = "cjip", .part = PART_MINIMUM }, { .service = "cjip", .part = PART_RISK } };
    WrapKey for_spoc[] = { { .service = "spoc", .part = PART_MINIMUM } };
    (void)state;
    notified(&s);
    says(play_confirm(&s.play, "cjip", (Confirmation){ .step = STEP_CANNOT_OPEN, .message = s.first.id,
                                                       .parts = { PART_MINIMUM, PART_RISK }, .part_count = 2 }),
         "CANNOT_OPEN cjip\nWRAP_REQUESTED carat cjip\nWRAP_REQUEST>carat for cjip, 2 parts\n");
    says(play_confirm(&s.play, "cjip", (Confirmation){ .step = STEP_CANNOT_OPEN, .message = s.first.id }), /* keys lost again */
         "CANNOT_OPEN cjip\nWRAP_REQUESTED carat cjip\nWRAP_REQUEST>carat for cjip, 0 parts\n");
    Wrap wrap = wrap_for(&s.play, &s.first.id, "carat", for_cjip, 2);
    wrap.request = 1;
    says(play_wrap(&s.play, &wrap), "WRAPPED carat\nWRAPS>cjip\n");
    play_fire_policy(&s.play, POLICY_NAMED);
    says(play_confirm(&s.play, "spoc", (Confirmation){ .step = STEP_CANNOT_OPEN, .message = s.first.id,
                                                       .parts = { PART_MINIMUM, PART_RISK }, .part_count = 2 }),
         "CANNOT_OPEN spoc\nWRAP_REQUESTED carat spoc\nWRAP_REQUESTED cjip spoc\n"
         "WRAP_REQUEST>carat for spoc, 1 parts\nWRAP_REQUEST>cjip for spoc, 1 parts\n");
    wrap = wrap_for(&s.play, &s.first.id, "cjip", for_spoc, 1);
    says(play_wrap(&s.play, &wrap), "WRAPPED cjip\nWRAPS>spoc\n");
    /* the sender has lost its own keys: whoever holds the message's helps */
    says(play_confirm(&s.play, "carat", (Confirmation){ .step = STEP_CANNOT_OPEN, .message = s.first.id }),
         "CANNOT_OPEN carat\nWRAP_REQUESTED cjip carat\nWRAP_REQUESTED spoc carat\n"
         "WRAP_REQUEST>cjip for carat, 0 parts\nWRAP_REQUEST>spoc for carat, 0 parts\n");
    says(play_confirm(&s.play, "gp", (Confirmation){ .step = STEP_CANNOT_OPEN, .message = s.first.id }),
         "refused not_a_party confirmation.message\n");
    play_end(&s.play);
}

static void test_wrap_refusals(void **state)
{
    Story s;
    WrapKey stranger[] = { { .service = "gp", .part = PART_MINIMUM } };
    WrapKey spoc_all[] = { { .service = "spoc", .part = PART_CLINICAL } };
    WrapKey good[] = { { .service = "cjip", .part = PART_MINIMUM } };
    (void)state;
    notified(&s);
    Wrap wrap = wrap_for(&s.play, &s.first.id, "carat", stranger, 1);
    says(play_wrap(&s.play, &wrap), "refused not_entitled wrap.keys.service\n");
    wrap = wrap_for(&s.play, &s.first.id, "carat", spoc_all, 1); /* the SPOC's share is the minimum until it is told */
    says(play_wrap(&s.play, &wrap), "refused not_entitled wrap.keys.service\n");
    wrap = wrap_for(&s.play, &s.first.id, "cjip2", good, 1);
    says(play_wrap(&s.play, &wrap), "refused not_a_party wrap.maker\n");
    wrap = wrap_for(&s.play, &wrap.id, "carat", good, 1);
    says(play_wrap(&s.play, &wrap), "refused not_found wrap.message\n");
    wrap = wrap_for(&s.play, &s.first.id, "carat", good, 1);
    wrap.content_digest.b[0] ^= 1;
    says(play_wrap(&s.play, &wrap), "refused wrong_digest wrap.content_digest\n");
    wrap = wrap_for(&s.play, &s.first.id, "carat", good, 1);
    good[0].key_id = world_sealing_key("gp");
    says(play_wrap(&s.play, &wrap), "refused not_entitled wrap.keys.key_id\n");
    wrap = wrap_for(&s.play, &s.first.id, "carat", good, 1);
    tc_uuid_floor(WORLD_NOW + WORLD_HOUR, wrap.id.b);
    says(play_wrap(&s.play, &wrap), "refused clock_ahead wrap.id\n");
    recall(&s, &s.first.id);
    wrap = wrap_for(&s.play, &s.first.id, "carat", good, 1);
    says(play_wrap(&s.play, &wrap), "refused already_recalled wrap.message\n");
    play_end(&s.play);
}

static void test_wrap_again(void **state)
{
    Story s;
    WrapKey keys[] = { { .service = "cjip", .part = PART_MINIMUM } };
    (void)state;
    notified(&s);
    for (int other = 0; other < 2; other++) {
        Event *event = play_event(&s.play, ITEM_WRAP, "carat");
        event->item.wrap = wrap_for(&s.play, &s.first.id, "carat", keys, 1);
        event->known.duplicate.id = event->item.wrap.id;
        event->known.duplicate.digest.b[0] = (uint8_t)other;
        says(play_decide(&s.play, event), other ? "refused id_reused wrap.id\n" : "no effect\n");
    }
    play_end(&s.play);
}

/* ---- A service with two stations ---- */

static void with_two_stations(Story *story, const char *service)
{
    world_two_stations = service;
    notified(story);
    world_two_stations = NULL;
}

static const DeliveryRow *delivered(const Story *story, const char *recipient)
{
    for (guint i = 0; i < story->play.last.deliveries->len; i++) {
        const DeliveryRow *row = &g_array_index(story->play.last.deliveries, DeliveryRow, i);
        if (strcmp(row->recipient, recipient) == 0)
            return row;
    }
    return NULL;
}

/* What one station sends goes into its own service's queue too, whatever its kind, and nowhere else. */
static void test_own_stations(void **state)
{
    Story s;
    (void)state;
    notified(&s);
    assert_null(delivered(&s, "carat")); /* one station: not a row more */
    play_end(&s.play);
    with_two_stations(&s, "carat");
    assert_int_equal(delivered(&s, "carat")->type, DELIVERY_MESSAGE);
    assert_true(tc_id_equal(&delivered(&s, "carat")->message, &s.first.id));
    assert_int_equal(play_ref(&s.play, &s.first.id)->delivery, 1); /* in the recipient's queue */
    Message message = amended(&s);
    has(play_send(&s.play, &message), "MESSAGE>cjip\nMESSAGE>carat\n");
    lacks(answer(&s, "cjip", RELEASE_REPLY_WILL), "MESSAGE>cjip\n"); /* that service has one */
    has(recall(&s, &s.first.id), "MESSAGE>cjip\nMESSAGE>carat\n");
    play_end(&s.play);
    with_two_stations(&s, "cjip");
    has(answer(&s, "cjip", RELEASE_REPLY_WILL), "MESSAGE>carat\nMESSAGE>cjip\n");
    play_end(&s.play);
}

/* No clock starts from it, and holding it is evidence for nobody: the sender is told when the recipient holds it. */
static void test_own_stations_are_no_evidence(void **state)
{
    Story s;
    (void)state;
    with_two_stations(&s, "carat");
    assert_int_equal(s.play.clocks->len, 2); /* HELD and NAMED, both of the recipient */
    for (guint i = 0; i < s.play.clocks->len; i++)
        assert_string_equal(g_array_index(s.play.clocks, ClockDue, i).waiting_for, "cjip");
    says(held(&s, "carat"), "HELD carat 1-1\n");
    has(play_fire_policy(&s.play, POLICY_HELD), "EVIDENCE>carat NOT_HELD");
    has(held(&s, "cjip"), "EVIDENCE>carat HELD by cjip\n");
    says(play_confirm(&s.play, "carat", (Confirmation){ .step = STEP_OPENED, .message = s.first.id, .worker = "w" }), "refused not_a_party confirmation.message\n");
    play_end(&s.play);
}

/* Its other stations hold the keys that one of them has lost. */
static void test_own_stations_grant(void **state)
{
    Story s;
    WrapKey keys[] = { { .service = "carat", .part = PART_MINIMUM } };
    (void)state;
    with_two_stations(&s, "carat");
    says(play_confirm(&s.play, "carat", (Confirmation){ .step = STEP_CANNOT_OPEN, .message = s.first.id }),
         "CANNOT_OPEN carat\nWRAP_REQUESTED carat carat\nWRAP_REQUESTED cjip carat\n"
         "WRAP_REQUEST>carat for carat, 0 parts\nWRAP_REQUEST>cjip for carat, 0 parts\n");
    Wrap wrap = wrap_for(&s.play, &s.first.id, "carat", keys, 1);
    says(play_wrap(&s.play, &wrap), "WRAPPED carat\n"); /* the first one travels with the message */
    wrap = wrap_for(&s.play, &s.first.id, "carat", keys, 1);
    wrap.request = 2;
    says(play_wrap(&s.play, &wrap), "WRAPPED carat\nWRAPS>carat\n");
    play_end(&s.play);
}

/* ---- Linkage ---- */

static Message with_token(Play *play, const char *sender, const char *recipient, uint8_t strong, uint8_t born)
{
    bool dose = strcmp(sender, "prescriber") == 0;
    Message message = play_message(play, dose ? KIND_DOSE_REQUEST : KIND_RELEASE_NOTIFICATION, sender, recipient);
    message.due_at = WORLD_NOW + WORLD_DAY;
    message.tokens[0] = (TokenPair){ { { strong } }, { { born } } };
    message.token_count = 1;
    return message;
}

static void test_linkage(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message message = with_token(&play, "carat", "cjip", 1, 1);
    has(play_send(&play, &message), "linked\n");
    TcId client = play.last.head.client;
    assert_false(tc_id_is_none(&client));
    message = with_token(&play, "prescriber", "health", 1, 1);
    has(play_send(&play, &message), "linked\n");
    assert_true(tc_id_equal(&play.last.head.client, &client));
    message = with_token(&play, "prescriber", "health", 1, 2); /* same number, another birthday: perhaps */
    has(play_send(&play, &message), "linked\npossible\n");
    has(play.text, "EVIDENCE>prescriber POSSIBLE_MATCH by prescriber\n"); /* whoever takes part in this conversation, and nobody else */
    has(play.text, "EVIDENCE>health POSSIBLE_MATCH by prescriber\n");
    lacks(play.text, "EVIDENCE>carat");
    assert_false(tc_id_equal(&play.last.head.client, &client));
    message = with_token(&play, "carat", "cjip", 2, 1);
    has(play_send(&play, &message), "linked\n");
    assert_false(tc_id_equal(&play.last.head.client, &client));
    message = play_message(&play, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
    lacks(play_send(&play, &message), "linked\n");
    play_end(&play);
}

/* Two that arrive together, neither knowing of the other, meet in one client. */
static void test_linkage_at_once(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message message = with_token(&play, "carat", "cjip", 1, 1);
    play_send(&play, &message);
    TcId client = play.last.head.client;
    g_array_set_size(play.tokens, 0);
    message = with_token(&play, "prescriber", "health", 1, 1);
    play_send(&play, &message);
    assert_true(tc_id_equal(&play.last.head.client, &client));
    play_end(&play);
}

/* ---- Acts of the operator ---- */

static void test_admin(void **state)
{
    Play play;
    AdminAct act = { .audit_event = AUDIT_BLOCKED, .subject = "gp", .detail = "by uid 0" };
    (void)state;
    play_init(&play);
    says(play_decide(&play, event_new_admin(&act, play.directory)), "BLOCKED gp by uid 0\n");
    act = (AdminAct){ .audit_event = AUDIT_DIRECTORY, .detail = "serial 7", .body = { (const uint8_t *)"abc", 3 } };
    says(play_decide(&play, event_new_admin(&act, play.directory)), "DIRECTORY  serial 7\n");
    TcDigest digest;
    tc_digest_directory("abc", 3, &digest);
    assert_true(tc_digest_equal(&g_array_index(play.last.audit, AuditRow, 0).digest, &digest));
    play_end(&play);
}

/* ---- Anything in any order ---- */

static Message random_message(Story *s, GRand *rand)
{
    static const int kinds[] = { KIND_RELEASE_NOTIFICATION, KIND_RELEASE_NOTIFICATION, KIND_RELEASE_ANSWER,
                                 KIND_MEETING_REPORT, KIND_RECALL };
    static const char *const services[] = { "carat", "cjip", "cjip2", "spoc", "tier2" };
    const GArray *messages = s->play.messages;
    Message message = reply(s, kinds[g_rand_int_range(rand, 0, 5)], services[g_rand_int_range(rand, 0, 5)],
                            services[g_rand_int_range(rand, 0, 5)]);
    if (message.kind == KIND_RELEASE_NOTIFICATION) {
        Message next = amended(s);
        next.recipient = services[g_rand_int_range(rand, 1, 5)];
        next.event_at += g_rand_int_range(rand, -3, 3) * WORLD_DAY;
        next.group.release.certainty = g_rand_int_range(rand, 2, 7);
        return next;
    }
    if (message.kind == KIND_RECALL) {
        const MessageRef *ref = &g_array_index(messages, MessageRef, g_rand_int_range(rand, 0, (int)messages->len));
        message.in_reply_to = ref->id;
        message.sender = g_intern_string(ref->sender);
        message.recipient = g_intern_string(ref->recipient);
    }
    message.group.release_answer.reply = g_rand_int_range(rand, 1, 4);
    message.group.meeting.outcome = g_rand_int_range(rand, 1, 8);
    return message;
}

static void random_step(Story *s, GRand *rand)
{
    static const char *const services[] = { "carat", "cjip", "cjip2", "spoc", "tier2" };
    const char *service = services[g_rand_int_range(rand, 0, 5)];
    play_wait(&s->play, s->play.world.now + g_rand_int_range(rand, 0, 90) * WORLD_MINUTE);
    switch (g_rand_int_range(rand, 0, 6)) {
    case 0:
        if (s->play.clocks->len > 0)
            play_fire(&s->play, &g_array_index(s->play.clocks, ClockDue, g_rand_int_range(rand, 0, (int)s->play.clocks->len)));
        break;
    case 1: held(s, service); break;
    case 2:
        play_confirm(&s->play, service,
                     (Confirmation){ .step = g_rand_boolean(rand) ? STEP_TOLD : STEP_NOT_TOLD,
                                     .delivery = (uint64_t)g_rand_int_range(rand, 1, 20) });
        break;
    default: {
        Message message = random_message(s, rand);
        play_send(&s->play, &message);
    }
    }
}

/* play_decide and its helpers hold every step to: same input, same rows; no rows without effect; no clock ends that does not run;
 * versions without gaps. Here: a head and the clocks that run always say the same. */
static void test_random_lives(void **state)
{
    (void)state;
    for (guint32 seed = 1; seed <= 150; seed++) {
        Story s;
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        notified(&s);
        for (int step = 0; step < 60; step++) {
            random_step(&s, rand);
            const Head *head = head_of(&s);
            size_t running = 0, slots = 0;
            for (guint i = 0; i < s.play.clocks->len; i++)
                running += g_array_index(s.play.clocks, ClockDue, i).policy != POLICY_HELD;
            for (size_t i = 0; i < G_N_ELEMENTS(head->clocks); i++)
                slots += !tc_id_is_none(&head->clocks[i].id);
            assert_int_equal(running, slots);
            if (head->state >= RELEASE_MET)
                assert_false(head->clocks[CLOCK_SLOT_ANSWER].policy != POLICY_NONE);
        }
        play_end(&s.play);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_release_whole),
        cmocka_unit_test(test_dose_whole),
        cmocka_unit_test(test_same_again),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_not_yours),
        cmocka_unit_test(test_disputed),
        cmocka_unit_test(test_outsiders),
        cmocka_unit_test(test_amendments),
        cmocka_unit_test(test_versions_do_not_put_off),
        cmocka_unit_test(test_readdressed),
        cmocka_unit_test(test_readdressed_and_silent),
        cmocka_unit_test(test_happened),
        cmocka_unit_test(test_reports_correct_each_other),
        cmocka_unit_test(test_recall_stopped),
        cmocka_unit_test(test_recall_in_the_same_batch),
        cmocka_unit_test(test_recalled_is_not_missed),
        cmocka_unit_test(test_recall_told),
        cmocka_unit_test(test_recall_of_an_older_version),
        cmocka_unit_test(test_recall_of_a_recall),
        cmocka_unit_test(test_recalled_dose_answer),
        cmocka_unit_test(test_not_held),
        cmocka_unit_test(test_held_in_time),
        cmocka_unit_test(test_answers_not_held_tell_their_sender_only),
        cmocka_unit_test(test_not_named),
        cmocka_unit_test(test_opened_is_not_answered),
        cmocka_unit_test(test_nobody_told),
        cmocka_unit_test(test_dose_ladder),
        cmocka_unit_test(test_rungs_nobody_holds),
        cmocka_unit_test(test_same_holder_twice),
        cmocka_unit_test(test_stale_clock),
        cmocka_unit_test(test_no_contact),
        cmocka_unit_test(test_held_is_cumulative),
        cmocka_unit_test(test_held_in_bulk),
        cmocka_unit_test(test_second_station),
        cmocka_unit_test(test_first_wrap),
        cmocka_unit_test(test_grants),
        cmocka_unit_test(test_wrap_refusals),
        cmocka_unit_test(test_wrap_again),
        cmocka_unit_test(test_own_stations), cmocka_unit_test(test_own_stations_are_no_evidence), cmocka_unit_test(test_own_stations_grant),
        cmocka_unit_test(test_linkage),
        cmocka_unit_test(test_linkage_at_once),
        cmocka_unit_test(test_admin),
        cmocka_unit_test(test_random_lives),
    };
    return cmocka_run_group_tests_name("decide", tests, NULL, NULL);
}
