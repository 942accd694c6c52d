/* What a client agreed to decides who is told what: from the first word of it on, in what is queued too; and what a danger or a law needs is told
 * all the same, on record. */
#include "unit.h"
#include "world.h"

#include "broker/consent.h"

typedef struct Case { Play play; TcId referral, consent; } Case;

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

/* ---- As kept, and as judged ---- */

static void test_kept(void **state)
{
    const int64_t now = WORLD_NOW;
    char text[CONSENT_TEXT_MAX];
    ConsentScope scope = { .state = CONSENT_GIVEN, .treatment = true };
    (void)state;
    assert_true(consent_allows("", "anybody", ~0u, now));
    consent_write(&scope, text);
    assert_true(consent_allows(text, "anybody", ~0u, now));
    assert_string_equal(consent_standing(text, now), "given");
    scope = (ConsentScope){ .state = CONSENT_NARROWED, .parts = 1u << PART_MINIMUM, .services = { "cjip", "tier3" }, .service_count = 2, .until_at = now + 1 };
    consent_write(&scope, text);
    assert_true(consent_allows(text, "tier3", CONSENT_ANYTHING | 1u << PART_MINIMUM, now));
    assert_false(consent_allows(text, "tier3", CONSENT_ANYTHING | 1u << PART_CLINICAL, now));
    assert_false(consent_allows(text, "tier", CONSENT_ANYTHING, now));
    assert_false(consent_allows(text, "tier33", CONSENT_ANYTHING, now));
    assert_false(consent_allows(text, "cjip", CONSENT_ANYTHING, now + 1));
    assert_string_equal(consent_standing(text, now + 1), "ended");
    assert_true(consent_allows(text, "gp", 0, now));
    scope = (ConsentScope){ .state = CONSENT_WITHDRAWN };
    consent_write(&scope, text);
    assert_false(consent_allows(text, "cjip", CONSENT_ANYTHING, now));
    assert_string_equal(consent_standing(text, now), "withdrawn");
    assert_false(consent_allows("nonsense", "cjip", CONSENT_ANYTHING, now)); /* what cannot be read allows nothing */
}

static void test_the_longest_fits(void **state)
{
    char text[CONSENT_TEXT_MAX], names[8][65];
    ConsentScope scope = { .state = CONSENT_NARROWED, .parts = 30, .service_count = 8, .from_at = 1, .until_at = INT64_MAX };
    (void)state;
    for (int i = 0; i < 8; i++) {
        memset(names[i], 'a' + i, 64);
        names[i][64] = '\0';
        scope.services[i] = names[i];
    }
    consent_write(&scope, text);
    assert_true(consent_allows(text, names[7], CONSENT_ANYTHING, WORLD_NOW));
}

static void test_what_it_governs(void **state)
{
    Message message = { .kind = KIND_REFERRAL, .parts = { { .part = PART_MINIMUM }, { .part = PART_RISK } }, .part_count = 2, .legal_basis = 2 };
    (void)state;
    assert_int_equal(consent_governs(&message), CONSENT_ANYTHING | 1u << PART_MINIMUM | 1u << PART_RISK);
    message.legal_basis = BASIS_VITAL_INTERESTS;
    assert_int_equal(consent_governs(&message), 0);
    message.legal_basis = 2;
    message.statutory = true;
    assert_int_equal(consent_governs(&message), 0);
    static const int never[] = { KIND_CONSENT, KIND_RECALL, KIND_DEATH, KIND_SAFEGUARDING_CONCERN, KIND_SAFEGUARDING_ACKNOWLEDGEMENT, KIND_AVAILABILITY };
    for (size_t i = 0; i < G_N_ELEMENTS(never); i++)
        assert_int_equal(consent_governs(&(Message){ .kind = never[i], .parts = { { .part = PART_MINIMUM } }, .part_count = 1 }), 0);
    assert_int_equal(consent_governs(&(Message){ .kind = KIND_REFERRAL_ANSWER }), 0); /* a bare no */
    assert_int_equal(consent_governs(&(Message){ .kind = KIND_ATTENDANCE }), CONSENT_ANYTHING);
}

/* ---- In the loop ---- */

static Message about(Case *c, int kind, const char *sender, const char *recipient)
{
    Message message = play_message(&c->play, kind, sender, recipient);
    message.about = c->referral;
    message.parts[0].part = PART_MINIMUM;
    message.part_count = 1;
    message.urgency = URGENCY_ROUTINE;
    return message;
}

/* Referred by arrest to cjip, which has not collected it. */
static void referred(Case *c)
{
    play_init(&c->play);
    Message message = about(c, KIND_REFERRAL, "arrest", "cjip");
    memset(&message.about, 0, sizeof message.about);
    c->referral = message.id;
    has(play_send(&c->play, &message), "MESSAGE>cjip\n");
}

