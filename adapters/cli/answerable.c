/* Who is answerable for the client of a conversation, and who was. */
#include "adapters/cli/command.h"
#include "adapters/station/words.h"
#include "adapters/cli/when.h"

#include <stdio.h>
#include <string.h>

static void tell(const json_t *row)
{
    g_autofree char *at = command_time(json_object_get(row, "at"));
    const char *worker = command_text(row, "worker"), *residual = command_text(row, "residual"), *from = command_text(row, "from");
    printf("%s  %s%s%s", at, command_text(row, "coordinator"), *worker ? ", " : "", worker);
    printf(_("  (%s%s%s"), words_of(command_text(row, "step")), *from && strcmp(from, command_text(row, "coordinator")) != 0 ? _(" from ") : "",
           strcmp(from, command_text(row, "coordinator")) != 0 ? from : "");
    printf("%s%s", *command_text(row, "prescriber") ? _("; prescriber: ") : "", command_text(row, "prescriber"));
    printf("%s%s", *residual ? _("; residual role: ") : "", residual);
    printf("%s%s%s)\n", json_is_true(json_object_get(row, "in_custody")) ? _("; in custody") : "",
           json_is_true(json_object_get(row, "on_order")) ? _("; on a court order") : "", json_is_true(json_object_get(row, "died")) ? _("; has died") : "");
}

/* The newest version that stood at a time; NULL: nobody had taken the client up. */
static json_t *standing_at(const json_t *rows, int64_t at)
{
    size_t i;
    json_t *row, *found = NULL;
    json_array_foreach (rows, i, row)
        if (when_read(command_text(row, "at")) <= at)
            found = row;
    return found;
}

int answerable_command(int argc, char **argv)
{
    g_autofree char *at = NULL;
    int code;
    size_t i;
    json_t *row;
    const GOptionEntry entries[] = { { "at", 0, 0, G_OPTION_ARG_STRING, &at, N_("Who was at that time: \"2026-03-03 14:05\", in London"), "TIME" }, { 0 } };
    command_parse(&argc, &argv, "CONVERSATION", _("Tells who is answerable for the client of a conversation, newest last."), entries, 1, 1);
    if (at != NULL && when_read(at) == 0)
        return command_fail(_("%s is no time. Write it as 2026-03-03 14:05."), at), CODE_USAGE;
    json_auto_t *rows = command_ask(json_pack("{s:s, s:s}", "do", "answerable", "id", argv[1]), &code);
    if (rows == NULL)
        return code;
    json_t *then = at != NULL ? standing_at(rows, when_read(at)) : NULL;
    if (command_print_json(at != NULL ? (then != NULL ? json_incref(then) : json_null()) : json_incref(rows)))
        return CODE_OK;
    if (json_array_size(rows) == 0 || (at != NULL && then == NULL))
        puts(_("Nobody had taken the client up."));
    else if (at != NULL)
        tell(then);
    else
        json_array_foreach (rows, i, row)
            tell(row);
    return CODE_OK;
}
