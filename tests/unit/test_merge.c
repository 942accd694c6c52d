/* Two clients become one, and two again: who may say so, what stands then for whom, and who hears of it. */
#include "unit.h"
#include "world.h"

static void has(const char *text, const char *wanted)
{
    if (strstr(text, wanted) == NULL)
        fail_msg("\n%s\nis not in\n%s", wanted, text);
}

static void has_not(const char *text, const char *unwanted)
{
    if (strstr(text, unwanted) != NULL)
        fail_msg("\n%s\nis in\n%s", unwanted, text);
}

/* A referral about somebody, by number and birthday; 0: without a number. */
static Message refers(Play *play, const char *sender, const char *recipient, uint8_t number, uint8_t born)
{
    Message message = play_message(play, KIND_REFERRAL, sender, recipient);
    message.urgency = URGENCY_ROUTINE;
    message.due_at = 0;
    message.group.coded = (CodedFields){ .type = PATHWAY_CRACK };
    message.token_count = number == 0 ? 0 : 1;
    message.tokens[0] = (TokenPair){ { { number } }, { { born } } };
    return message;
}

/* In the conversation of `in`: it is about the client of `other`, or of the possible match that was told. */
static Message says_merge(Play *play, const Message *in, const char *sender, const char *recipient, int verdict, const Message *other)
{
    Message message = play_message(play, KIND_MERGE, sender, recipient);
    message.conversation = in->conversation;
    message.in_reply_to = in->id;
    message.worker = "w-17";
    message.group.coded = (CodedFields){ .code = verdict, .reason = 2 };
    if (other != NULL)
        message.group.merge.other = other->conversation;
    return message;
}

static Care stands(Play *play, const Message *message)
{
    return play_standing(play, &play_head(play, &message->conversation)->client);
}

static bool is_one(Play *play, const Message *a, const Message *b)
{
    TcId first = play_root(play, &play_head(play, &a->conversation)->client), second = play_root(play, &play_head(play, &b->conversation)->client);
    return tc_id_equal(&first, &second);
}

typedef struct Two { Play play; Message first, second; } Two; /* two records that one CJIP team answers for */

static void two_begin(Two *two)
{
    play_init(&two->play);
    two->first = refers(&two->play, "cjip", "tier3", 1, 1);
    (void)play_send(&two->play, &two->first);
    two->second = refers(&two->play, "cjip", "tier2", 2, 2);
    (void)play_send(&two->play, &two->second);
    assert_false(is_one(&two->play, &two->first, &two->second));
}

static void test_join_and_part(void **state)
{
    Two two;
    (void)state;
    two_begin(&two);
    Play *play = &two.play;
    Message one = says_merge(play, &two.first, "cjip", "tier3", MERGE_ONE_CLIENT, &two.second);
    has(play_send(play, &one), "MESSAGE>tier3\n");
    has(play->text, "EVIDENCE>tier2 CLIENTS_MERGED by cjip\n"); /* who takes part in neither conversation's half hears of the other */
    has(play->text, "EVIDENCE>tier3 CLIENTS_MERGED by cjip\n");
    assert_true(is_one(play, &two.first, &two.second));
    assert_string_equal(stands(play, &two.first).coordinator, "cjip");
    assert_int_equal(play_care(play, &play_head(play, &two.first.conversation)->client).step, COORDINATION_MERGED);

    Message again = says_merge(play, &two.second, "cjip", "tier2", MERGE_ONE_CLIENT, &two.first);
    has(play_send(play, &again), "refused not_merged header.merge.verdict one_client");

    /* What is stated of one stands for both. */
    Message death = play_message(play, KIND_DEATH, "tier2", "cjip");
    death.about = two.second.conversation;
    has(play_send(play, &death), "EVIDENCE>tier3 CLIENT_DIED by tier2\n");
    assert_true(stands(play, &two.first).died);

    /* Said from the other side: the same merge is undone, and each keeps who was answerable. */
    Message parts = says_merge(play, &two.second, "tier2", "cjip", MERGE_TWO_CLIENTS, &two.first);
    parts.group.merge.other = two.first.conversation;
    has(play_send(play, &parts), "refused not_a_party header.merge.other"); /* tier2 takes no part there */
    parts = says_merge(play, &two.second, "cjip", "tier2", MERGE_TWO_CLIENTS, &two.first);
    has(play_send(play, &parts), "EVIDENCE>tier3 CLIENTS_PARTED by cjip\n");
    assert_false(is_one(play, &two.first, &two.second));
    assert_string_equal(stands(play, &two.first).coordinator, "cjip");
    assert_string_equal(stands(play, &two.second).coordinator, "cjip");
    assert_int_equal(play->messages->len, 5); /* nothing is lost */
    play_end(play);
}