static const char *says(Case *c, const char *sender, const char *recipient, ConsentScope scope)
{
    Message message = about(c, KIND_CONSENT, sender, recipient);
    message.consent = scope;
    message.consent.treatment = true;
    c->consent = message.id;
    return play_send(&c->play, &message);
}

static void test_withdrawn(void **state)
{
    Case c;
    (void)state;
    referred(&c);
    const char *text = says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_WITHDRAWN });
    has(text, "MESSAGE>spoc\n");                                /* the statement itself */
    has(text, "EVIDENCE>arrest CONSENT_CHANGED by arrest\n");   /* all who know the client */
    has(text, "EVIDENCE>cjip CONSENT_CHANGED by arrest\n");
    has(text, "WITHHELD cjip 1\n");
    has(text, "withheld from cjip\n");
    has(text, "EVIDENCE>arrest WITHHELD by cjip\n");
    Message message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    assert_string_equal(play_send(&c.play, &message), "refused no_consent header.recipient withdrawn\n");
    message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    message.legal_basis = BASIS_VITAL_INTERESTS;
    assert_string_equal(play_send(&c.play, &message), "refused reason_needed header.sharing_reason withdrawn\n");
    message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    message.legal_basis = BASIS_VITAL_INTERESTS;
    message.sharing_reason = REASON_OVERDOSE_RISK;
    text = play_send(&c.play, &message);
    has(text, "WITHOUT_CONSENT arrest vital_interests/overdose_risk\n");
    has(text, "MESSAGE>tier3\n");
    play_end(&c.play);
}

/* What a law asks for is told: a concern to social care, a death, an answer that carries no more than its code. */
static void test_what_is_never_blocked(void **state)
{
    Case c;
    (void)state;
    referred(&c);
    says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_REFUSED });
    Message message = about(&c, KIND_SAFEGUARDING_CONCERN, "arrest", "social");
    has_not(play_send(&c.play, &message), "refused");
    message = about(&c, KIND_REFERRAL_ANSWER, "cjip", "arrest");
    memset(&message.about, 0, sizeof message.about);
    message.conversation = message.in_reply_to = c.referral;
    message.part_count = 0;
    message.group.coded.code = REFERRAL_REPLY_DECLINE;
    has_not(play_send(&c.play, &message), "refused");
    message = about(&c, KIND_DEATH, "arrest", "spoc");
    const char *text = play_send(&c.play, &message);
    has(text, "EVIDENCE>cjip CLIENT_DIED by arrest");
    has_not(text, "refused");
    play_end(&c.play);
}

static void test_narrowed_to_services_and_parts(void **state)
{
    Case c;
    (void)state;
    referred(&c);
    has_not(says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_NARROWED, .services = { "cjip", "tier3" }, .service_count = 2, .parts = 1u << PART_MINIMUM }),
            "withheld"); /* cjip is among them, and the referral carries the minimum alone */
    Message message = about(&c, KIND_REFERRAL, "arrest", "tier2");
    assert_string_equal(play_send(&c.play, &message), "refused no_consent header.recipient narrowed\n");
    message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    has(play_send(&c.play, &message), "MESSAGE>tier3\n");
    message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    message.parts[message.part_count++].part = PART_CLINICAL;
    assert_string_equal(play_send(&c.play, &message), "refused no_consent header.recipient narrowed\n");
    play_end(&c.play);
}

/* Keys are granted within it, and asked for within it. */
static void test_keys(void **state)
{
    Case c;
    (void)state;
    referred(&c);
    says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_WITHDRAWN });
    WrapKey key = { "cjip", world_sealing_key("cjip"), PART_MINIMUM };
    Wrap wrap = { .id = play_new_id(&c.play), .message = c.referral, .maker = "arrest", .made_at = c.play.world.now, .content_digest = { { 0xc0 } }, .keys = &key, .key_count = 1 };
    assert_string_equal(play_wrap(&c.play, &wrap), "refused no_consent wrap.keys.service withdrawn\n");
    assert_string_equal(play_confirm(&c.play, "cjip", (Confirmation){ .step = STEP_CANNOT_OPEN, .message = c.referral }),
                        "refused no_consent confirmation.message withdrawn\n");
    says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_GIVEN });
    has(play_wrap(&c.play, &wrap), "WRAPPED arrest\n");
    play_end(&c.play);
}

