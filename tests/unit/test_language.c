/* The words of the catalogue as the pages get them: days and months by name, and counted things, whose Welsh form goes by the number. */
#include "unit.h"

#include "adapters/worklist/language.h"
#include "adapters/worklist/say.h"

#include <libintl.h>

static int begin(void **state)
{
    (void)state;
    language_begin();
    return bindtextdomain(GETTEXT_PACKAGE, TC_LOCALE_BUILT) == NULL;
}

static void test_days(void **state)
{
    static const struct { const char *day, *english, *welsh; } rows[] = {
        { "2026-01-05", "Monday 5 January 2026", "Dydd Llun 5 Ionawr 2026" },         { "2026-02-03", "Tuesday 3 February 2026", "Dydd Mawrth 3 Chwefror 2026" },
        { "2026-03-04", "Wednesday 4 March 2026", "Dydd Mercher 4 Mawrth 2026" },     { "2026-04-02", "Thursday 2 April 2026", "Dydd Iau 2 Ebrill 2026" },
        { "2026-05-01", "Friday 1 May 2026", "Dydd Gwener 1 Mai 2026" },              { "2026-06-06", "Saturday 6 June 2026", "Dydd Sadwrn 6 Mehefin 2026" },
        { "2026-07-05", "Sunday 5 July 2026", "Dydd Sul 5 Gorffennaf 2026" },         { "2026-08-03", "Monday 3 August 2026", "Dydd Llun 3 Awst 2026" },
        { "2026-09-01", "Tuesday 1 September 2026", "Dydd Mawrth 1 Medi 2026" },      { "2026-10-07", "Wednesday 7 October 2026", "Dydd Mercher 7 Hydref 2026" },
        { "2026-11-05", "Thursday 5 November 2026", "Dydd Iau 5 Tachwedd 2026" },     { "2026-12-04", "Friday 4 December 2026", "Dydd Gwener 4 Rhagfyr 2026" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        language_set("cy");
        g_autofree char *welsh = say_day(rows[i].day);
        language_set("en");
        g_autofree char *english = say_day(rows[i].day);
        assert_string_equal(welsh, rows[i].welsh);
        assert_string_equal(english, rows[i].english);
    }
}

static void test_times(void **state)
{
    (void)state;
    language_set("cy");
    g_autofree char *afternoon = say_time_text("2026-11-25T16:39:00Z"), *midday = say_time_text("2026-07-01T11:00:00Z"), *morning = say_time_text("2026-11-25T09:05:00Z"), *library = say_library_time("25 Nov 2026, 16:39");
    assert_string_equal(afternoon, "25 Tachwedd 2026 am 4:39yh");
    assert_string_equal(morning, "25 Tachwedd 2026 am 9:05yb");
    assert_string_equal(midday, "1 Gorffennaf 2026 am hanner dydd");
    assert_string_equal(library, afternoon);
}

/* None, one, two, three, six and any other number: three changes what follows it by breath, two softens it, and many take "o". */
static void test_plurals(void **state)
{
    static const struct { unsigned long count; const char *things, *people; } rows[] = {
        { 0, "0 peth newydd.", "Nid oes neb yn dod allan yn y 7 diwrnod nesaf" },
        { 1, "1 peth newydd.", "Mae {count} person yn dod allan yn y 7 diwrnod nesaf" },
        { 2, "2 beth newydd.", "Mae {count} berson yn dod allan yn y 7 diwrnod nesaf" },
        { 3, "3 pheth newydd.", "Mae {count} pherson yn dod allan yn y 7 diwrnod nesaf" },
        { 6, "6 pheth newydd.", "Mae {count} pherson yn dod allan yn y 7 diwrnod nesaf" },
        { 7, "7 peth newydd.", "Mae {count} o bobl yn dod allan yn y 7 diwrnod nesaf" },
        { 12, "12 peth newydd.", "Mae {count} o bobl yn dod allan yn y 7 diwrnod nesaf" },
    };
    (void)state;
    language_set("cy");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *things = g_strdup_printf(ngettext("%d new thing.", "%d new things.", rows[i].count), (int)rows[i].count);
        assert_string_equal(things, rows[i].things);
        assert_string_equal(ngettext("{count} person comes out in the next 7 days", "{count} people come out in the next 7 days", rows[i].count), rows[i].people);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_days), cmocka_unit_test(test_times), cmocka_unit_test(test_plurals) };
    return cmocka_run_group_tests(tests, begin, NULL);
}
