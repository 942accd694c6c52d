/* Doses of one client beside each other: which differs from the one confirmed. */
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

/* differs: of every dose in order, "d" where it is said to differ. */
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
                g_string_append_c(differs, json_is_true(json_object_get(dose, "differs")) ? 'd' : '-');
        if (strcmp(differs->str, compared[row].differs) != 0)
            fail_msg("%s gives %s, not %s", compared[row].items, differs->str, compared[row].differs);
        json_decref(items);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_compare) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
