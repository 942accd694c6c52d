/* Doses of one client beside each other: which differs from the one confirmed, and which is only an older word of the same sender, and what has been confirmed since it was told. */
#include "unit.h"

#include "adapters/worklist/doses.h"

#include <glib.h>
#include <string.h>

#define LINE(mg, frequency) "{'line':{'product':'methadone_1mg_ml','mg':'" mg "','frequency':'" frequency "'}}"
#define NAMED(product, name, mg) "{'line':{'product':'" product "','product_name':'" name "','mg':'" mg "','frequency':'once_daily'}}"
#define CONFIRMED(doses) "{'confirmed':true,'doses':[" doses "]}"
#define TOLD(doses) "{'confirmed':false,'unconfirmed':true,'doses':[" doses "]}"
#define VOIDED(doses) "{'confirmed':false,'reassess':'it has been taken back.','doses':[" doses "]}"

static json_t *read_items(const char *text)
{
    g_autofree char *quoted = g_strdelimit(g_strdup(text), "'", '"');
    json_t *items = json_loads(quoted, 0, NULL);
    if (items == NULL)
        fail_msg("no JSON: %s", text);
    return items;
}

#define ON(day, item) "{'row':{'at':'2026-11-" day "T09:00:00Z'}," item "}"

/* differs: of every dose in order, "d" where it is said to differ, "?" where it is newer as well. */
static const struct { const char *items, *differs; } compared[] = {
    { "[" CONFIRMED(LINE("35", "once_daily")) "," TOLD(LINE("30", "once_daily")) "]", "-d" },
    { "[" TOLD(LINE("30", "once_daily")) "," CONFIRMED(LINE("35", "once_daily")) "]", "d-" },
    { "[" CONFIRMED(LINE("35", "once_daily")) "," TOLD(LINE("35.0", "once_daily")) "]", "--" },
    { "[" CONFIRMED(LINE("35", "once_daily")) "," TOLD(LINE("35", "twice_daily")) "]", "-d" },
    { "[" VOIDED(LINE("35", "once_daily")) "," TOLD(LINE("30", "once_daily")) "]", "--" },
    { "[" CONFIRMED(LINE("35", "once_daily")) "," VOIDED(LINE("30", "once_daily")) "]", "--" },
    { "[" CONFIRMED(LINE("35", "once_daily")) "," CONFIRMED(LINE("40", "once_daily")) "," TOLD(LINE("30", "once_daily")) "]", "---" }, /* which to go by is not for us to say */
    { "[" CONFIRMED(LINE("35", "once_daily")) "," TOLD(NAMED("methadone_tablet", "", "30") "," LINE("30", "once_daily")) "]", "--d" },
    { "[" CONFIRMED(NAMED("methadone_1mg_ml", "A brand", "35")) "," TOLD(LINE("30", "once_daily")) "]", "-d" },
    { "[" CONFIRMED(NAMED("benzodiazepine", "Diazepam", "10")) "," TOLD(NAMED("benzodiazepine", "diazepam", "5") "," NAMED("benzodiazepine", "Lorazepam", "1")) "]", "-d-" },
    { "[" ON("17", "'confirmed':true,'doses':[" LINE("35", "once_daily") "]") "," ON("18", "'unconfirmed':true,'doses':[" LINE("30", "once_daily") "," LINE("35", "once_daily") "]") "]", "-?-" },
    { "[" ON("18", "'confirmed':true,'doses':[" LINE("35", "once_daily") "]") "," ON("17", "'unconfirmed':true,'doses':[" LINE("30", "once_daily") "]") "]", "-d" },
};

static void test_compare(void **state)
{
    (void)state;
    for (size_t row = 0; row < G_N_ELEMENTS(compared); row++) {
        size_t i, j;
        json_t *item, *dose, *items = read_items(compared[row].items);
        g_autoptr(GString) differs = g_string_new(NULL);
        doses_compare(items);
        json_array_foreach (items, i, item)
            json_array_foreach (json_object_get(item, "doses"), j, dose)
                g_string_append_c(differs, json_is_true(json_object_get(dose, "differs")) ? 'd' : json_is_true(json_object_get(dose, "doubts")) ? '?' : '-');
        if (strcmp(differs->str, compared[row].differs) != 0)
            fail_msg("%s gives %s, not %s", compared[row].items, differs->str, compared[row].differs);
        json_decref(items);
    }
}

#define WORD(id, sender, at, more) "{'row':{'id':'" id "','sender':'" sender "','at':'2026-11-" at "T09:00:00Z'}," more "}"
#define SAID(id, at, mg) WORD(id, "carat", at, "'confirmed':false,'unconfirmed':true,'doses':[" LINE(mg, "once_daily") "]")
#define TABLET NAMED("methadone_tablet", "", "30")

