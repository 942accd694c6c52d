/* A referral to a kind of service: who is asked first, who next, who may read how much; and nobody is sent nowhere. It is Friday evening,
 * twenty past nine. */
#include "unit.h"
#include "world.h"

#include "broker/candidate.h"
#include "broker/kind.h"

typedef struct Case { Play play; TcId conversation; } Case;

static void has(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("\n%s\nis not in\n%s", wanted, text);
}

static Availability *said(Case *c, const char *service) { return &c->play.said[world_index(service)]; }

static void can(Case *c, const char *service, uint32_t capability) { said(c, service)->capabilities |= 1u << capability; }

static Message request(Case *c, int kind, int urgency)
{
    Message message = play_message(&c->play, KIND_REFERRAL, "arrest", NULL);
    message.urgency = urgency;
    g_strlcpy(message.request.area, "leeds", sizeof message.request.area);
    message.request.kind = kind;
    c->conversation = message.id;
    return message;
}

static const char *ask(Case *c, int kind, int urgency)
{
    Message message = request(c, kind, urgency);
    return play_send(&c->play, &message);
}

static Message answer(Case *c, const char *sender, int reply)
{
    Message message = play_message(&c->play, KIND_REFERRAL_ANSWER, sender, "arrest");
    message.conversation = c->conversation;
    message.in_reply_to = c->conversation;
    message.group.coded.code = reply;
    message.group.coded.worker = "w-1";
    return message;
}

static const char *answers(Case *c, const char *sender, int reply)
{
    Message message = answer(c, sender, reply);
    return play_send(&c->play, &message);
}

static const Head *head(Case *c) { return play_head(&c->play, &c->conversation); }

static void asked(Case *c, const char *service)
{
    assert_string_equal(head(c)->addressee, service);
    assert_string_equal(machine_state_name(head(c)->machine, head(c)->state), "asked");
}

/* ---- Who ---- */

static void test_whoever_is_open_and_has_places(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    has(ask(&c, SERVICE_CJIP, URGENCY_ROUTINE), "ASKED cjip fits\n");
    has(c.play.text, "MESSAGE>cjip\n");
    has(c.play.text, "EVIDENCE>arrest ASKED by cjip FITS\n");
    asked(&c, "cjip"); /* both alike: by name */
    said(&c, "cjip2")->places = 3;
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    asked(&c, "cjip2"); /* has said that it has places */
    said(&c, "cjip2")->places = 0;
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    asked(&c, "cjip");
    can(&c, "cjip2", CAPABILITY_OUT_OF_HOURS);
    said(&c, "cjip2")->places = 1;
    ask(&c, SERVICE_CJIP, URGENCY_BEFORE_LEAVES_CELL);
    asked(&c, "cjip2"); /* the only one open now */
    c.play.blocked = "cjip2";
    ask(&c, SERVICE_CJIP, URGENCY_WITHIN_48H);
    asked(&c, "spoc"); /* Sunday evening comes before Monday morning */
    play_end(&c.play);
}

static void test_a_crack_referral_needs_a_crack_service(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    Message message = request(&c, SERVICE_TIER3, URGENCY_ROUTINE);
    message.group.coded.type = PATHWAY_CRACK;
    has(play_send(&c.play, &message), "ASKED spoc spoc\n");
    can(&c, "tier3", CAPABILITY_CRACK);
    message = request(&c, SERVICE_TIER3, URGENCY_ROUTINE);
    message.group.coded.type = PATHWAY_CRACK;
    has(play_send(&c.play, &message), "ASKED tier3 fits\n");
    play_end(&c.play);
}

static void test_nobody_today_goes_to_a_drop_in(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    can(&c, "tier2", CAPABILITY_OUT_OF_HOURS);
    has(ask(&c, SERVICE_CJIP, URGENCY_SAME_DAY), "EVIDENCE>arrest ASKED by tier2 DROP_IN\n");
    has(ask(&c, SERVICE_CJIP, URGENCY_ROUTINE), "EVIDENCE>arrest ASKED by cjip FITS\n");
    said(&c, "tier2")->places = 0;
    has(ask(&c, SERVICE_CJIP, URGENCY_SAME_DAY), "EVIDENCE>arrest ASKED by spoc SPOC\n");
    assert_true((head(&c)->marks & MARK_LAST) != 0);
    play_end(&c.play);
}

