/* People as they are written in real life: who may be one, who is not, and why. */
#include "unit.h"

#include "adapters/sdk/alike.h"

#include <string.h>

static void test_fold(void **state)
{
    static const struct { const char *from, *to; } table[] = {
        { "Siân", "sian" }, { "O'Neill", "oneill" }, { "O\xe2\x80\x99Neill", "oneill" }, { "ONeill", "oneill" }, { "Ó Néill", "o neill" },
        { "Smith-Jones", "smith jones" }, { "  Smith   Jones ", "smith jones" }, { "MacDonald", "mcdonald" }, { "Mac Donald", "mcdonald" },
        { "McDonald", "mcdonald" }, { "Mack", "mack" }, { "Møller", "moller" }, { "Łukasz", "lukasz" }, { "Strauß", "strauss" }, { "", "" }, { "-", "" },
        { "St. John", "st john" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *got = alike_fold(table[i].from);
        if (strcmp(got, table[i].to) != 0)
            fail_msg("%s is \"%s\", not \"%s\"", table[i].from, got, table[i].to);
    }
}

typedef struct Person { const char *surname, *forenames, *born, *sex, *nhs, *alias; } Person;

static json_t *person(const Person *from)
{
    json_t *json = json_pack("{s:s, s:s*, s:s*, s:s*, s:s*}", "surname", from->surname, "forenames", from->forenames, "date_of_birth", from->born, "sex", from->sex,
                             "nhs_number", from->nhs);
    if (from->alias != NULL)
        json_object_set_new(json, "aliases", json_pack("[s]", from->alias));
    return json;
}

static void test_pairs(void **state)
{
    static const struct { const char *what; Person one, other; bool alike; const char *why; } table[] = {
        { "accents", { "Rhys", "Siân", "1990-05-06", "female", NULL, NULL }, { "RHYS", "Sian", "1990-05-06", "female", NULL, NULL }, true, "same name" },
        { "apostrophes", { "O'Neill", "Karen", "1990-05-06", NULL, NULL, NULL }, { "ONeill", "Karen", "1990-05-06", NULL, NULL, NULL }, true, "same name" },
        { "a space for an apostrophe", { "O'Neill", "Karen", "1990-05-06", NULL, NULL, NULL }, { "O Neill", "Karen", "1990-05-06", NULL, NULL, NULL }, true, "same name" },
        { "double-barrelled, one half", { "Smith-Jones", "Ann", "1990-05-06", NULL, NULL, NULL }, { "Jones", "Ann", "1990-05-06", NULL, NULL, NULL }, true, "a part" },
        { "double-barrelled, without hyphen", { "Smith-Jones", "Ann", "1990-05-06", NULL, NULL, NULL }, { "Smith Jones", "Ann", "1990-05-06", NULL, NULL, NULL }, true, "same name" },
        { "one name only", { "Abdi", NULL, "1990-01-01", "male", NULL, NULL }, { "Abdi", "Hassan", "1990-01-01", "male", NULL, NULL }, true, "may be one" },
        { "day and month transposed", { "Mercer", "John", "1990-05-06", NULL, NULL, NULL }, { "Mercer", "John", "1990-06-05", NULL, NULL, NULL }, true, "slip" },
        { "two digits in each other's place", { "Mercer", "John", "1997-05-06", NULL, NULL, NULL }, { "Mercer", "John", "1979-05-06", NULL, NULL, NULL }, true, "slip" },
        { "two digits apart", { "Mercer", "John", "1997-05-06", NULL, NULL, NULL }, { "Mercer", "John", "1987-05-07", NULL, NULL, NULL }, false, NULL },
        { "one digit", { "Mercer", "John", "1990-05-06", NULL, NULL, NULL }, { "Mercer", "John", "1991-05-06", NULL, NULL, NULL }, true, "slip" },
        { "a short form", { "Mercer", "Dan", "1990-05-06", NULL, NULL, NULL }, { "Mercer", "Daniel", "1990-05-06", NULL, NULL, NULL }, true, "short form" },
        { "an initial", { "Mercer", "J", "1990-05-06", NULL, NULL, NULL }, { "Mercer", "John", "1990-05-06", NULL, NULL, NULL }, true, "initial" },
        { "another name", { "Ashby", "Karen", "1990-05-06", NULL, NULL, "Kaz Mercer" }, { "Mercer", "Kaz", "1990-05-06", NULL, NULL, NULL }, true, "another name" },
        { "a number, and another birthday", { "Mercer", "John", "1990-05-06", NULL, "9434765919", NULL }, { "Marsh", "Joan", "1971-02-11", NULL, "943 476 5919", NULL }, true, "mistyped" },
        { "a number, the same birthday, a new surname", { "Mercer", "Karen", "1990-05-06", NULL, "9434765919", NULL }, { "Ashby", "Karen", "1990-05-06", NULL, "9434765919", NULL }, true, "same NHS number" },
        { "twins", { "Mercer", "John", "1990-05-06", "male", NULL, NULL }, { "Mercer", "James", "1990-05-06", "male", NULL, NULL }, false, NULL },
        { "twins, brother and sister", { "Mercer", "Jo", "1990-05-06", "male", NULL, NULL }, { "Mercer", "Joanna", "1990-05-06", "female", NULL, NULL }, false, NULL },
        { "initials and birthday alone", { "Mercer", "John", "1990-05-06", "male", NULL, NULL }, { "Marsh", "Jack", "1990-05-06", "male", NULL, NULL }, false, NULL },
        { "a name alone", { "Smith", "John", "1990-05-06", NULL, NULL, NULL }, { "Smith", "John", "1972-11-30", NULL, NULL, NULL }, false, NULL },
        { "a name without birthdays", { "Smith", "John", NULL, NULL, NULL, NULL }, { "Smith", "John", "1990-05-06", NULL, NULL, NULL }, false, NULL },
        { "a part of a name and a slip", { "Smith-Jones", "Ann", "1990-05-06", NULL, NULL, NULL }, { "Jones", "Ann", "1990-06-05", NULL, NULL, NULL }, false, NULL },
        { "a birthday alone", { "Ashby", "Karen", "1990-05-06", NULL, NULL, NULL }, { "Mercer", "Karen", "1990-05-06", NULL, NULL, NULL }, false, NULL },
        { "sex contradicts", { "Mercer", "Alex", "1990-05-06", "male", NULL, NULL }, { "Mercer", "Alex", "1990-05-06", "female", NULL, NULL }, false, NULL },
        { "sex is not known to one", { "Mercer", "Alex", "1990-05-06", "male", NULL, NULL }, { "Mercer", "Alex", "1990-05-06", "not_known", NULL, NULL }, true, "same name" },
    };
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        json_t *one = person(&table[i].one), *other = person(&table[i].other);
        json_t *reasons = alike_reasons(one, other), *back = alike_reasons(other, one);
        char *text = json_dumps(reasons, 0);
        if ((json_array_size(reasons) > 0) != table[i].alike || (table[i].why != NULL && strstr(text, table[i].why) == NULL))
            fail_msg("%s: %s", table[i].what, text);
        if (!json_equal(reasons, back))
            fail_msg("%s: it depends on who comes first", table[i].what);
        free(text);
        json_decref(reasons);
        json_decref(back);
        json_decref(one);
        json_decref(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_fold), cmocka_unit_test(test_pairs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
