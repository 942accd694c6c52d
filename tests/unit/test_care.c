/* Who is answerable, from the first to take a client up to the last: the mission's kinds decided one after another, and what each
 * may not do. The play itself holds every version to what the database holds it to: no gap, no foreign hand-over. */
#include "unit.h"
#include "world.h"

typedef struct Case { Play play; TcId conversation, client; } Case;

static void has(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("\n%s\nis not in\n%s", wanted, text);
}

static void says(const char *text, const char *wanted)
{
    if (strcmp(text, wanted) != 0)
        fail_msg("\n%s\ninstead of\n%s", text, wanted);
}

static Message starts(Case *c, int kind, const char *sender, const char *recipient)
{
    Message message = play_message(&c->play, kind, sender, recipient);
    message.urgency = URGENCY_ROUTINE;
    return message;
}

/* Sends a conversation's first message and goes on with that conversation. */
static const char *start(Case *c, const Message *message)
{
    const char *text = play_send(&c->play, message);
    const Head *head = play_head(&c->play, &message->id);
    if (head != NULL) {
        c->conversation = message->id;
        c->client = head->client;
    }
    return text;
}

static Message replies(Case *c, int kind, const char *sender, const char *recipient, int code)
{
    Message message = play_message(&c->play, kind, sender, recipient);
    message.conversation = c->conversation;
    message.in_reply_to = play_head(&c->play, &c->conversation)->newest_notification;
    message.group.coded.code = code;
    message.group.coded.worker = "w-1";
    return message;
}

static const char *reply(Case *c, int kind, const char *sender, const char *recipient, int code)
{
    Message message = replies(c, kind, sender, recipient, code);
    return play_send(&c->play, &message);
}

static const char *appoint(Case *c, const char *sender, const char *recipient, int64_t at)
{
    Message message = replies(c, KIND_APPOINTMENT, sender, recipient, APPOINTMENT_MADE);
    message.event_at = at;
    return play_send(&c->play, &message);
}

static void assert_care(Case *c, const char *coordinator, const char *residual)
{
    Care care = play_care(&c->play, &c->client);
    assert_string_equal(care.coordinator, coordinator);
    assert_string_equal(care.residual, residual);
}

static void assert_state(Case *c, const char *name)
{
    const Head *head = play_head(&c->play, &c->conversation);
    assert_string_equal(machine_state_name(head->machine, head->state), name);
}

static const char *offer(Case *c, const char *sender, const char *recipient, int scope, const TcId *about)
{
    Message message = starts(c, KIND_TRANSFER_OFFER, sender, recipient);
    message.about = *about;
    message.group.coded.type = scope;
    return start(c, &message);
}

static const char *drops_out(Case *c, const char *sender, const char *recipient, int tier, const TcId *about)
{
    Message message = starts(c, KIND_DROP_OUT, sender, recipient);
    message.about = *about;
    message.group.coded.type = tier;
    return start(c, &message);
}

static const char *attempts(Case *c, const char *sender, const char *recipient, int channel, int result)
{
    Message message = replies(c, KIND_ATTEMPT, sender, recipient, result);
    message.group.coded.type = channel;
    return play_send(&c->play, &message);
}

/* Seen in the cell by the arrest referral worker, taken on by the CJIP team. */
static void in_the_cell(Case *c)
{
    play_init(&c->play);
    Message message = starts(c, KIND_REFERRAL, "arrest", "cjip");
    message.urgency = URGENCY_BEFORE_LEAVES_CELL;
    start(c, &message);
}

static void taken_on(Case *c)
{
    in_the_cell(c);
    reply(c, KIND_REFERRAL_ANSWER, "cjip", "arrest", REFERRAL_REPLY_ACCEPT);
}

/* ---- A referral ---- */

static void test_the_finder_holds_until_somebody_takes_on(void **state)
{
    Case c;
    (void)state;
    in_the_cell(&c);
    says(c.play.text, "ACCEPTED arrest\nCLOCK_STARTED cjip cell_answered\nCOORDINATION arrest taken_up/1\nMESSAGE>cjip\n"
                      "EVIDENCE>arrest ANSWERABLE by arrest\n+held in 60m\n+cell_answered in 60m\n");
    says(reply(&c, KIND_REFERRAL_ANSWER, "cjip", "arrest", REFERRAL_REPLY_ACCEPT),
         "ACCEPTED cjip\nCLOCK_STOPPED cjip cell_answered\nCLOCK_STARTED cjip booked\nCOORDINATION cjip passed/2\nMESSAGE>arrest\n"
         "EVIDENCE>cjip ANSWERABLE by cjip\nEVIDENCE>arrest ANSWERABLE by cjip\n+held in 60m\n+booked in 159m\n");
    assert_care(&c, "cjip", "");
    assert_string_equal(play_care(&c.play, &c.client).worker, "w-1");
    play_end(&c.play);
}

