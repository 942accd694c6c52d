/* Every digest of PROTOCOL.md section 1 against values worked out from that page by another program. */
#include "unit.h"

#include "hex.h"
#include "proto/digests.h"

static TcDigest digest_of(uint8_t byte)
{
    TcDigest digest;
    memset(digest.b, byte, sizeof digest.b);
    return digest;
}

static TcId id_of(uint8_t byte)
{
    TcId id;
    memset(id.b, byte, sizeof id.b);
    return id;
}

static void assert_digest(const TcDigest *digest, const char *expected)
{
    g_autofree char *text = hex_text(digest->b, sizeof digest->b);
    assert_string_equal(text, expected);
}

static void test_item(void **state)
{
    TcDigest out;
    (void)state;
    tc_digest_item(1, "abc", 3, &out);
    assert_digest(&out, "a223dbe9b80b71ddb753fa69e0f36abb0afb6ec8254b40e77d4e44a359179459");
}

static void test_submission(void **state)
{
    TcDigest out, authority = digest_of(0xa0), root = digest_of(0xe4);
    TcId broker = id_of(0xc2), session = id_of(0xd3);
    (void)state;
    tc_digest_submission(&authority, &broker, &session, &root, &out);
    assert_digest(&out, "eb72d694c035913d1e0213473c58e0675b4cf88be2a332df6296592c0997304f");
}

static void test_content(void **state)
{
    TcDigest out;
    (void)state;
    tc_digest_content("abc", 3, &out);
    assert_digest(&out, "fcf6a45274704ee6e6f7abe8ab69b5b1c1695b0cf113f294ddf054b85a83357a");
    tc_digest_content(NULL, 0, &out);
    assert_digest(&out, "40a8d2eb998fe558ee94b10340f9ca2328aff2fda6cb5c7b249839753c4f5197");
}

static void test_commitment(void **state)
{
    TcDigest out, key = digest_of(0x77);
    TcId message = id_of(0xb1);
    (void)state;
    tc_digest_commitment(key.b, &message, 2, &out);
    assert_digest(&out, "941434a658b3bf90548e429fc577ff59e39e92cf847566ddaa662770cad85638");
}

static void test_tokens(void **state)
{
    TcDigest out, tokens[4] = { digest_of(0xe4), digest_of(0xf5), digest_of(0x96), digest_of(0x77) };
    TcId salt = id_of(0xd3);
    (void)state;
    tc_digest_tokens(salt.b, tokens[0].b, 2, &out);
    assert_digest(&out, "687a54e2f7d89e25da548e1131f3672d5df3619727239ce0770e3a636b80ac7d");
}

static void test_directory(void **state)
{
    TcDigest out;
    (void)state;
    tc_digest_directory("abc", 3, &out);
    assert_digest(&out, "cba16d62e0c57037821c68f7bcae9503e6f813a0a6e93d6a8f1adbbdabe1c116");
}

static void test_audit(void **state)
{
    TcDigest out;
    TcAuditRow row = { 7, G_GINT64_CONSTANT(1794000000123456), 2, "carat", id_of(0xc2), id_of(0xb1),
                       digest_of(0xe4), "x", digest_of(0xf5) };
    TcAuditRow bare = { .sequence = 1, .event = 1, .service = "", .detail = "" };
    (void)state;
    tc_digest_audit(&row, &out);
    assert_digest(&out, "8221a656519c39442c234d5281138f05b4eda852b53b51ec40913f9522736c31");
    tc_digest_audit(&bare, &out);
    assert_digest(&out, "b2fc72983ee81f4566209c5cf800df5d50c9ccc9b997528f222f6863446b3d29");
}

static void test_head(void **state)
{
    TcDigest out, authority = digest_of(0xa0);
    TcId broker = id_of(0xc2);
    TcHead head = { 3, 9, G_GINT64_CONSTANT(1794000000123456), digest_of(0xe4), digest_of(0xf5), digest_of(0x96) };
    (void)state;
    tc_digest_head(&authority, &broker, &head, &out);
    assert_digest(&out, "f87bd02fe4d5157326c74396837f713fc8a25c9396a5d3fa53da4f3f7abbdf7f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_item),
        cmocka_unit_test(test_submission),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_commitment),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_directory),
        cmocka_unit_test(test_audit),
        cmocka_unit_test(test_head),
    };
    return cmocka_run_group_tests_name("digests", tests, NULL, NULL);
}
