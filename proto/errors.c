#include "proto/errors.h"

#include <stddef.h>

static const TcErrorInfo errors_table[] = {
#define TC_ERROR(number, NAME, name, REMEDY, sentence, advice) \
    { TC_CODE_##NAME, name, TC_REMEDY_##REMEDY, sentence, advice },
#include "proto/errors.def"
#undef TC_ERROR
    { TC_CODE_OK, "ok", TC_REMEDY_RETRY, "", "" },
};

const TcErrorInfo *tc_errors_all(void)
{
    return errors_table;
}

const TcErrorInfo *tc_errors_find(uint32_t code)
{
    for (const TcErrorInfo *row = errors_table; row->code != TC_CODE_OK; row++)
        if ((uint32_t)row->code == code)
            return row;
    return NULL;
}

const char *tc_errors_name(uint32_t code)
{
    const TcErrorInfo *row = tc_errors_find(code);
    return row == NULL ? "unknown" : row->name;
}

const char *tc_errors_remedy_name(TcRemedy remedy)
{
    static const char *const names[] = {
        [TC_REMEDY_RETRY] = "retry",
        [TC_REMEDY_FIX] = "fix",
        [TC_REMEDY_OPERATOR] = "operator",
    };
    return names[remedy];
}
