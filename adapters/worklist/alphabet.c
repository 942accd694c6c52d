#include "adapters/worklist/alphabet.h"

#include "adapters/worklist/language.h"

#include <string.h>
#include <unicode/ucol.h>

/* Opened once for each language and kept as long as the program runs. */
static UCollator *order_of(const char *language)
{
    static UCollator *english, *welsh;
    UCollator **order = strcmp(language, "cy") == 0 ? &welsh : &english;
    UErrorCode failed = U_ZERO_ERROR;
    if (*order == NULL)
        *order = ucol_open(language, &failed);
    return *order;
}

int alphabet_compare(const char *a, const char *b)
{
    UErrorCode failed = U_ZERO_ERROR;
    const UCollator *order = order_of(language_now());
    int compared = order != NULL ? (int)ucol_strcollUTF8(order, a, -1, b, -1, &failed) : 0;
    return order == NULL || U_FAILURE(failed) ? strcmp(a, b) : compared;
}
