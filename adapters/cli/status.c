/* How things are: a service's adapter, or with --admin the broker. */
#include "adapters/cli/command.h"
#include "adapters/station/words.h"

#include <stdio.h>
#include <string.h>

static void print_broker(const json_t *s)
{
    size_t i;
    json_t *each;
    g_autofree char *until = command_time(json_object_get(s, "directory_expires_at"));
    printf(_("Broker: %s%s%s%s; %lld rows in the record; directory serial %lld, good until %s\n"), command_text(s, "state"),
           json_is_true(json_object_get(s, "writes_refused")) ? _(", ITS DATABASE TAKES NOTHING: look at the disk") : "",
           json_is_true(json_object_get(s, "clocks_stopped")) ? _(", CLOCKS STOPPED: check this host's time") : "",
           json_is_true(json_object_get(s, "nobody_can_come_in")) ? _(", NOBODY CAN COME IN: see its log") : "",
           (long long)json_integer_value(json_object_get(s, "sequence")), (long long)json_integer_value(json_object_get(s, "directory_serial")), until);
    json_array_foreach (json_object_get(s, "doors"), i, each)
        printf(_("  door %-24s port %lld%s\n"), command_text(each, "organisation"), (long long)json_integer_value(json_object_get(each, "port")),
               json_is_true(json_object_get(each, "held_back")) ? _(", held back: beyond its quota") : "");
    json_array_foreach (json_object_get(s, "queues"), i, each) {
        g_autofree char *since = json_integer_value(json_object_get(each, "oldest_at")) ? command_time(json_object_get(each, "oldest_at")) : NULL;
        printf(_("  queue %-23s %lld waiting%s%s: %s\n"), command_text(each, "service"), (long long)json_integer_value(json_object_get(each, "waiting")),
               since != NULL ? _(" since ") : "", since != NULL ? since : "", command_text(each, "why"));
    }
    if (json_integer_value(json_object_get(s, "unanswered"))) {
        g_autofree char *oldest = command_time(json_object_get(s, "oldest_unanswered_at"));
        printf(_("  unanswered: %lld, the oldest since %s\n"), (long long)json_integer_value(json_object_get(s, "unanswered")), oldest);
    }
}

static void print_service(const json_t *s)
{
    g_autofree char *until = command_time(json_object_get(json_object_get(s, "directory"), "expires_at"));
    printf(_("%s/%s: %s. %s\n"), command_text(s, "service"), command_text(s, "station"), words_of(command_text(s, "state")), command_text(s, "why"));
    printf(_("  waiting to go out: %lld messages. %s\n"), (long long)json_integer_value(json_object_get(json_object_get(s, "waiting"), "messages")),
           command_text(s, "waiting.why"));
    printf(_("  directory: serial %lld, good until %s\n"), (long long)json_integer_value(json_object_get(json_object_get(s, "directory"), "serial")), until);
}

int status_command(int argc, char **argv)
{
    g_autofree char *admin = NULL;
    int code;
    const GOptionEntry entries[] = { { "admin", 0, 0, G_OPTION_ARG_FILENAME, &admin, N_("The broker's admin socket"), "PATH" }, { 0 } };
    command_parse(&argc, &argv, "", _("Says how the service's adapter is doing, or with --admin the broker: queues, and why each waits."), entries, 0, 0);
    json_auto_t *status = admin != NULL ? command_ask_at(admin, json_pack("{s:s}", "do", "status"), &code) : command_ask(json_pack("{s:s}", "do", "status"), &code);
    if (status == NULL)
        return code;
    if (command_print_json(json_incref(status)))
        return CODE_OK;
    if (admin != NULL)
        print_broker(status);
    else
        print_service(status);
    return CODE_OK;
}
