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
    default: return false;
    }
}

static void test_matrix(void **state)
{
    static const int kinds[] = { KIND_NONE, KIND_RELEASE_NOTIFICATION, KIND_RELEASE_ANSWER, KIND_MEETING_REPORT,
                                 KIND_DOSE_REQUEST, KIND_DOSE_ANSWER, KIND_RECALL };
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
    assert_int_equal(cells, 7 * 16 * 16 * 25);
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
