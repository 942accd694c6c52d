/* Passports and key files, as a person may have edited them. The first byte says which; whatever is taken can be used. */
#include "fuzz.h"

#include "adapters/sdk/keys.h"
#include "adapters/sdk/passport.h"

#include <sodium.h>

static void fuzz_passport(const char *text, size_t size)
{
    TcError error = { 0 };
    g_autoptr(Passport) passport = passport_parse(text, size, "/folder", &error);
    g_assert((passport == NULL) == (error.code[0] != '\0'));
    if (passport == NULL)
        return;
    g_assert(passport->brokers[0] != NULL && passport->service[0] != '\0' && passport->spool[0] == '/');
    g_assert(g_strv_length(passport->brokers) <= PASSPORT_BROKERS_MAX);
}

/* What is written of what was read reads the same. */
static void fuzz_keys(const char *text, size_t size)
{
    TcError error = { 0 };
    g_autoptr(TcKeys) keys = tc_keys_parse(text, size, &error);
    g_assert((keys == NULL) == (error.code[0] != '\0'));
    if (keys == NULL)
        return;
    char *again = keys_format(keys);
    g_autoptr(TcKeys) same = tc_keys_parse(again, strlen(again), &error);
    g_assert(same != NULL && memcmp(same, keys, sizeof *keys) == 0);
    sodium_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == 'p')
        fuzz_passport((const char *)data + 1, size - 1);
    else if (size > 0)
        fuzz_keys((const char *)data + 1, size - 1);
    return 0;
}