static void test_a_case_manager_keeps_whom_he_refers(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    Message message = starts(&c, KIND_REFERRAL, "cjip", "tier3");
    message.about = c.conversation;
    has(start(&c, &message), "ACCEPTED cjip");
    has(reply(&c, KIND_REFERRAL_ANSWER, "tier3", "cjip", REFERRAL_REPLY_ACCEPT), "ACCEPTED tier3");
    assert_care(&c, "cjip", "");
    play_end(&c.play);
}

static void test_answers_once(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    says(reply(&c, KIND_REFERRAL_ANSWER, "cjip", "arrest", REFERRAL_REPLY_DECLINE), "refused wrong_state header.kind accepted\n");
    says(reply(&c, KIND_REFERRAL_ANSWER, "cjip", "arrest", REFERRAL_REPLY_ACCEPT), "refused wrong_state header.kind accepted\n");
    says(reply(&c, KIND_REFERRAL_ANSWER, "tier3", "arrest", REFERRAL_REPLY_ACCEPT), "refused not_a_party header.conversation\n");
    play_end(&c.play);
}

static void test_declined_goes_to_the_spoc(void **state)
{
    Case c;
    (void)state;
    in_the_cell(&c);
    has(reply(&c, KIND_REFERRAL_ANSWER, "cjip", "arrest", REFERRAL_REPLY_DECLINE), "NOTICE>spoc CELL_ANSWERED/SPOC for cjip");
    assert_care(&c, "arrest", "");
    has(reply(&c, KIND_REFERRAL_ANSWER, "spoc", "arrest", REFERRAL_REPLY_ACCEPT), "COORDINATION spoc passed/2");
    assert_care(&c, "spoc", "");
    play_end(&c.play);
}

static void test_asked_and_replied(void **state)
{
    Case c;
    (void)state;
    in_the_cell(&c);
    has(reply(&c, KIND_REFERRAL_ANSWER, "cjip", "arrest", REFERRAL_REPLY_ASK), "CLOCK_STOPPED cjip cell_answered");
    Message message = starts(&c, KIND_REFERRAL, "arrest", "cjip");
    message.conversation = c.conversation;
    message.supersedes = c.conversation;
    message.urgency = URGENCY_SAME_DAY;
    has(play_send(&c.play, &message), "CLOCK_STARTED cjip same_day_answered");
    assert_state(&c, "asked");
    play_end(&c.play);
}

static void test_missed_and_found(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    has(appoint(&c, "cjip", "arrest", c.play.world.now + WORLD_DAY), "CLOCK_STOPPED cjip booked\nCLOCK_STARTED cjip seen");
    assert_state(&c, "booked");
    play_wait(&c.play, c.play.world.now + WORLD_DAY + WORLD_HOUR);
    has(reply(&c, KIND_ATTENDANCE, "cjip", "arrest", ATTENDANCE_DID_NOT_ATTEND), "CLOCK_STARTED cjip first_attempt");
    assert_state(&c, "missed");
    /* the worker finds him at court two days later */
    has(attempts(&c, "cjip", "arrest", CHANNEL_VISIT, ATTEMPT_SPOKE), "CLOCK_STOPPED cjip first_attempt");
    has(appoint(&c, "cjip", "arrest", c.play.world.now + WORLD_DAY), "CLOCK_STARTED cjip seen");
    play_wait(&c.play, c.play.world.now + WORLD_DAY);
    has(reply(&c, KIND_ATTENDANCE, "cjip", "arrest", ATTENDANCE_ATTENDED), "CLOCK_STOPPED cjip seen");
    assert_state(&c, "seen");
    assert_false(play_runs(&c.play, POLICY_SEEN) || play_runs(&c.play, POLICY_BOOKED) || play_runs(&c.play, POLICY_FIRST_ATTEMPT));
    play_end(&c.play);
}

static void test_no_appointment_in_the_past(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    says(appoint(&c, "cjip", "arrest", c.play.world.now - WORLD_HOUR), "refused in_the_past header.event_at\n");
    play_end(&c.play);
}

