/* Who may send what: the whole matrix of message kind, sender's kind, relation, recipient's kind and its relation, held against
 * the page's table written out a second time, as sentences. */
#include "unit.h"

#include "broker/authorise.h"
#include "broker/codes.h"

static bool among(int kind, const int *kinds)
{
    for (; *kinds != 0; kinds++)
        if (*kinds == kind)
            return true;
    return false;
}

static const int community[] = { SERVICE_CJIP, SERVICE_SPOC, SERVICE_TIER2, 0 };
static const int askers[] = { SERVICE_PRESCRIBER, SERVICE_CJIP, SERVICE_PRISON_HEALTH, SERVICE_POLICE, SERVICE_TIER3, 0 };
static const int knowers[] = { SERVICE_PRISON_HEALTH, SERVICE_PHARMACY, SERVICE_PRESCRIBER, SERVICE_POLICE, 0 };

/* The mission's kinds, by the page: who may, in what relation, to whom. */
static const int takers[] = { SERVICE_CJIP, SERVICE_PRESCRIBER, SERVICE_TIER2, SERVICE_TIER3, SERVICE_TIER4, SERVICE_SPOC, SERVICE_GP,
                              SERVICE_HOUSING, SERVICE_PROBATION, 0 };
static const int referrers[] = { SERVICE_CARAT, SERVICE_PRISON_HEALTH, SERVICE_ARREST_REFERRAL, SERVICE_POLICE, SERVICE_SOCIAL_CARE,
                                 SERVICE_PHARMACY, SERVICE_CJIP, SERVICE_PRESCRIBER, SERVICE_TIER2, SERVICE_TIER3, SERVICE_TIER4,
                                 SERVICE_SPOC, SERVICE_GP, SERVICE_HOUSING, SERVICE_PROBATION, 0 };
static const int coordinators[] = { SERVICE_CARAT, SERVICE_ARREST_REFERRAL, SERVICE_CJIP, SERVICE_PRESCRIBER, SERVICE_TIER2, SERVICE_TIER3,
                                    SERVICE_TIER4, SERVICE_PROBATION, SERVICE_SPOC, 0 };
static const int movers[] = { SERVICE_CARAT, SERVICE_PRISON_HEALTH, SERVICE_ARREST_REFERRAL, SERVICE_POLICE, SERVICE_CJIP,
                              SERVICE_PROBATION, SERVICE_TIER2, SERVICE_TIER3, SERVICE_TIER4, SERVICE_PRESCRIBER, 0 };
static const int prescribers[] = { SERVICE_PRESCRIBER, SERVICE_PHARMACY, SERVICE_PRISON_HEALTH, SERVICE_TIER3, SERVICE_TIER4, 0 };
static const int prescribed_to[] = { SERVICE_PRESCRIBER, SERVICE_PHARMACY, SERVICE_PRISON_HEALTH, SERVICE_CJIP, SERVICE_TIER3,
                                     SERVICE_TIER4, SERVICE_GP, SERVICE_SPOC, 0 };
static const int courts[] = { SERVICE_PROBATION, SERVICE_CJIP, 0 };
static const int order_tellers[] = { SERVICE_PROBATION, SERVICE_CJIP, SERVICE_CARAT, 0 };
static const int reporters[] = { SERVICE_CJIP, SERVICE_PRESCRIBER, SERVICE_TIER2, SERVICE_TIER3, SERVICE_TIER4, SERVICE_PROBATION, 0 };
static const int reviewers[] = { SERVICE_PROBATION, SERVICE_CJIP, SERVICE_TIER3, SERVICE_SPOC, 0 };
static const int chasers[] = { SERVICE_CJIP, SERVICE_SPOC, SERVICE_PROBATION, SERVICE_TIER2, 0 };
static const int losers[] = { SERVICE_CJIP, SERVICE_SPOC, SERVICE_PROBATION, SERVICE_TIER2, SERVICE_TIER3, SERVICE_TIER4, 0 };
static const int guardians[] = { SERVICE_SOCIAL_CARE, SERVICE_SPOC, 0 };