/* A scope beside the first message stands for the client; beside a later one it holds that one alone. */
static void test_a_scope_beside_a_message(void **state)
{
    Case c;
    (void)state;
    play_init(&c.play);
    Message message = about(&c, KIND_REFERRAL, "arrest", "cjip");
    memset(&message.about, 0, sizeof message.about);
    message.consent = (ConsentScope){ .state = CONSENT_GIVEN, .treatment = true, .services = { "tier3" }, .service_count = 1 };
    assert_string_equal(play_send(&c.play, &message), "refused no_consent header.consent given\n");
    message.consent.services[0] = "cjip";
    message.id = message.conversation = c.referral = play_new_id(&c.play);
    has(play_send(&c.play, &message), "MESSAGE>cjip\n");
    message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    message.consent = (ConsentScope){ .state = CONSENT_GIVEN, .treatment = true, .services = { "tier3" }, .service_count = 1 };
    assert_string_equal(play_send(&c.play, &message), "refused no_consent header.recipient given\n");
    play_end(&c.play);
}

/* A request goes to nobody outside it, and what needs no consent is not held back where it moves on. */
static void test_requests(void **state)
{
    Case c;
    (void)state;
    referred(&c);
    says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_NARROWED, .services = { "arrest", "cjip2", "spoc" }, .service_count = 3 });
    Message message = about(&c, KIND_REFERRAL, "arrest", NULL);
    g_strlcpy(message.request.area, "leeds", sizeof message.request.area);
    message.request.kind = SERVICE_CJIP;
    has(play_send(&c.play, &message), "ASKED cjip2 fits\n");
    message = about(&c, KIND_REFERRAL, "arrest", NULL);
    g_strlcpy(message.request.area, "leeds", sizeof message.request.area);
    message.request.kind = SERVICE_TIER3;
    has(play_send(&c.play, &message), "ASKED spoc spoc\n");
    says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_WITHDRAWN });
    message = about(&c, KIND_REFERRAL, "arrest", NULL);
    g_strlcpy(message.request.area, "leeds", sizeof message.request.area);
    message.request.kind = SERVICE_CJIP;
    assert_string_equal(play_send(&c.play, &message), "refused no_consent header.recipient withdrawn\n");
    message.id = message.conversation = play_new_id(&c.play);
    message.legal_basis = BASIS_VITAL_INTERESTS;
    message.sharing_reason = REASON_OVERDOSE_RISK;
    has(play_send(&c.play, &message), "ASKED cjip fits\n");
    Message no = play_message(&c.play, KIND_REFERRAL_ANSWER, "cjip", "arrest");
    no.conversation = no.in_reply_to = message.id;
    no.group.coded.code = REFERRAL_REPLY_DECLINE;
    const char *text = play_send(&c.play, &no);
    has(text, "ASKED cjip2 fits\n");
    has(text, "MESSAGE>cjip2\n");
    play_end(&c.play);
}

/* It cannot be taken back: what stood before it may not stand now. A newer version says what does. */
static void test_not_recalled(void **state)
{
    Case c;
    (void)state;
    referred(&c);
    says(&c, "arrest", "spoc", (ConsentScope){ .state = CONSENT_WITHDRAWN });
    Message message = play_message(&c.play, KIND_RECALL, "arrest", "spoc");
    message.conversation = message.in_reply_to = c.consent;
    assert_string_equal(play_send(&c.play, &message), "refused not_allowed header.in_reply_to\n");
    message = about(&c, KIND_CONSENT, "arrest", "spoc");
    memset(&message.about, 0, sizeof message.about);
    message.conversation = message.supersedes = c.consent;
    message.consent = (ConsentScope){ .state = CONSENT_GIVEN, .treatment = true };
    has(play_send(&c.play, &message), "CONSENT_CHANGED");
    message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    has(play_send(&c.play, &message), "MESSAGE>tier3\n");
    play_end(&c.play);
}

/* Agreeing to be counted, or to be texted, is another matter. */
static void test_other_purposes(void **state)
{
    Case c;
    (void)state;
    referred(&c);
    Message message = about(&c, KIND_CONSENT, "arrest", "spoc");
    message.consent = (ConsentScope){ .state = CONSENT_REFUSED, .treatment = false };
    has(play_send(&c.play, &message), "EVIDENCE>cjip CONSENT_CHANGED by arrest\n");
    message = about(&c, KIND_REFERRAL, "arrest", "tier3");
    has(play_send(&c.play, &message), "MESSAGE>tier3\n");
    play_end(&c.play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept), cmocka_unit_test(test_the_longest_fits), cmocka_unit_test(test_what_it_governs), cmocka_unit_test(test_withdrawn),
        cmocka_unit_test(test_what_is_never_blocked), cmocka_unit_test(test_narrowed_to_services_and_parts), cmocka_unit_test(test_keys),
        cmocka_unit_test(test_a_scope_beside_a_message), cmocka_unit_test(test_not_recalled), cmocka_unit_test(test_requests), cmocka_unit_test(test_other_purposes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