static void test_custody_stops_attendance_clocks(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    appoint(&c, "cjip", "arrest", c.play.world.now + WORLD_DAY);
    TcId referral = c.conversation;
    Message movement = starts(&c, KIND_MOVEMENT, "police", "cjip");
    movement.event_at = c.play.world.now;
    movement.group.coded.code = MOVEMENT_REMANDED;
    movement.group.coded.place = "oakdale";
    says(play_send(&c.play, &movement), "ACCEPTED police\nMESSAGE>cjip\n+held in 60m\n"); /* nobody knows yet that it is the same client */
    movement = starts(&c, KIND_MOVEMENT, "cjip", "arrest");
    movement.about = referral;
    movement.event_at = c.play.world.now;
    movement.group.coded.code = MOVEMENT_REMANDED;
    has(play_send(&c.play, &movement), "COORDINATION cjip noted/3");
    says(play_fire_policy(&c.play, POLICY_SEEN), "CLOCK_STOPPED cjip seen/in_custody\n");
    play_end(&c.play);
}

/* ---- Release ---- */

static Message release(Case *c, int certainty)
{
    Message message = starts(c, KIND_RELEASE_NOTIFICATION, "carat", "cjip");
    message.group.release.certainty = certainty;
    message.event_at = c->play.world.now + WORLD_DAY;
    return message;
}

static void test_custody_never_holds_a_free_person(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    Message referral = starts(&c, KIND_REFERRAL, "carat", "cjip");
    has(start(&c, &referral), "COORDINATION carat taken_up/1");
    has(reply(&c, KIND_REFERRAL_ANSWER, "cjip", "carat", REFERRAL_REPLY_ACCEPT), "COORDINATION carat noted/2");
    assert_care(&c, "carat", ""); /* until she is out */
    Message notified = release(&c, 3);
    notified.about = c.conversation;
    start(&c, &notified);
    /* nobody says whether she was met: two hours after the release the team that took her on is answerable */
    play_fire_policy(&c.play, POLICY_NAMED);
    has(play_fire_policy(&c.play, POLICY_CONTACT), "COORDINATION cjip passed/3");
    assert_care(&c, "cjip", "");
    assert_false(play_care(&c.play, &c.client).in_custody);
    play_end(&c.play);
}

static void test_released_to_nobody_is_the_spocs(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    Message notified = release(&c, 3);
    start(&c, &notified);
    play_fire_policy(&c.play, POLICY_NAMED);
    has(play_fire_policy(&c.play, POLICY_CONTACT), "COORDINATION spoc taken_up/1");
    play_end(&c.play);
}

static void test_a_prison_that_no_longer_holds(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    Message movement = starts(&c, KIND_MOVEMENT, "carat", "cjip");
    movement.event_at = c.play.world.now;
    movement.group.coded.code = MOVEMENT_MOVED_PRISON;
    movement.group.coded.place = "elsewhere";
    has(start(&c, &movement), "COORDINATION carat taken_up/1");
    Message notified = release(&c, 3);
    notified.about = c.conversation;
    says(play_send(&c.play, &notified), "refused not_held_there header.release.prison elsewhere\n");
    play_end(&c.play);
}

/* ---- Transfers ---- */

static void test_the_offerer_stays_until_it_is_accepted(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    TcId referral = c.conversation;
    has(offer(&c, "cjip", "tier3", SCOPE_COORDINATION, &referral), "CLOCK_STARTED tier3 transfer_answered");
    assert_care(&c, "cjip", "");
    has(reply(&c, KIND_TRANSFER_ANSWER, "tier3", "cjip", TRANSFER_REPLY_ACCEPT),
        "COORDINATION tier3 transferred/3\nMESSAGE>cjip\nEVIDENCE>tier3 ANSWERABLE by tier3\nEVIDENCE>cjip ANSWERABLE by tier3\n");
    assert_care(&c, "tier3", "cjip"); /* a CJIP team keeps the residual role */
    says(reply(&c, KIND_TRANSFER_ANSWER, "tier3", "cjip", TRANSFER_REPLY_ACCEPT), "refused wrong_state header.kind transferred\n");
    play_end(&c.play);
}

