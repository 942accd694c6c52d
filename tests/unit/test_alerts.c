/* Which alerts an opened message raises, and which it does not: every rule of the table both ways. */
#include "unit.h"

#include "adapters/sdk/alerts.h"
#include "adapters/sdk/aside.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT(1795521600000000) /* 2026-11-24T12:00:00Z */

/* codes: what is raised, in order, with blanks between. fact: words that the first alert's facts hold. */
static const struct { const char *message, *codes, *fact; } cases[] = {
    { "'kind':'release_notification','release':{'certainty':'planned'},'parts':{'clinical':{'assessment':{'crack':'no','substances':[{'code':1011}]}}}", "lost_tolerance",
      "heroin is a problem substance" },
    { "'kind':'release_notification','release':{'certainty':'withdrawn'},'parts':{'clinical':{'assessment':{'crack':'no','substances':[{'code':1011}]}}}", "", NULL },
    { "'kind':'referral','parts':{'clinical':{'assessment':{'crack':'no','substances':[{'code':1011}]}}}", "", NULL },
    { "'kind':'movement','movement':{'step':'released'},'parts':{'clinical':{'assessment':{'crack':'no','substances':[{'code':1000}]}}}", "lost_tolerance", "other opiates" },
    { "'kind':'referral','parts':{'clinical':{'assessment':{'crack':'yes','alcohol':'yes'}}}", "cocaethylene", "uses crack" },
    { "'kind':'referral','parts':{'clinical':{'assessment':{'crack':'yes','substances':[{'code':3201},{'code':7000}]}}}", "cocaethylene", "crack is a problem substance" },
    { "'kind':'referral','parts':{'clinical':{'assessment':{'crack':'yes','alcohol':'no'}}}", "", NULL },
    { "'kind':'referral','parts':{'clinical':{'assessment':{'crack':'no','substances':[{'code':1011},{'code':2200}]}}}", "opiate_and_benzodiazepine", "heroin" },
    { "'kind':'referral','parts':{'clinical':{'assessment':{'crack':'no','substances':[{'code':1105},{'code':7000}]}}}", "opiate_and_alcohol", "methadone" },
    { "'kind':'referral','parts':{'risk':{'self_harm':'acct_open'}}", "self_harm", "ACCT" },
    { "'kind':'referral','parts':{'risk':{'self_harm':'past','self_harm_last':'2026-03-01'}}", "self_harm", "2026-03-01" },
    { "'kind':'referral','parts':{'risk':{'self_harm':'past','self_harm_last':'2020-03-01'}}", "", NULL },
    { "'kind':'referral','parts':{'risk':{'self_harm':'none_known'}}", "", NULL },
    { "'kind':'referral','parts':{'risk':{'pregnant':'yes'}}", "pregnant", "pregnant" },
    { "'kind':'referral','parts':{'clinical':{'assessment':{'crack':'no','substances':[{'code':1011,'route':'inject'}]}}}", "injecting", "injected" },
    { "'kind':'release_notification','release':{'certainty':'planned'},'parts':{'minimum':{'release':{'destination':'no_fixed_abode'}}}", "no_address", "no fixed abode" },
    { "'kind':'referral','sender':'carat','parts':{'clinical':{'doses':[{'product':'methadone_1mg_ml','mg':'40','frequency':'once_daily'}]}}", "dose_unconfirmed", "carat" },
    { "'kind':'prescribing','prescribing':{'step':'start','other':'health'}", "two_prescribers", "health" },
    { "'kind':'prescribing','prescribing':{'step':'stop','other':'health'}", "", NULL },
    { "'kind':'referral','sender':'carat','parts':{'clinical':{'doses':[{'product':'methadone_1mg_ml','mg':'40','frequency':'once_daily'}]},'risk':{'children':'live_with'}}",
      "dose_unconfirmed methadone_and_children", "carat" },
    { "'kind':'referral','parts':{'risk':{'children':'live_with'}}", "", NULL },
    { "'kind':'referral','parts':{'minimum':{'contacts':[{'kind':'mobile','state':'wrong_person','text_allowed':'no'}]}}", "unsafe_contact", "wrong person" },
    { "'kind':'referral','parts':{'minimum':{'contacts':[{'kind':'mobile','state':'live','text_allowed':'yes','checked_on':'2026-08-01'}]}}", "unsafe_contact", "2026-08-01" },
    { "'kind':'referral','parts':{'minimum':{'contacts':[{'kind':'mobile','state':'live','text_allowed':'yes','checked_on':'2026-11-01'}]}}", "", NULL },
    { "'kind':'appointment','parts':{'minimum':{'appointment':{'postcode':'ls11 5qp'}}}", "exclusion_zone", "LS11" },
    { "'kind':'appointment','parts':{'minimum':{'appointment':{'postcode':'LS1 1AA'}}}", "", NULL },
    { "'kind':'appointment','parts':{'minimum':{'appointment':{'postcode':'the court'}}}", "", NULL },
    { "'kind':'dose_answer','dose_answer':{'reply':'not_ours'},'parts':{'clinical':{}}", "", NULL },
    { "'kind':'referral','sender':'x','parts':{'clinical':{'doses':[{'product':'other','product_name':'Physeptone, equivalent to 40','mg':'40'}]}}",
      "dose_unconfirmed converted_dose", "x" },
    { "'kind':'referral','parts':{}", "", NULL },
};

