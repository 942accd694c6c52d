/* Who else here may be the person of a message: for a worker to judge, by name and reason. */
#include "adapters/cli/command.h"
#include "adapters/station/words.h"

#include <stdio.h>

static void tell(const json_t *row)
{
    size_t i;
    json_t *reason;
    g_autofree char *at = command_time(json_object_get(row, "at"));
    printf(_("%s %s, born %s: %s from %s, %s\n"), command_text(row, "person.forenames"), command_text(row, "person.surname"),
           command_text(row, "person.date_of_birth"), words_of(command_text(row, "kind")), command_text(row, "sender"), at);
    json_array_foreach (json_object_get(row, "reasons"), i, reason)
        printf("    %s\n", json_string_value(reason));
    printf(_("    throughcare show %s\n"), command_text(row, "id"));
    printf(_("    throughcare say merge --on MESSAGE other=%s verdict=one_client (or two_clients) reason=… --worker YOU\n"), command_text(row, "id"));
}

int matches_command(int argc, char **argv)
{
    int code;
    size_t i;
    json_t *row;
    command_parse(&argc, &argv, "MESSAGE", _("Tells who else, of all that opens here, may be the client of a message. Nothing is linked by it: look, and ask."), NULL, 1, 1);
    json_auto_t *rows = command_ask(json_pack("{s:s, s:s}", "do", "matches", "id", argv[1]), &code);
    if (rows == NULL)
        return code;
    if (command_print_json(json_incref(rows)))
        return CODE_OK;
    json_array_foreach (rows, i, row)
        tell(row);
    if (json_array_size(rows) == 0)
        puts(_("Nobody else here looks like them."));
    return CODE_OK;
}