static bool expected_mission(const AuthoriseCase *c)
{
    bool first = c->relation == RELATION_STARTS || c->relation == RELATION_STARTER;
    bool asked = c->relation == RELATION_ADDRESSEE || c->relation == RELATION_TOLD;
    bool onward = first && c->to != RELATION_STARTER, back = asked && c->to == RELATION_STARTER;
    bool across = back || (c->relation == RELATION_STARTER && (c->to == RELATION_ADDRESSEE || c->to == RELATION_TOLD));
    bool analyst = c->sender == SERVICE_DAT || c->recipient == SERVICE_DAT;
    switch (c->kind) {
    case KIND_MOVEMENT: return onward && !analyst && among(c->sender, movers);
    case KIND_PRESCRIBING: return onward && among(c->sender, prescribers) && among(c->recipient, prescribed_to);
    case KIND_COURT_ORDER: return onward && among(c->sender, order_tellers) && among(c->recipient, courts);
    case KIND_DEATH: return onward && !analyst;
    case KIND_PROGRESS: return onward && among(c->sender, reporters) && among(c->recipient, reviewers);
    case KIND_FIGURES: return c->relation == RELATION_STARTS && c->to == RELATION_STARTS && c->recipient == SERVICE_DAT && among(c->sender, referrers);
    case KIND_MERGE: return !analyst && (c->relation == RELATION_STARTER || asked) && (c->to & (RELATION_STARTER | RELATION_ADDRESSEE | RELATION_TOLD)) != 0;
    case KIND_CONSENT: return onward && !analyst && among(c->sender, referrers);
    case KIND_AVAILABILITY: return onward && !analyst && among(c->sender, takers);
    case KIND_REFERRAL: return onward && among(c->sender, referrers) && among(c->recipient, takers);
    case KIND_REFERRAL_ANSWER:
    case KIND_APPOINTMENT:
    case KIND_ATTENDANCE:
    case KIND_TREATMENT: return back && among(c->sender, takers) && among(c->recipient, referrers);
    case KIND_ATTEMPT:
    case KIND_RE_ENGAGED: return across && among(c->sender, referrers) && among(c->recipient, referrers);
    case KIND_TRANSFER_OFFER: return onward && among(c->sender, coordinators) && among(c->recipient, coordinators);
    case KIND_TRANSFER_ANSWER:
        return c->relation == RELATION_ADDRESSEE && c->to == RELATION_STARTER && among(c->sender, coordinators)
               && among(c->recipient, coordinators);
    case KIND_TRANSFER_WITHDRAWAL:
        return c->relation == RELATION_STARTER && c->to == RELATION_ADDRESSEE && among(c->sender, coordinators)
               && among(c->recipient, coordinators);
    case KIND_DROP_OUT: return onward && among(c->sender, referrers) && among(c->recipient, chasers);
    case KIND_LOST: return back && among(c->sender, losers) && among(c->recipient, referrers);
    case KIND_RESUME: return back && among(c->sender, coordinators) && among(c->recipient, referrers);
    case KIND_SAFEGUARDING_CONCERN: return onward && !analyst && among(c->recipient, guardians);
    case KIND_SAFEGUARDING_ACKNOWLEDGEMENT: return back && !analyst && among(c->sender, guardians);
    default: return false;
    }
}

static bool expected(const AuthoriseCase *c)
{
    bool first = c->relation == RELATION_STARTS || c->relation == RELATION_STARTER;
    bool asked = c->relation == RELATION_ADDRESSEE || c->relation == RELATION_TOLD;
    switch (c->kind) {
    case KIND_RELEASE_NOTIFICATION:
        return c->sender == SERVICE_CARAT && first && among(c->recipient, community) && c->to != RELATION_STARTER;
    case KIND_RELEASE_ANSWER:
        return among(c->sender, community) && asked && c->recipient == SERVICE_CARAT && c->to == RELATION_STARTER;
    case KIND_MEETING_REPORT:
        if (c->sender == SERVICE_CARAT)
            return c->relation == RELATION_STARTER && among(c->recipient, community)
                   && (c->to == RELATION_ADDRESSEE || c->to == RELATION_TOLD);
        return among(c->sender, community) && asked && c->recipient == SERVICE_CARAT && c->to == RELATION_STARTER;
    case KIND_DOSE_REQUEST:
        return among(c->sender, askers) && first && among(c->recipient, knowers) && c->to != RELATION_STARTER;
    case KIND_DOSE_ANSWER:
        return among(c->sender, knowers) && c->relation == RELATION_ADDRESSEE && among(c->recipient, askers)
               && c->to == RELATION_STARTER;
    default: return expected_mission(c);
    }
}