static json_t *read_message(const char *text, const char *signature)
{
    g_autofree char *quoted = g_strdup_printf("{'signature':'%s',%s}", signature, text);
    json_t *message = json_loads(g_strdelimit(quoted, "'", '"'), 0, NULL);
    assert_non_null(message);
    return message;
}

static void test_cases(void **state)
{
    json_t *aside = json_pack("{s:[s,s]}", "zones", "BD3", "LS11");
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t at;
        json_t *alert, *message = read_message(cases[i].message, "good"), *alerts = alerts_of(message, NULL, aside, NOW);
        g_autoptr(GString) codes = g_string_new(NULL);
        json_array_foreach (alerts, at, alert)
            g_string_append_printf(codes, "%s%s", at > 0 ? " " : "", json_string_value(json_object_get(alert, "code")));
        if (strcmp(codes->str, cases[i].codes) != 0)
            fail_msg("%s\nraises %s, not %s", cases[i].message, codes->str, cases[i].codes);
        char *facts = json_dumps(json_object_get(json_array_get(alerts, 0), "facts"), 0);
        if (cases[i].fact != NULL && strstr(facts, cases[i].fact) == NULL)
            fail_msg("%s\ngives %s", cases[i].message, facts);
        free(facts);
        json_decref(alerts);
        json_decref(message);
    }
    json_decref(aside);
}

/* A number that reached somebody else is used by nobody before it is checked, wherever it is written down. */
static void test_wrong_person(void **state)
{
    json_t *aside = json_pack("{s:[], s:s}", "zones", "wrong_person", "2026-11-20"), *nothing = json_pack("{s:[]}", "zones");
    const struct { const char *channel; bool suspended; } table[] = {
        { "{'kind':'mobile','state':'live','checked_on':'2026-11-19','text_allowed':'yes'}", true },
        { "{'kind':'mobile','state':'live','checked_on':'2026-11-20'}", true },
        { "{'kind':'landline','state':'live'}", true },
        { "{'kind':'mobile','state':'live','checked_on':'2026-11-21','text_allowed':'yes'}", false },
        { "{'kind':'mobile','state':'suspended','checked_on':'2026-11-01'}", false }, /* somebody has heeded it already */
        { "{'kind':'email','state':'live'}", false },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = g_strdelimit(g_strdup(table[i].channel), "'", '"');
        json_t *channel = json_loads(text, 0, NULL);
        if (aside_reaches_another(channel, aside) != table[i].suspended || aside_reaches_another(channel, nothing))
            fail_msg("%s", text);
        json_decref(channel);
    }
    json_decref(aside);
    json_decref(nothing);
}

static void test_nothing_from_what_is_forged(void **state)
{
    json_t *message = read_message(cases[0].message, "bad_signature"), *alerts = alerts_of(message, NULL, NULL, NOW);
    (void)state;
    assert_int_equal(json_array_size(alerts), 0);
    json_decref(alerts);
    json_decref(message);
}

static void test_postcodes(void **state)
{
    static const char *const cases_of[][2] = { { "LS11 5QP", "LS11" }, { "ls115qp", "LS11" }, { "LS1 1AA", "LS1" }, { "M1 1AE", "M1" }, { "EC1A 1BB", "EC1A" },
                                               { "LS11", "LS11" }, { "W1A", "W1A" }, { " CF10 ", "CF10" }, { "", "" }, { "LS", "" }, { "LS11 5Q", "" },
                                               { "somewhere in LS11", "" }, { "1234567890123456789", "" } };
    char district[5];
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases_of); i++) {
        bool found = aside_district(cases_of[i][0], district);
        if (strcmp(found ? district : "", cases_of[i][1]) != 0)
            fail_msg("%s is in %s", cases_of[i][0], found ? district : "none");
    }
}

static void test_another_product(void **state)
{
    json_t *aside = json_pack("{s:[], s:s}", "zones", "asked_product", "methadone_1mg_ml");
    json_t *other = read_message("'kind':'dose_answer','dose_answer':{'reply':'confirmed'},'parts':{'clinical':{'doses':[{'product':'methadone_10mg_ml','mg':'40'}]}}", "good");
    json_t *same = read_message("'kind':'dose_answer','dose_answer':{'reply':'confirmed'},'parts':{'clinical':{'doses':[{'product':'methadone_1mg_ml','mg':'40'}]}}", "good");
    (void)state;
    assert_true(aside_other_product(other, aside));
    assert_false(aside_other_product(same, aside));
    assert_false(aside_other_product(other, NULL));
    json_t *alerts = alerts_of(other, NULL, aside, NOW);
    bool found = false;
    size_t i;
    json_t *alert;
    json_array_foreach (alerts, i, alert)
        found = found || strcmp(json_string_value(json_object_get(alert, "code")), "another_product") == 0;
    assert_true(found);
    json_decref(alerts);
    json_decref(other);
    json_decref(same);
    json_decref(aside);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_wrong_person), cmocka_unit_test(test_cases), cmocka_unit_test(test_nothing_from_what_is_forged),
                                       cmocka_unit_test(test_postcodes), cmocka_unit_test(test_another_product) };
    return cmocka_run_group_tests_name("alerts", tests, NULL, NULL);
}