static void test_two_coordinators(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message first = refers(&play, "cjip", "tier3", 1, 1), second = refers(&play, "cjip2", "cjip", 2, 2);
    (void)play_send(&play, &first);
    second.id = second.conversation = play_new_id(&play);
    (void)play_send(&play, &second);
    Message one = says_merge(&play, &first, "cjip", "tier3", MERGE_ONE_CLIENT, &second);
    has(play_send(&play, &one), "refused not_merged header.merge.verdict two_coordinators: cjip, cjip2");

    /* The one that is to go on takes over by an accepted transfer; then they are one. */
    Message offer = play_message(&play, KIND_TRANSFER_OFFER, "cjip2", "cjip");
    offer.about = second.conversation;
    offer.group.coded = (CodedFields){ .type = SCOPE_COORDINATION };
    (void)play_send(&play, &offer);
    Message accept = play_message(&play, KIND_TRANSFER_ANSWER, "cjip", "cjip2");
    accept.conversation = offer.conversation;
    accept.in_reply_to = offer.id;
    accept.group.coded = (CodedFields){ .code = TRANSFER_REPLY_ACCEPT, .worker = "w-1" };
    (void)play_send(&play, &accept);
    assert_string_equal(stands(&play, &second).coordinator, "cjip");
    one = says_merge(&play, &first, "cjip", "tier3", MERGE_ONE_CLIENT, &second);
    has(play_send(&play, &one), "EVIDENCE>cjip2 CLIENTS_MERGED by cjip");
    assert_true(is_one(&play, &first, &second));
    play_end(&play);
}

/* A number with another birthday is a possible match: whoever was told may confirm or deny it without knowing whose it is. */
static void test_possible_match(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message first = refers(&play, "cjip", "tier3", 1, 1), second = refers(&play, "cjip", "tier2", 1, 2);
    (void)play_send(&play, &first);
    second.id = second.conversation = play_new_id(&play);
    has(play_send(&play, &second), "EVIDENCE>tier2 POSSIBLE_MATCH by cjip\n");
    Message none = says_merge(&play, &first, "tier3", "cjip", MERGE_ONE_CLIENT, NULL);
    has(play_send(&play, &none), "refused not_found header.merge.other"); /* nothing was told of that one */
    Message denies = says_merge(&play, &second, "tier2", "cjip", MERGE_TWO_CLIENTS, NULL);
    has(play_send(&play, &denies), "MATCH_DENIED tier2");
    assert_false(is_one(&play, &first, &second));
    Message amended = refers(&play, "cjip", "tier2", 1, 2);
    amended.conversation = second.conversation;
    amended.supersedes = second.id;
    has_not(play_send(&play, &amended), "POSSIBLE_MATCH"); /* what a worker has decided is not raised again */
    Message confirms = says_merge(&play, &amended, "tier2", "cjip", MERGE_ONE_CLIENT, NULL);
    has(play_send(&play, &confirms), "EVIDENCE>tier3 CLIENTS_MERGED by tier2\n");
    assert_true(is_one(&play, &first, &second));
    play_end(&play);
}

/* One by their tokens from the first, and wrongly: the conversation becomes another client's, and is told apart from then on. */
static void test_wrong_link(void **state)
{
    Play play;
    (void)state;
    play_init(&play);
    Message first = refers(&play, "cjip", "tier3", 1, 1), second = refers(&play, "cjip", "tier2", 1, 1);
    (void)play_send(&play, &first);
    second.id = second.conversation = play_new_id(&play);
    (void)play_send(&play, &second);
    assert_true(is_one(&play, &first, &second));
    Message parts = says_merge(&play, &second, "cjip", "tier2", MERGE_TWO_CLIENTS, &first);
    has(play_send(&play, &parts), "EVIDENCE>tier3 CLIENTS_PARTED by cjip\n");
    assert_false(is_one(&play, &first, &second));
    assert_string_equal(stands(&play, &second).coordinator, "cjip");
    Message amended = refers(&play, "cjip", "tier2", 1, 1);
    amended.conversation = second.conversation;
    amended.supersedes = second.id;
    has_not(play_send(&play, &amended), "POSSIBLE_MATCH");
    assert_false(is_one(&play, &first, &second));
    Message one = says_merge(&play, &second, "cjip", "tier2", MERGE_ONE_CLIENT, &first); /* and that was the mistake */
    (void)play_send(&play, &one);
    assert_true(is_one(&play, &first, &second));
    play_end(&play);
}

/* The same, when the wrong link was to a client who is merged into another: that merge stays. */
static void test_wrong_link_of_a_merged(void **state)
{
    Two two;
    (void)state;
    two_begin(&two);
    Play *play = &two.play;
    Message one = says_merge(play, &two.first, "cjip", "tier3", MERGE_ONE_CLIENT, &two.second);
    (void)play_send(play, &one);
    Message twin = refers(play, "cjip", "tier2", 1, 1);
    twin.id = twin.conversation = play_new_id(play);
    (void)play_send(play, &twin);
    assert_true(is_one(play, &twin, &two.second));
    Message parts = says_merge(play, &twin, "cjip", "tier2", MERGE_TWO_CLIENTS, &two.first);
    has(play_send(play, &parts), "CLIENTS_PARTED by cjip");
    assert_true(is_one(play, &two.first, &two.second));
    assert_false(is_one(play, &twin, &two.first));
    assert_string_equal(stands(play, &twin).coordinator, "cjip");
    play_end(play);
}