static void test_matrix(void **state)
{
    static const int kinds[] = { KIND_NONE, KIND_RELEASE_NOTIFICATION, KIND_RELEASE_ANSWER, KIND_MEETING_REPORT,
                                 KIND_DOSE_REQUEST, KIND_DOSE_ANSWER, KIND_RECALL, KIND_MOVEMENT, KIND_PRESCRIBING,
                                 KIND_COURT_ORDER, KIND_DEATH, KIND_REFERRAL, KIND_REFERRAL_ANSWER, KIND_APPOINTMENT, KIND_ATTENDANCE,
                                 KIND_TREATMENT, KIND_PROGRESS, KIND_TRANSFER_OFFER, KIND_TRANSFER_ANSWER, KIND_TRANSFER_WITHDRAWAL,
                                 KIND_DROP_OUT, KIND_ATTEMPT, KIND_RE_ENGAGED, KIND_LOST, KIND_RESUME, KIND_SAFEGUARDING_CONCERN,
                                 KIND_SAFEGUARDING_ACKNOWLEDGEMENT, KIND_AVAILABILITY, KIND_CONSENT, KIND_MERGE, KIND_FIGURES };
    size_t cells = 0, allowed = 0;
    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
        for (int sender = SERVICE_CARAT; sender <= SERVICE_SPOC; sender++)
            for (int recipient = SERVICE_CARAT; recipient <= SERVICE_SPOC; recipient++)
                for (unsigned relation = RELATION_STARTS; relation <= RELATION_NONE; relation <<= 1)
                    for (unsigned to = RELATION_STARTS; to <= RELATION_NONE; to <<= 1) {
                        AuthoriseCase c = { kinds[k], sender, recipient, (Relation)relation, (Relation)to };
                        cells++;
                        allowed += authorise(&c);
                        if (authorise(&c) != expected(&c))
                            fail_msg("kind %d from %d (%u) to %d (%u)", c.kind, sender, relation, recipient, to);
                    }
    assert_int_equal(cells, G_N_ELEMENTS(kinds) * 16 * 16 * 25);
    assert_true(allowed > 0);
}

static void test_relations(void **state)
{
    Head head = { .version = 2, .starter = "carat", .addressee = "cjip", .told = "spoc",
                  .told_before = { "cjip2", "", "tier2", "" } };
    (void)state;
    assert_int_equal(authorise_relation(&(Head){ 0 }, "carat"), RELATION_STARTS);
    assert_int_equal(authorise_relation(&head, "carat"), RELATION_STARTER);
    assert_int_equal(authorise_relation(&head, "cjip"), RELATION_ADDRESSEE);
    assert_int_equal(authorise_relation(&head, "spoc"), RELATION_TOLD);
    assert_int_equal(authorise_relation(&head, "tier2"), RELATION_TOLD);
    assert_int_equal(authorise_relation(&head, "health"), RELATION_NONE);
    assert_int_equal(authorise_relation(&head, "carat2"), RELATION_NONE);
}

static void test_parties(void **state)
{
    Head head = { .version = 2, .starter = "carat", .addressee = "cjip", .told = "spoc",
                  .told_before = { "cjip2", "spoc", "cjip", "tier2" } };
    const char *parties[PARTIES_MAX];
    (void)state;
    assert_int_equal(authorise_parties(&head, "carat", parties), 4);
    assert_string_equal(parties[0], "cjip");
    assert_string_equal(parties[1], "spoc");
    assert_string_equal(parties[2], "cjip2");
    assert_string_equal(parties[3], "tier2");
    assert_int_equal(authorise_parties(&head, "", parties), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix),
        cmocka_unit_test(test_relations),
        cmocka_unit_test(test_parties),
    };
    return cmocka_run_group_tests_name("authorise", tests, NULL, NULL);
}
