/* Who may be the same client: found by what ties them, and by nothing else; and no longer once that has changed. */
#include "unit.h"

#include "adapters/worklist/kin.h"

#include <string.h>

static Case *made(const char *conversation, const char *about, const char *merged_with, const char *number)
{
    json_t *rows = json_pack("[{s:s, s:s, s:s, s:s, s:i}, {s:s, s:s, s:s, s:{s:s}}]", "row", "message", "kind", "referral", "id", conversation, "about", about, "versions", 1, "row", "message", "kind",
                             "merge", "id", "other", "merge", "other", merged_with);
    Case *it = case_new(conversation, rows, NULL);
    json_auto_t *person = json_pack("{s:s, s:s}", "surname", "Made-Up", "nhs_number", number);
    case_know(it, person);
    return it;
}

static bool is_near(const Kin *kin, const Case *it, const Case *other)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    kin_near(kin, it, found);
    assert_false(g_ptr_array_find(found, it, NULL));
    for (guint i = 0; i < found->len; i++)
        for (guint j = 0; j < i; j++)
            assert_ptr_not_equal(found->pdata[i], found->pdata[j]);
    return g_ptr_array_find(found, other, NULL);
}

static void test_ties(void **state)
{
    (void)state;
    Kin *kin = kin_new();
    Case *release = made("release", "", "", "943 476 5919"), *referral = made("referral", "release", "", ""), *same = made("same", "", "", "9434765919"),
         *merged = made("merged", "", "referral", "943-476-5919"), *stranger = made("stranger", "", "", "9434765870"), *nobody = made("nobody", "", "", "");
    Case *all[] = { release, referral, same, merged, stranger, nobody };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        kin_add(kin, all[i]);
    assert_true(is_near(kin, release, referral) && is_near(kin, referral, release));
    assert_true(is_near(kin, release, same) && is_near(kin, same, release));
    assert_true(is_near(kin, merged, referral) && is_near(kin, referral, merged));
    assert_true(is_near(kin, merged, same));
    for (size_t i = 0; i < 4; i++)
        assert_false(is_near(kin, all[i], stranger) || is_near(kin, all[i], nobody) || is_near(kin, nobody, all[i]));
    kin_remove(kin, release);
    assert_false(is_near(kin, referral, release) || is_near(kin, same, release));
    assert_true(is_near(kin, merged, same));
    kin_free(kin);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        case_free(all[i]);
}

/* Those of one birthday are near one another, unless they are so many that it is no birthday. */
static void test_birthday(void **state)
{
    (void)state;
    Kin *kin = kin_new();
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)case_free);
    json_auto_t *person = json_pack("{s:s, s:s}", "surname", "Made-Up", "date_of_birth", "1900-01-01");
    for (guint i = 0; i <= 200; i++) {
        g_autofree char *conversation = g_strdup_printf("%u", i);
        Case *it = case_new(conversation, json_array(), NULL);
        case_know(it, person);
        g_ptr_array_add(all, it);
        if (i > 1)
            assert_true(is_near(kin, all->pdata[0], all->pdata[i - 1]));
        kin_add(kin, it);
    }
    assert_false(is_near(kin, all->pdata[0], all->pdata[1]));
    kin_remove(kin, all->pdata[2]);
    assert_true(is_near(kin, all->pdata[0], all->pdata[1]));
    kin_free(kin);
}

/* A name that is known already is not opened again, but for another version it is. */
static void test_known_as_before(void **state)
{
    (void)state;
    Case *before = made("one", "", "", "9434765919"), *after = case_new("one", json_deep_copy(before->rows), NULL), *other = case_new("one", json_deep_copy(before->rows), NULL);
    json_object_set_new((json_t *)other->request, "id", json_string("newer"));
    case_know_as_before(other, before);
    assert_false(other->looked);
    case_know_as_before(after, before);
    assert_true(after->looked);
    assert_string_equal(after->name, "Made-Up");
    assert_string_equal(after->numbers[0], "9434765919");
    assert_string_equal(after->number_kinds, "n");
    assert_null(before->name);
    case_free(before);
    case_free(after);
    case_free(other);
}

/* By surname whatever its case, then by forename; whose name cannot be read comes last. */
static void test_by_name(void **state)
{
    static const char *const people[][2] = { { "ash", "Zoe" }, { "Ash Wood", "Ann" }, { "Birch", "Al" }, { "birch", "Bo" }, { NULL, NULL } };
    Case *all[G_N_ELEMENTS(people)];
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
        all[i] = case_new("one", json_pack("[{s:s, s:s, s:s}]", "row", "message", "kind", "referral", "id", "one"), NULL);
        json_auto_t *person = people[i][0] != NULL ? json_pack("{s:s, s:s}", "surname", people[i][0], "forenames", people[i][1]) : NULL;
        if (person != NULL)
            case_know(all[i], person);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(all); j++)
            if ((case_by_name(all[i], all[j]) > 0) != (i > j))
                fail_msg("%zu and %zu", i, j);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        case_free(all[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_ties), cmocka_unit_test(test_birthday), cmocka_unit_test(test_known_as_before), cmocka_unit_test(test_by_name) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
