/* Who would be asked: what is said of each service of the kind in the area, in the order in which the broker asks. */
#include "unit.h"

#include "adapters/worklist/candidates.h"
#include "proto/date.h"

#include <string.h>

#define SERVICES "[{\"id\":\"full\",\"name\":\"Full\",\"kind\":\"tier3\",\"area\":\"north\"},{\"id\":\"later\",\"name\":\"Later\",\"kind\":\"tier3\",\"area\":\"north\"}," \
    "{\"id\":\"now\",\"name\":\"Now\",\"kind\":\"tier3\",\"area\":\"north\"},{\"id\":\"roomy\",\"name\":\"Roomy\",\"kind\":\"tier3\",\"area\":\"north\"},{\"id\":\"silent\",\"name\":\"Silent\",\"kind\":\"tier3\",\"area\":\"north\"}," \
    "{\"id\":\"unable\",\"name\":\"Unable\",\"kind\":\"tier3\",\"area\":\"north\"},{\"id\":\"other\",\"name\":\"Other\",\"kind\":\"tier4\",\"area\":\"north\"},{\"id\":\"far\",\"name\":\"Far\",\"kind\":\"tier3\",\"area\":\"south\"}," \
    "{\"id\":\"own\",\"name\":\"Own\",\"kind\":\"tier3\",\"area\":\"north\"}]"
#define WEDNESDAY "[{\"day\":\"wednesday\",\"opens\":540,\"closes\":1020}]"
#define SATURDAY "[{\"day\":\"saturday\",\"opens\":600,\"closes\":780}]"
#define STATEMENTS "{\"full\":{\"hours\":" WEDNESDAY ",\"places\":0,\"capabilities\":[\"crack\"]},\"later\":{\"hours\":" SATURDAY ",\"places\":9,\"capabilities\":[\"crack\"]}," \
    "\"now\":{\"hours\":" WEDNESDAY ",\"places\":2,\"capabilities\":[\"crack\"]},\"roomy\":{\"hours\":" WEDNESDAY ",\"places\":5,\"capabilities\":[\"crack\",\"women_only\"]}," \
    "\"unable\":{\"hours\":" WEDNESDAY ",\"places\":5,\"capabilities\":[\"women_only\"]}}"

/* "roomy:fits now:fits …", at noon on Wednesday 25 November 2026. */
static char *judged(const char *urgency)
{
    int64_t noon = 0;
    assert_true(tc_date_parse_time("2026-11-25T12:00:00Z", &noon));
    json_auto_t *services = json_loads(SERVICES, 0, NULL), *statements = json_loads(STATEMENTS, 0, NULL);
    json_auto_t *message = json_pack("{s:s, s:{s:s}, s:{s:s, s:s}}", "urgency", urgency, "referral", "pathway", "crack", "request", "kind", "tier3", "area", "north");
    json_auto_t *rows = candidates_judge(services, statements, message, "own", noon);
    GString *text = g_string_new(NULL);
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        const char *rank = json_is_true(json_object_get(row, "fits")) ? "fits" : json_is_true(json_object_get(row, "unknown")) ? "unknown" : "cannot";
        g_string_append_printf(text, "%s%s:%s", i > 0 ? " " : "", json_string_value(json_object_get(row, "service")), rank);
        assert_true(json_string_length(json_object_get(row, "why")) > 0);
    }
    return g_string_free(text, FALSE);
}

static void test_order(void **state)
{
    (void)state;
    g_autofree char *week = judged("routine"), *today = judged("same_day");
    assert_string_equal(week, "roomy:fits now:fits later:fits silent:unknown full:cannot unable:cannot");
    assert_string_equal(today, "roomy:fits now:fits silent:unknown full:cannot later:cannot unable:cannot"); /* Saturday is too late */
}

/* A pathway asks for its capability; what a service lacks is named. */
static void test_why(void **state)
{
    (void)state;
    json_auto_t *services = json_loads(SERVICES, 0, NULL), *statements = json_loads(STATEMENTS, 0, NULL);
    json_auto_t *message = json_pack("{s:s, s:{s:s}, s:{s:s, s:s, s:[s]}}", "urgency", "routine", "referral", "pathway", "crack", "request", "kind", "tier3", "area", "north", "capabilities", "women_only");
    json_auto_t *rows = candidates_judge(services, statements, message, "own", G_GINT64_CONSTANT(1795608000000000));
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        const char *id = json_string_value(json_object_get(row, "service")), *why = json_string_value(json_object_get(row, "why"));
        if (strcmp(id, "unable") == 0)
            assert_string_equal(why, "It does not offer: crack.");
        if (strcmp(id, "now") == 0)
            assert_string_equal(why, "It does not offer: women only.");
        assert_true(strcmp(id, "roomy") != 0 || i == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_order), cmocka_unit_test(test_why) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