/* left: which words stand, each with what is folded into it in brackets. */
static const struct { const char *items, *left; } folded[] = {
    { "[" SAID("a", "30", "40") "," SAID("b", "17", "40") "]", "a(b)" },
    { "[" SAID("b", "17", "40") "," SAID("a", "30", "40") "]", "a(b)" },
    { "[" SAID("a", "30", "40") "," SAID("b", "17", "30") "," SAID("c", "10", "20") "]", "a(bc)" },
    { "[" SAID("a", "30", "40") "," WORD("b", "rapid", "17", "'unconfirmed':true,'doses':[" LINE("40", "once_daily") "]") "]", "ab" },
    { "[" SAID("a", "30", "40") "," WORD("b", "carat", "17", "'unconfirmed':true,'doses':[" TABLET "]") "]", "ab" },
    { "[" SAID("a", "30", "40") "," WORD("b", "carat", "17", "'unconfirmed':true,'doses':[" LINE("40", "once_daily") "," TABLET "]") "]", "ab" },
    { "[" WORD("a", "carat", "30", "'unconfirmed':true,'doses':[" TABLET "," LINE("40", "once_daily") "]") "," SAID("b", "17", "40") "]", "a(b)" },
    { "[" WORD("a", "carat", "17", "'confirmed':true,'doses':[" LINE("35", "once_daily") "]") "," SAID("b", "30", "40") "]", "ab" }, /* what is confirmed is never put away */
    { "[" WORD("a", "carat", "30", "'confirmed':true,'doses':[" LINE("35", "once_daily") "]") "," SAID("b", "17", "40") "]", "a(b)" },
    { "[" WORD("a", "carat", "17", "'reassess':'it has been taken back.','doses':[" LINE("35", "once_daily") "]") "," SAID("b", "30", "40") "]", "ab" },
    { "[" WORD("a", "carat", "30", "'confirmed':true,'doses':[" LINE("35", "once_daily") "]") "," WORD("b", "carat", "17", "'reassess':'x','doses':[" LINE("30", "once_daily") "]") "]", "a(b)" },
    { "[" WORD("a", "carat", "30", "'unconfirmed':true,'hidden':'x','doses':[]") "," SAID("b", "17", "40") "]", "ab" },
    { "[" SAID("a", "30", "40") "," WORD("b", "carat", "17", "'reply':'We cannot say','doses':[]") "]", "ab" },
};

static void test_fold(void **state)
{
    (void)state;
    for (size_t row = 0; row < G_N_ELEMENTS(folded); row++) {
        size_t i, j;
        json_t *item, *older, *items = read_items(folded[row].items);
        g_autoptr(GString) left = g_string_new(NULL);
        doses_fold(items);
        json_array_foreach (items, i, item) {
            g_string_append(left, json_string_value(json_object_get(json_object_get(item, "row"), "id")));
            json_array_foreach (json_object_get(item, "older"), j, older)
                g_string_append_printf(left, "%s%s", j == 0 ? "(" : "", json_string_value(json_object_get(json_object_get(older, "row"), "id")));
            g_string_append(left, j > 0 ? ")" : "");
        }
        if (strcmp(left->str, folded[row].left) != 0)
            fail_msg("%s leaves %s, not %s", folded[row].items, left->str, folded[row].left);
        json_decref(items);
    }
}

#define ANSWER(row, state, doses) "{'row':{" row "}," state ",'doses':[" doses "]}"
#define AT(at) "'at':'2026-11-" at "T09:00:00Z'"

/* A word of the 17th on methadone; one of the 17th in the record's place 7, by a clock that is wrong. */
static const struct { const char *items, *more; bool settled; } settled[] = {
    { "[" ANSWER(AT("18"), "'confirmed':true", LINE("35", "once_daily")) "]", "", true },
    { "[" ANSWER(AT("16"), "'confirmed':true", LINE("35", "once_daily")) "]", "", false },
    { "[" ANSWER(AT("17"), "'confirmed':true", LINE("35", "once_daily")) "]", "", false },
    { "[" ANSWER(AT("18"), "'reassess':'x','confirmed':false", LINE("35", "once_daily")) "]", "", false },
    { "[" ANSWER(AT("18"), "'unconfirmed':true", LINE("35", "once_daily")) "]", "", false },
    { "[" ANSWER(AT("18"), "'confirmed':true", TABLET) "]", "", false },
    { "[" ANSWER(AT("18"), "'confirmed':true", LINE("35", "once_daily")) "]", ",{'product':'methadone_tablet'}", false },
    { "[" ANSWER(AT("18"), "'confirmed':true", LINE("35", "once_daily") "," TABLET) "]", ",{'product':'methadone_tablet'}", true },
    { "[" ANSWER(AT("16") ",'sequence':8", "'confirmed':true", LINE("35", "once_daily")) "]", "", true },
    { "[" ANSWER(AT("18") ",'sequence':6", "'confirmed':true", LINE("35", "once_daily")) "]", "", false },
    { "[]", "", false },
};

static void test_confirmed_since(void **state)
{
    json_t *row = read_items("{'at':'2026-11-17T09:00:00Z','sequence':7}"), *nothing = read_items("{'parts':{'clinical':{'doses':[]}}}");
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(settled); i++) {
        g_autofree char *text = g_strdup_printf("{'parts':{'clinical':{'doses':[{'product':'methadone_1mg_ml','mg':'30','frequency':'once_daily'}%s]}}}", settled[i].more);
        json_t *items = read_items(settled[i].items), *message = read_items(text);
        if (doses_confirmed_since(items, row, message) != settled[i].settled || doses_confirmed_since(items, row, nothing))
            fail_msg("%s after %s", settled[i].items, text);
        json_decref(items);
        json_decref(message);
    }
    json_decref(row);
    json_decref(nothing);
}

static void test_amount(void **state)
{
    static const struct { const char *frequency, *words; } table[] = {
        { "once_daily", "35 mg, once daily" }, { "twice_daily", "35 mg each time, twice daily" }, { "three_times_daily", "35 mg each time, three times daily" },
        { "alternate_days", "35 mg, alternate days" }, { "weekly", "35 mg, weekly" }, { "monthly", "35 mg, monthly" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        json_t *line = json_pack("{s:s, s:s}", "mg", "35", "frequency", table[i].frequency);
        g_autofree char *amount = doses_amount(line);
        assert_string_equal(amount, table[i].words);
        json_decref(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_compare), cmocka_unit_test(test_fold), cmocka_unit_test(test_confirmed_since), cmocka_unit_test(test_amount) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