static void test_the_fallback_of_one_that_is_closed(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    /* The directory of these tests gives only the prison's health care a role; the search itself is held to a directory with a fallback. */
    TcService services[3] = { c.play.directory->services[0], c.play.directory->services[0], c.play.directory->services[0] };
    TcRoleHolder fallback = { ROLE_FALLBACK, "cjip2" };
    TcDirectory directory = *c.play.directory;
    World world = c.play.world;
    for (size_t i = 0; i < directory.service_count; i++)
        if (strcmp(directory.services[i].id, "tier3") == 0)
            services[0] = directory.services[i];
    services[0].roles = &fallback;
    services[0].role_count = 1;
    services[1] = *tc_directory_service(c.play.directory, "cjip2");
    services[2] = *tc_directory_service(c.play.directory, "spoc");
    directory.services = services;
    directory.service_count = 3;
    world.directory = &directory;
    said(&c, "tier3")->places = 0;
    ServiceRequest wanted = { .area = "leeds", .kind = SERVICE_TIER3 };
    Candidate found = candidate_next(&world, &wanted, URGENCY_ROUTINE, NULL, 0);
    assert_string_equal(found.service->id, "cjip2");
    assert_int_equal(found.why, CANDIDATE_FALLBACK);
    said(&c, "cjip2")->places = 0;
    assert_int_equal(candidate_next(&world, &wanted, URGENCY_ROUTINE, NULL, 0).why, CANDIDATE_SPOC);
    play_end(&c.play);
}

/* ---- A decline moves on ---- */

static void test_a_decline_moves_on(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    ask(&c, SERVICE_CJIP, URGENCY_SAME_DAY + 1);
    asked(&c, "spoc"); /* nobody is open within 48 hours of a Friday night */
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    int64_t due = head(&c)->clocks[CLOCK_SLOT_ANSWER].due_at;
    c.play.world.now += WORLD_HOUR;
    const char *text = answers(&c, "cjip", REFERRAL_REPLY_DECLINE);
    has(text, "MESSAGE>arrest\nMESSAGE>cjip2\n");
    has(text, "EVIDENCE>arrest ASKED by cjip2 FITS\n");
    asked(&c, "cjip2");
    assert_int_equal(head(&c)->clocks[CLOCK_SLOT_ANSWER].due_at, due); /* the clock is the client's */
    has(answers(&c, "cjip2", REFERRAL_REPLY_DECLINE), "EVIDENCE>arrest ASKED by spoc SPOC\n");
    asked(&c, "spoc");
    has(answers(&c, "spoc", REFERRAL_REPLY_DECLINE), "ESCALATED");
    assert_string_equal(machine_state_name(head(&c)->machine, head(&c)->state), "declined");
    play_end(&c.play);
}

static void test_one_that_declined_may_change_its_mind(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    answers(&c, "cjip", REFERRAL_REPLY_DECLINE);
    const char *text = answers(&c, "cjip", REFERRAL_REPLY_ACCEPT);
    has(text, "CLOCK_STARTED cjip booked\n");
    has(text, "WRAP_REQUEST>arrest for cjip, 0 parts\n");
    assert_string_equal(head(&c)->addressee, "cjip");
    has(answers(&c, "cjip2", REFERRAL_REPLY_ACCEPT), "refused wrong_state header.kind accepted\n");
    play_end(&c.play);
}

static void test_redirected_to_whom_it_names(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    Message message = answer(&c, "cjip", REFERRAL_REPLY_REDIRECT);
    message.group.coded.service = "tier3";
    has(play_send(&c.play, &message), "EVIDENCE>arrest ASKED by tier3 REDIRECTED\n");
    asked(&c, "tier3");
    message = answer(&c, "tier3", REFERRAL_REPLY_REDIRECT);
    message.group.coded.service = "carat"; /* takes no referrals */
    has(play_send(&c.play, &message), "EVIDENCE>arrest ASKED by cjip2 FITS\n");
    play_end(&c.play);
}

/* ---- Versions and mistakes ---- */

static Message newer(Case *c, int kind)
{
    Message message = play_message(&c->play, KIND_REFERRAL, "arrest", NULL);
    message.conversation = c->conversation;
    message.supersedes = head(c)->newest_notification;
    message.urgency = URGENCY_ROUTINE;
    g_strlcpy(message.request.area, "leeds", sizeof message.request.area);
    message.request.kind = kind;
    return message;
}

static void test_newer_versions(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    answers(&c, "cjip", REFERRAL_REPLY_DECLINE);
    Message message = newer(&c, SERVICE_CJIP);
    play_send(&c.play, &message);
    asked(&c, "cjip2"); /* the same request stays with who is asked now */
    message = newer(&c, SERVICE_TIER3);
    has(play_send(&c.play, &message), "EVIDENCE>arrest ASKED by tier3 FITS\n");
    asked(&c, "tier3");
    message = newer(&c, SERVICE_TIER3);
    message.request.kind = 0;
    message.recipient = "prescriber";
    play_send(&c.play, &message);
    asked(&c, "prescriber"); /* the sender has chosen */
    assert_int_equal(head(&c)->request.kind, 0);
    play_end(&c.play);
}