static void test_an_offer_expires(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    TcId referral = c.conversation;
    offer(&c, "cjip", "tier3", SCOPE_COORDINATION, &referral);
    says(play_fire_policy(&c.play, POLICY_TRANSFER_ANSWERED),
         "CLOCK_FIRED tier3 transfer_answered\nEVIDENCE>cjip EXPIRED by tier3 TRANSFER_ANSWERED\n"
         "EVIDENCE>tier3 EXPIRED by tier3 TRANSFER_ANSWERED\n");
    says(reply(&c, KIND_TRANSFER_ANSWER, "tier3", "cjip", TRANSFER_REPLY_ACCEPT), "refused wrong_state header.kind expired\n");
    assert_care(&c, "cjip", "");
    play_end(&c.play);
}

static void test_only_the_coordinator_offers(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    TcId referral = c.conversation;
    says(offer(&c, "arrest", "tier3", SCOPE_COORDINATION, &referral),
         "refused not_coordinator header.transfer_offer.scope cjip\n");
    says(offer(&c, "cjip", "cjip", SCOPE_COORDINATION, &referral), "refused not_allowed header.recipient\n");
    says(offer(&c, "tier3", "cjip", SCOPE_COORDINATION, &referral), "refused not_a_party header.about\n");
    play_end(&c.play);
}

/* Two offers are open; the second acceptance finds that the offerer no longer holds the client. */
static void test_a_second_acceptance(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    TcId referral = c.conversation;
    offer(&c, "cjip", "tier3", SCOPE_COORDINATION, &referral);
    TcId first = c.conversation;
    offer(&c, "cjip", "tier2", SCOPE_COORDINATION, &referral);
    TcId second = c.conversation;
    c.conversation = first;
    has(reply(&c, KIND_TRANSFER_ANSWER, "tier3", "cjip", TRANSFER_REPLY_ACCEPT), "COORDINATION tier3");
    c.conversation = second;
    says(reply(&c, KIND_TRANSFER_ANSWER, "tier2", "cjip", TRANSFER_REPLY_ACCEPT), "refused not_coordinator header.in_reply_to tier3\n");
    play_end(&c.play);
}

static void test_on_an_order(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    TcId referral = c.conversation;
    Message order = starts(&c, KIND_COURT_ORDER, "cjip", "probation");
    order.about = referral;
    order.group.coded.code = ORDER_SET;
    has(start(&c, &order), "COORDINATION cjip noted/3");
    says(offer(&c, "cjip", "tier3", SCOPE_COORDINATION, &referral), "refused on_order header.recipient\n");
    has(offer(&c, "cjip", "tier3", SCOPE_PRESCRIBING, &referral), "ACCEPTED cjip");
    has(offer(&c, "cjip", "probation", SCOPE_BOTH, &referral), "ACCEPTED cjip");
    has(reply(&c, KIND_TRANSFER_ANSWER, "probation", "cjip", TRANSFER_REPLY_ACCEPT), "COORDINATION probation transferred/4");
    play_end(&c.play);
}

/* ---- Drop-outs ---- */

static void transferred(Case *c)
{
    taken_on(c);
    TcId referral = c->conversation;
    offer(c, "cjip", "tier3", SCOPE_COORDINATION, &referral);
    reply(c, KIND_TRANSFER_ANSWER, "tier3", "cjip", TRANSFER_REPLY_ACCEPT);
}

static void test_a_drop_out_wakes_the_residual_holder(void **state)
{
    Case c;
    (void)state;
    transferred(&c);
    TcId offered = c.conversation;
    has(drops_out(&c, "tier3", "tier2", TIER_STANDARD, &offered), "MESSAGE>tier2\nMESSAGE>cjip\n");
    says(reply(&c, KIND_RESUME, "tier2", "tier3", 0), "refused not_residual header.kind cjip\n");
    has(reply(&c, KIND_RESUME, "cjip", "tier3", 0), "COORDINATION cjip resumed/4");
    assert_care(&c, "cjip", "cjip");
    has(attempts(&c, "cjip", "tier3", 1, ATTEMPT_SPOKE), "CLOCK_STOPPED");
    has(reply(&c, KIND_RE_ENGAGED, "cjip", "tier3", 0), "ACCEPTED cjip");
    assert_state(&c, "re_engaged");
    play_end(&c.play);
}