/* The narrower consent of the two holds for both, and what waits in a queue against it goes no further. */
static void test_consent_is_not_widened(void **state)
{
    Two two;
    (void)state;
    two_begin(&two);
    Play *play = &two.play;
    Message refused = play_message(play, KIND_CONSENT, "cjip", "tier2");
    refused.about = two.second.conversation;
    refused.consent = (ConsentScope){ .state = CONSENT_REFUSED, .treatment = true };
    (void)play_send(play, &refused);
    Message one = says_merge(play, &two.first, "cjip", "tier3", MERGE_ONE_CLIENT, &two.second);
    has(play_send(play, &one), "WITHHELD tier3"); /* its referral was on its way */
    assert_true(g_str_has_prefix(stands(play, &two.first).consent, "5 "));
    Message parts = says_merge(play, &two.first, "cjip", "tier3", MERGE_TWO_CLIENTS, &two.second);
    (void)play_send(play, &parts);
    assert_true(g_str_has_prefix(stands(play, &two.first).consent, "5 ")); /* nor by its undoing */
    play_end(play);
}

static void test_refused(void **state)
{
    Two two;
    (void)state;
    two_begin(&two);
    Play *play = &two.play;
    Message stranger = says_merge(play, &two.first, "probation", "cjip", MERGE_ONE_CLIENT, &two.second);
    has(play_send(play, &stranger), "refused not_a_party header.conversation");
    Message itself = says_merge(play, &two.first, "cjip", "tier3", MERGE_TWO_CLIENTS, &two.first);
    has(play_send(play, &itself), "refused not_allowed header.merge.other");
    Message unknown = says_merge(play, &two.first, "cjip", "tier3", MERGE_ONE_CLIENT, &two.second);
    unknown.group.merge.other.b[15] = 0xee;
    has(play_send(play, &unknown), "refused unknown_conversation header.merge.other");
    Message one = says_merge(play, &two.first, "cjip", "tier3", MERGE_ONE_CLIENT, &two.second);
    (void)play_send(play, &one);
    Message recall = play_message(play, KIND_RECALL, "cjip", "tier3");
    recall.conversation = one.conversation;
    recall.in_reply_to = one.id;
    has(play_send(play, &recall), "refused not_allowed header.in_reply_to"); /* a newer word is what undoes it */
    play_end(play);
}

/* Two who prescribe for one client: both hear of it, each by a message that it knows, and so does who answers for the client. */
static void test_two_prescribe(void **state)
{
    Two two;
    (void)state;
    two_begin(&two);
    Play *play = &two.play;
    Message other = refers(play, "cjip", "prescriber", 3, 3);
    other.id = other.conversation = play_new_id(play);
    (void)play_send(play, &other);
    const struct { const char *who; const Message *about; } starts[] = { { "tier3", &two.first }, { "prescriber", &other } };
    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        Message start = play_message(play, KIND_PRESCRIBING, starts[i].who, "cjip");
        start.about = starts[i].about->conversation;
        start.event_at = play->world.now;
        start.group.coded = (CodedFields){ .code = PRESCRIBING_START };
        has_not(play_send(play, &start), "TWO_PRESCRIBE");
    }
    Message one = says_merge(play, &two.first, "cjip", "tier3", MERGE_ONE_CLIENT, &other);
    has(play_send(play, &one), "EVIDENCE>tier3 TWO_PRESCRIBE by tier3\n");
    has(play->text, "EVIDENCE>prescriber TWO_PRESCRIBE by tier3\n");
    has(play->text, "EVIDENCE>cjip TWO_PRESCRIBE by tier3\n");
    play_end(play);
}

/* What was counted is nobody's, and stays so. */
static void test_nobody(void **state)
{
    Two two;
    (void)state;
    two_begin(&two);
    Play *play = &two.play;
    Message figures = play_message(play, KIND_FIGURES, "cjip", "manager");
    figures.consent = (ConsentScope){ .state = CONSENT_GIVEN, .reporting = true };
    has(play_send(play, &figures), "MESSAGE>manager\n");
    Message about = refers(play, "cjip", "tier3", 0, 0);
    about.about = figures.conversation;
    has(play_send(play, &about), "refused not_allowed header.about");
    Message one = says_merge(play, &two.first, "cjip", "tier3", MERGE_ONE_CLIENT, &figures);
    has(play_send(play, &one), "refused not_allowed header.kind");
    one = says_merge(play, &figures, "cjip", "manager", MERGE_ONE_CLIENT, &two.first);
    has(play_send(play, &one), "refused not_allowed header.kind");
    play_end(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_join_and_part), cmocka_unit_test(test_two_coordinators), cmocka_unit_test(test_possible_match),
        cmocka_unit_test(test_wrong_link),
        cmocka_unit_test(test_wrong_link_of_a_merged), cmocka_unit_test(test_consent_is_not_widened), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_two_prescribe),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
