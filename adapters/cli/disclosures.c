/* Who was told what about a client, and why: the ground of an answer to a person who asks what is held about them. */
#include "adapters/cli/command.h"
#include "adapters/station/words.h"

#include <stdio.h>
#include <string.h>

static char *joined(const json_t *list)
{
    size_t i;
    json_t *each;
    GString *words = g_string_new(NULL);
    json_array_foreach (list, i, each)
        g_string_append_printf(words, "%s%s", i > 0 ? ", " : "", words_of(json_string_value(each)));
    return g_string_free(words, FALSE);
}

static void tell_readers(const json_t *row)
{
    size_t i;
    json_t *reader;
    json_array_foreach (json_object_get(row, "readers"), i, reader) {
        g_autofree char *at = command_time(json_object_get(reader, "at"));
        const char *worker = command_text(reader, "worker");
        printf("%29s%s %s%s%s, %s\n", "", strcmp(command_text(reader, "step"), "asked") == 0 ? _("asked:") : _("opened by"), command_text(reader, "service"),
               *worker ? ", " : "", worker, at);
    }
}

static void tell(const json_t *row)
{
    const char *to = command_text(row, "recipient"), *basis = command_text(row, "legal_basis"), *reason = command_text(row, "sharing_reason");
    g_autofree char *at = command_time(json_object_get(row, "at")), *parts = joined(json_object_get(row, "sealed")), *review = joined(json_object_get(row, "review"));
    printf(_("%s  %s told %s: %s%s%s\n"), at, command_text(row, "sender"), *to ? to : _("whoever fits"), words_of(command_text(row, "kind")), *parts ? "; " : "", parts);
    printf(_("%29swhy: %s%s%s%s\n"), "", *basis ? words_of(basis) : _("not said"), json_is_true(json_object_get(row, "statutory")) ? _(", required by law") : "",
           *reason ? _(", although the client has not agreed: ") : "", *reason ? words_of(reason) : "");
    tell_readers(row);
    if (*command_text(row, "opened_by"))
        printf(_("%29sopened here by %s\n"), "", command_text(row, "opened_by"));
    if (*review)
        printf(_("%29sREVIEW before it is shown, it may speak of others: %s\n"), "", review);
}

int disclosures_command(int argc, char **argv)
{
    g_autofree char *client = NULL;
    int code;
    size_t i;
    json_t *row;
    const GOptionEntry entries[] = { { "client", 0, 0, G_OPTION_ARG_STRING, &client, N_("Any message about the client; all others are found by their identifiers"), "MESSAGE" }, { 0 } };
    command_parse(&argc, &argv, "", _("Tells who was told what about a client, and why, as far as this service sent or received it."), entries, 0, 0);
    if (client == NULL)
        return command_fail(_("--client MESSAGE is needed: any message about them.")), CODE_USAGE;
    json_auto_t *rows = command_ask(json_pack("{s:s, s:s}", "do", "disclosures", "id", client), &code);
    if (rows == NULL)
        return code;
    if (command_print_json(json_incref(rows)))
        return CODE_OK;
    json_array_foreach (rows, i, row)
        tell(row);
    printf(_("\n%zu messages. What is sealed is shown by throughcare show; what only other services exchanged is known to them.\n"), json_array_size(rows));
    return CODE_OK;
}