static void test_lost_needs_its_checks(void **state)
{
    Case c;
    (void)state;
    transferred(&c);
    TcId offered = c.conversation;
    drops_out(&c, "tier3", "cjip", TIER_HIGH, &offered);
    says(reply(&c, KIND_LOST, "cjip", "tier3", 0), "refused wrong_state header.kind woken\n");
    attempts(&c, "cjip", "tier3", 1, 0);
    says(reply(&c, KIND_LOST, "cjip", "tier3", 0), "refused checks_missing header.lost two_channels\n");
    attempts(&c, "cjip", "tier3", 2, 2);
    says(reply(&c, KIND_LOST, "cjip", "tier3", 0), "refused checks_missing header.lost visit\n");
    attempts(&c, "cjip", "tier3", CHANNEL_VISIT, 0);
    says(reply(&c, KIND_LOST, "cjip", "tier3", 0), "refused checks_missing header.lost checks\n");
    Message message = replies(&c, KIND_LOST, "cjip", "tier3", 0);
    message.group.coded.checked = true;
    has(play_send(&c.play, &message), "ACCEPTED cjip");
    assert_state(&c, "lost");
    attempts(&c, "cjip", "tier3", CHANNEL_VISIT, ATTEMPT_SPOKE); /* any sighting opens it again */
    assert_state(&c, "trying");
    play_end(&c.play);
}

static void test_first_attempt_is_due_the_same_day(void **state)
{
    Case c;
    (void)state;
    transferred(&c);
    TcId offered = c.conversation;
    drops_out(&c, "tier3", "cjip", TIER_STANDARD, &offered);
    has(play_fire_policy(&c.play, POLICY_FIRST_ATTEMPT), "NOTICE>spoc FIRST_ATTEMPT/SPOC for cjip");
    play_end(&c.play);
}

/* ---- Who prescribes ---- */

static const char *prescribes(Case *c, const char *sender, const char *recipient, int step, const char *other, const TcId *about)
{
    Message message = starts(c, KIND_PRESCRIBING, sender, recipient);
    message.about = *about;
    message.event_at = c->play.world.now;
    message.group.coded.code = step;
    message.group.coded.service = other;
    return play_send(&c->play, &message);
}

static void assert_prescriber(Case *c, const char *prescriber)
{
    assert_string_equal(play_care(&c->play, &c->client).prescriber, prescriber);
}

static void test_at_most_one_prescribes(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    TcId referral = c.conversation;
    Message onward = starts(&c, KIND_REFERRAL, "cjip", "prescriber");
    onward.about = referral;
    start(&c, &onward);
    TcId first = c.conversation;
    has(prescribes(&c, "prescriber", "cjip", PRESCRIBING_START, NULL, &first), "COORDINATION cjip noted/3");
    assert_prescriber(&c, "prescriber");
    onward = starts(&c, KIND_REFERRAL, "cjip", "tier3");
    onward.about = referral;
    start(&c, &onward);
    TcId second = c.conversation;
    has(prescribes(&c, "tier3", "cjip", PRESCRIBING_START, NULL, &second),
        "EVIDENCE>cjip TWO_PRESCRIBE by tier3\nEVIDENCE>prescriber TWO_PRESCRIBE by tier3\nEVIDENCE>tier3 TWO_PRESCRIBE by tier3\n");
    assert_prescriber(&c, "tier3");
    has(prescribes(&c, "tier3", "cjip", PRESCRIBING_STOP, NULL, &second), "EVIDENCE>cjip NOBODY_PRESCRIBES by tier3\n");
    assert_prescriber(&c, "");
    const char *said = prescribes(&c, "prescriber", "cjip", PRESCRIBING_START, NULL, &first);
    assert_null(strstr(said, "TWO_PRESCRIBE"));
    said = prescribes(&c, "tier3", "cjip", PRESCRIBING_START, "prescriber", &second); /* it names the one before */
    assert_null(strstr(said, "TWO_PRESCRIBE"));
    said = prescribes(&c, "tier3", "cjip", PRESCRIBING_STOP, "prescriber", &second);  /* and the one who goes on */
    assert_null(strstr(said, "NOBODY_PRESCRIBES"));
    assert_prescriber(&c, "prescriber");
    play_end(&c.play);
}

