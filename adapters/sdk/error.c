#include "adapters/sdk/error.h"

#include "proto/errors.h"

#include <stdarg.h>
#include <string.h>

bool error_set(TcError *error, const char *code, const char *field, const char *format, ...)
{
    va_list args;
    if (error == NULL)
        return false;
    g_strlcpy(error->code, code, sizeof error->code);
    g_strlcpy(error->field, field == NULL ? "" : field, sizeof error->field);
    va_start(args, format);
    g_vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    return false;
}

bool error_code(TcError *error, uint32_t code, const char *field)
{
    const TcErrorInfo *info = tc_errors_find(code);
    if (info == NULL)
        return error_set(error, "unknown", field, "Code %u, which this version does not know. Update it.", code);
    return error_set(error, info->name, field, "%s %s", info->sentence, info->advice);
}

bool error_problem(TcError *error, const TcProblem *problem, const char *prefix)
{
    const TcErrorInfo *info = tc_errors_find(problem->code);
    const char *rest = strchr(problem->field, '.');
    g_autofree char *field = g_strconcat(prefix, prefix[0] != '\0' && rest != NULL ? "." : "",
                                         rest == NULL ? "" : rest + 1, NULL);
    return error_set(error, tc_errors_name(problem->code), field, "%s %s%s%s%s", info == NULL ? "" : info->sentence,
                     info == NULL ? "" : info->advice, problem->hint[0] == '\0' ? "" : " (", problem->hint,
                     problem->hint[0] == '\0' ? "" : ")");
}
