/* Names in the order of the Welsh alphabet, and in that of the English one. */
#include "unit.h"

#include "adapters/worklist/alphabet.h"
#include "adapters/worklist/language.h"

#include <glib.h>

static const char *const welsh[] = { "Âlun", "Bowen", "Cynan", "Chwaer", "Dylan", "Ddôl", "Êbrill", "Evans", "Fychan", "Ffion", "Gwyn", "Ngwenda", "Hughes", "Lynn", "Llŷr", "Nia", "Owen",
                                     "Pryce", "Pwyll", "Phylip", "Roberts", "Rhys", "Siân", "Tudur", "Thomas", "Ŵan", "Wyn", "Ynyr", NULL };
static const char *const english[] = { "Âlun", "Bowen", "Chwaer", "Cynan", "Ddôl", "Dylan", "Êbrill", "Evans", "Ffion", "Fychan", "Gwyn", "Hughes", "Llŷr", "Lynn", "Ngwenda", "Nia", "Owen",
                                       "Phylip", "Pryce", "Pwyll", "Rhys", "Roberts", "Siân", "Thomas", "Tudur", "Ŵan", "Wyn", "Ynyr", NULL };

static void expect_order(const char *language, const char *const *names)
{
    language_set(language);
    for (size_t i = 0; names[i] != NULL; i++)
        for (size_t j = 0; names[j] != NULL; j++) {
            int order = alphabet_compare(names[i], names[j]);
            if ((order > 0) - (order < 0) != (i > j) - (i < j))
                fail_msg("%s: %s and %s compare as %d", language, names[i], names[j], order);
        }
}

static void test_welsh(void **state)
{
    (void)state;
    expect_order("cy", welsh);
}

static void test_english(void **state)
{
    (void)state;
    expect_order("en", english);
}

/* A surname is read to its end before the forenames are: "Evan" is before "Evans", whoever they are. */
static void test_surnames(void **state)
{
    (void)state;
    language_set("en");
    assert_true(alphabet_compare("evan\tzoe", "evans\tadam") < 0);
    assert_true(alphabet_compare("evans\tadam", "evans\tzoe") < 0);
    assert_true(alphabet_compare("o'neill\ta", "o'neill\tb") < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_welsh), cmocka_unit_test(test_english), cmocka_unit_test(test_surnames) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