static void test_prescribing_passes_by_a_transfer(void **state)
{
    Case c;
    (void)state;
    taken_on(&c);
    TcId referral = c.conversation;
    Message onward = starts(&c, KIND_REFERRAL, "cjip", "prescriber");
    onward.about = referral;
    start(&c, &onward);
    TcId first = c.conversation;
    prescribes(&c, "prescriber", "cjip", PRESCRIBING_START, NULL, &first);
    offer(&c, "prescriber", "tier3", SCOPE_PRESCRIBING, &first);
    has(reply(&c, KIND_TRANSFER_ANSWER, "tier3", "prescriber", TRANSFER_REPLY_ACCEPT), "COORDINATION cjip noted/4");
    assert_prescriber(&c, "tier3");
    assert_care(&c, "cjip", "");
    play_end(&c.play);
}

/* ---- Death, safeguarding ---- */

static void test_nothing_is_arranged_for_the_dead(void **state)
{
    Case c;
    (void)state;
    transferred(&c);
    TcId offered = c.conversation;
    Message death = starts(&c, KIND_DEATH, "tier3", "cjip");
    death.about = offered;
    has(start(&c, &death), "COORDINATION tier3 noted/4");
    Message referral = starts(&c, KIND_REFERRAL, "tier3", "prescriber");
    referral.about = offered;
    says(play_send(&c.play, &referral), "refused client_died header.kind\n");
    Message recall = play_message(&c.play, KIND_RECALL, "tier3", "cjip");
    recall.conversation = c.conversation;
    recall.in_reply_to = c.conversation;
    has(play_send(&c.play, &recall), "COORDINATION tier3 noted/5"); /* it was somebody else */
    has(play_send(&c.play, &referral), "ACCEPTED tier3");
    play_end(&c.play);
}

static void test_a_concern_is_acknowledged(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    Message concern = starts(&c, KIND_SAFEGUARDING_CONCERN, "tier3", "social");
    has(start(&c, &concern), "CLOCK_STARTED social acknowledged");
    has(reply(&c, KIND_SAFEGUARDING_ACKNOWLEDGEMENT, "social", "tier3", 0), "CLOCK_STOPPED social acknowledged");
    play_end(&c.play);
}

/* ---- A coordinator that is gone ---- */

static const char *hand_back(Case *c)
{
    Event *event = event_new_hand_back(&c->client, c->play.directory);
    event->known.care = play_care(&c->play, &c->client);
    event->known.head = *play_head(&c->play, &event->known.care.conversation);
    return play_decide(&c->play, event);
}

static void test_blocked_hands_back(void **state)
{
    Case c;
    (void)state;
    transferred(&c);
    says(hand_back(&c), "no effect\n");
    c.play.blocked = "tier3";
    says(hand_back(&c), "COORDINATION cjip handed_back/4\nEVIDENCE>cjip ANSWERABLE by cjip\nEVIDENCE>tier3 ANSWERABLE by cjip\n");
    c.play.blocked = "cjip";
    has(hand_back(&c), "COORDINATION spoc handed_back/5\nMESSAGE>spoc\n");
    play_end(&c.play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_finder_holds_until_somebody_takes_on),
        cmocka_unit_test(test_a_case_manager_keeps_whom_he_refers),
        cmocka_unit_test(test_answers_once),
        cmocka_unit_test(test_declined_goes_to_the_spoc),
        cmocka_unit_test(test_asked_and_replied),
        cmocka_unit_test(test_missed_and_found),
        cmocka_unit_test(test_no_appointment_in_the_past),
        cmocka_unit_test(test_custody_stops_attendance_clocks),
        cmocka_unit_test(test_custody_never_holds_a_free_person),
        cmocka_unit_test(test_released_to_nobody_is_the_spocs),
        cmocka_unit_test(test_a_prison_that_no_longer_holds),
        cmocka_unit_test(test_the_offerer_stays_until_it_is_accepted),
        cmocka_unit_test(test_an_offer_expires),
        cmocka_unit_test(test_only_the_coordinator_offers),
        cmocka_unit_test(test_a_second_acceptance),
        cmocka_unit_test(test_on_an_order),
        cmocka_unit_test(test_a_drop_out_wakes_the_residual_holder),
        cmocka_unit_test(test_lost_needs_its_checks),
        cmocka_unit_test(test_first_attempt_is_due_the_same_day),
        cmocka_unit_test(test_at_most_one_prescribes),
        cmocka_unit_test(test_prescribing_passes_by_a_transfer),
        cmocka_unit_test(test_nothing_is_arranged_for_the_dead),
        cmocka_unit_test(test_a_concern_is_acknowledged),
        cmocka_unit_test(test_blocked_hands_back),
    };
    return cmocka_run_group_tests_name("care", tests, NULL, NULL);
}
