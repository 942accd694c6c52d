#include "proto/problem.h"

#include <stdarg.h>
#include <string.h>

static void problem_append_place(TcProblem *problem, const TcPlace *place)
{
    if (place == NULL)
        return;
    problem_append_place(problem, place->outer);
    if (place->name == NULL)
        return;
    if (problem->field[0] != '\0')
        g_strlcat(problem->field, ".", sizeof problem->field);
    g_strlcat(problem->field, place->name, sizeof problem->field);
    if (place->index >= 0) {
        char index[16];
        g_snprintf(index, sizeof index, "[%d]", place->index);
        g_strlcat(problem->field, index, sizeof problem->field);
    }
}

bool tc_problem_set(TcProblem *problem, TcCode code, const TcPlace *place)
{
    problem->code = code;
    problem->field[0] = problem->hint[0] = '\0';
    problem_append_place(problem, place);
    return false;
}

void tc_problem_hint(TcProblem *problem, const char *format, ...)
{
    size_t used = strlen(problem->hint);
    va_list args;
    va_start(args, format);
    g_vsnprintf(problem->hint + used, sizeof problem->hint - used, format, args);
    va_end(args);
}

void tc_problem_hint_codes(TcProblem *problem, const ProtobufCEnumDescriptor *list)
{
    const char *comma = "";
    tc_problem_hint(problem, "one of: ");
    for (unsigned i = 0; i < list->n_values; i++) {
        if (strcmp(list->values[i].name, "NONE") == 0)
            continue;
        g_autofree char *name = g_ascii_strdown(list->values[i].name, -1);
        tc_problem_hint(problem, "%s%s", comma, name);
        comma = ", ";
    }
}

TcPlace tc_problem_root(const ProtobufCMessageDescriptor *type, char *buffer, size_t size)
{
    size_t used = 0;
    if (strcmp(type->short_name, "Frame") == 0)
        return (TcPlace){ NULL, NULL, -1 };
    for (const char *at = type->short_name; *at != '\0' && used + 2 < size; at++) {
        if (g_ascii_isupper(*at) && used > 0)
            buffer[used++] = '_';
        buffer[used++] = g_ascii_tolower(*at);
    }
    buffer[used] = '\0';
    return (TcPlace){ NULL, buffer, -1 };
}

char *tc_problem_sentence(const TcProblem *problem)
{
    const TcErrorInfo *info = tc_errors_find(problem->code);
    GString *text = g_string_new(NULL);
    if (problem->field[0] != '\0')
        g_string_append_printf(text, "%s: ", problem->field);
    if (info == NULL)
        g_string_append_printf(text, "Code %d.", (int)problem->code);
    else
        g_string_append_printf(text, "%s %s", info->sentence, info->advice);
    if (problem->hint[0] != '\0')
        g_string_append_printf(text, " (%s)", problem->hint);
    return g_string_free(text, FALSE);
}
