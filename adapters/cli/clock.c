/* What an area sets otherwise than usual: how long its clocks run, who is told in turn, when a service is reminded; and days that are or are
 * not working days. Asked of the broker's admin socket; on record as every act of the operator is. */
#include "adapters/cli/command.h"
#include "adapters/station/words.h"

#include <stdio.h>
#include <string.h>

typedef struct Clock { char *admin, *within, *ladder, *remind; gboolean usual; } Clock;

static json_t *ask(const Clock *clock, json_t *question, int *code)
{
    if (clock->admin == NULL) {
        json_decref(question);
        command_fail(_("--admin PATH is needed: the broker's admin socket."));
        *code = CODE_USAGE;
        return NULL;
    }
    json_t *answer = command_ask_at(clock->admin, question, code);
    if (answer != NULL && !json_is_true(json_object_get(answer, "ok"))) {
        *code = command_fail("%s", command_text(answer, "error.text"));
        json_decref(answer);
        return NULL;
    }
    return answer;
}

static int take(const Clock *clock, const char *name, const char *value)
{
    int code;
    json_auto_t *answer = ask(clock, json_pack("{s:s, s:s, s:s}", "do", "set", "name", name, "value", value), &code);
    if (answer != NULL && !command_print_json(json_incref(answer)))
        printf(_("Set: %s %s. It holds for clocks that start from now on, and is on record.\n"), name, value);
    return code;
}

static int set(int argc, char **argv)
{
    static Clock clock;
    const GOptionEntry entries[] = {
        { "within", 0, 0, G_OPTION_ARG_STRING, &clock.within, N_("How long it runs: 45m, 2h, 3d, or 2wd for working days"), "TIME" },
        { "ladder", 0, 0, G_OPTION_ARG_STRING, &clock.ladder, N_("Who is told in turn when it runs out: fallback, spoc, manager, team_leader, area_manager"), "ROLES" },
        { "remind", 0, 0, G_OPTION_ARG_STRING, &clock.remind, N_("How long before that the service itself is reminded"), "TIME" },
        { "usual", 0, 0, G_OPTION_ARG_NONE, &clock.usual, N_("Everything as usual again"), NULL },
        { "admin", 0, 0, G_OPTION_ARG_FILENAME, &clock.admin, N_("The broker's admin socket"), "PATH" },
        { 0 },
    };
    command_parse(&argc, &argv, "AREA CLOCK", _("Sets a clock of an area. Its whole setting is replaced by what is given here."), entries, 2, 2);
    g_autoptr(GString) value = g_string_new(clock.usual ? "usual" : "");
    const char *const words[][2] = { { "within", clock.within }, { "ladder", clock.ladder }, { "remind", clock.remind } };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (words[i][1] != NULL)
            g_string_append_printf(value, "%s%s=%s", value->len > 0 ? " " : "", words[i][0], words[i][1]);
    if (value->len == 0)
        return command_fail(_("say what to set: --within, --ladder, --remind, or --usual.")), CODE_USAGE;
    g_autofree char *name = g_strdup_printf("clock/%s/%s", argv[1], argv[2]);
    return take(&clock, name, value->str);
}

static int day(int argc, char **argv)
{
    static Clock clock;
    const GOptionEntry entries[] = { { "admin", 0, 0, G_OPTION_ARG_FILENAME, &clock.admin, N_("The broker's admin socket"), "PATH" }, { 0 } };
    command_parse(&argc, &argv, "DATE holiday|working|usual", _("Makes a day a bank holiday, or an ordinary working day."), entries, 2, 2);
    g_autofree char *name = g_strdup_printf("day/%s", argv[1]);
    return take(&clock, name, argv[2]);
}

static int list(int argc, char **argv)
{
    static Clock clock;
    int code;
    const char *name;
    json_t *value;
    const GOptionEntry entries[] = { { "admin", 0, 0, G_OPTION_ARG_FILENAME, &clock.admin, N_("The broker's admin socket"), "PATH" }, { 0 } };
    command_parse(&argc, &argv, "", _("Shows what is set otherwise than usual."), entries, 0, 0);
    json_auto_t *answer = ask(&clock, json_pack("{s:s}", "do", "settings"), &code);
    if (answer == NULL || command_print_json(json_incref(json_object_get(answer, "settings"))))
        return code;
    if (json_object_size(json_object_get(answer, "settings")) == 0)
        puts(_("Everything is as usual."));
    json_object_foreach (json_object_get(answer, "settings"), name, value)
        printf("%-44s %s\n", name, json_string_value(value));
    return CODE_OK;
}

int clock_command(int argc, char **argv)
{
    static const Command acts[] = {
        { "set", "", N_("how long a clock of an area runs, and who is told when it has run out"), set },
        { "day", "", N_("a day that is a holiday, or is not, whatever the calendar says"), day },
        { "list", "", N_("what is set otherwise than usual"), list },
    };
    return command_among("clock", acts, G_N_ELEMENTS(acts), argc, argv);
}