static void test_recalled_without_a_recipient(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    Message message = play_message(&c.play, KIND_RECALL, "arrest", NULL);
    message.conversation = message.in_reply_to = c.conversation;
    has(play_send(&c.play, &message), "MESSAGE>cjip\n");
    assert_string_equal(machine_state_name(head(&c)->machine, head(&c)->state), "recalled");
    message = play_message(&c.play, KIND_RECALL, "arrest", NULL);
    message.conversation = c.conversation;
    message.in_reply_to.b[0] = 0x77;
    has(play_send(&c.play, &message), "refused not_found header.in_reply_to\n");
    play_end(&c.play);
}

static void test_what_cannot_be_asked_for(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    has(ask(&c, SERVICE_CARAT, URGENCY_ROUTINE), "refused not_allowed header.request.kind\n");
    has(ask(&c, 40, URGENCY_ROUTINE), "refused not_allowed header.request.kind\n");
    Message message = request(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    g_strlcpy(message.request.area, "york", sizeof message.request.area);
    has(play_send(&c.play, &message), "refused unknown_recipient header.request.area\n");
    play_end(&c.play);
}

static void shape(int kind, bool asks, const char *recipient, int code, const char *field)
{
    Message message = { .kind = kind, .recipient = recipient, .urgency = URGENCY_ROUTINE, .sender = "arrest" };
    message.id.b[0] = message.conversation.b[0] = 1;
    message.request.kind = asks ? SERVICE_CJIP : 0;
    if (kind == KIND_RECALL) {
        message.conversation.b[0] = 2;
        message.in_reply_to = message.conversation;
    }
    Refusal refusal = kind_check(&message);
    if (refusal.code != code || g_strcmp0(refusal.field, field) != 0)
        fail_msg("kind %d gives %d %s", kind, refusal.code, refusal.field);
}

/* A referral goes to a service or asks for one; a recall follows its message; nothing else may leave out where it goes. */
static void test_where_a_message_goes(void **state)
{
    (void)state;
    shape(KIND_REFERRAL, true, "cjip", TC_CODE_SURPLUS_FIELD, "header.recipient");
    shape(KIND_REFERRAL, false, NULL, TC_CODE_MISSING_FIELD, "header.recipient");
    shape(KIND_REFERRAL, true, NULL, TC_CODE_WRONG_PARTS, "header.parts"); /* past where it goes */
    shape(KIND_TRANSFER_OFFER, true, NULL, TC_CODE_SURPLUS_FIELD, "header.request");
    shape(KIND_DOSE_REQUEST, false, NULL, TC_CODE_MISSING_FIELD, "header.recipient");
    shape(KIND_RECALL, false, NULL, 0, NULL);
    shape(KIND_RECALL, true, NULL, TC_CODE_SURPLUS_FIELD, "header.request");
}

/* ---- Who may read how much ---- */

static const char *wraps(Case *c, const char *for_whom, int part)
{
    WrapKey key = { for_whom, world_sealing_key(for_whom), part };
    Wrap wrap = { .id = play_new_id(&c->play), .message = c->conversation, .maker = "arrest", .made_at = c->play.world.now,
                  .content_digest = { { 0xc0 } }, .keys = &key, .key_count = 1, .request = 1 };
    return play_wrap(&c->play, &wrap);
}

static void test_candidates_get_the_minimum(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    ask(&c, SERVICE_CJIP, URGENCY_ROUTINE);
    Confirmation cannot = { .step = STEP_CANNOT_OPEN, .message = c.conversation, .parts = { PART_MINIMUM, PART_CLINICAL }, .part_count = 2 };
    const char *text = play_confirm(&c.play, "cjip", cannot);
    has(text, "WRAP_REQUEST>arrest for cjip, 1 parts\n");
    has(text, "WRAP_REQUEST>spoc for cjip, 1 parts\n");
    has(wraps(&c, "cjip", PART_MINIMUM), "WRAPS>cjip\n");
    has(wraps(&c, "cjip", PART_CLINICAL), "refused not_entitled wrap.keys.part\n");
    has(wraps(&c, "cjip2", PART_MINIMUM), "refused not_entitled wrap.keys.service\n");
    has(answers(&c, "cjip", REFERRAL_REPLY_ACCEPT), "WRAP_REQUEST>arrest for cjip, 0 parts\n");
    has(wraps(&c, "cjip", PART_CLINICAL), "WRAPS>cjip\n");
    play_end(&c.play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whoever_is_open_and_has_places),
        cmocka_unit_test(test_a_crack_referral_needs_a_crack_service),
        cmocka_unit_test(test_nobody_today_goes_to_a_drop_in),
        cmocka_unit_test(test_the_fallback_of_one_that_is_closed),
        cmocka_unit_test(test_a_decline_moves_on),
        cmocka_unit_test(test_one_that_declined_may_change_its_mind),
        cmocka_unit_test(test_redirected_to_whom_it_names),
        cmocka_unit_test(test_newer_versions),
        cmocka_unit_test(test_recalled_without_a_recipient),
        cmocka_unit_test(test_what_cannot_be_asked_for),
        cmocka_unit_test(test_where_a_message_goes),
        cmocka_unit_test(test_candidates_get_the_minimum),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
