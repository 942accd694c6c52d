/* throughcare: the command line of everything. Each command is a file of its own; what concerns a service asks that service's adapter. */
#include "adapters/cli/command.h"
#include "proto/guard.h"

#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const Command commands[] = {
    { "inbox", "[--today] [--waiting] …", N_("what came for this service, and what waits for an answer"), inbox_command },
    { "show", "ID", N_("open a message, or a conversation"), show_command },
    { "answer", "MESSAGE …", N_("answer a release notification or a dose request, or report a meeting"), answer_command },
    { "say", "KIND …", N_("a referral, an appointment, a transfer, a drop-out … in plain words"), say_command },
    { "send", "FILE|-", N_("send a message written as JSON"), send_command },
    { "recall", "MESSAGE", N_("take a message back"), recall_command },
    { "trace", "CONVERSATION", N_("the whole story, with its evidence"), trace_command },
    { "answerable", "CONVERSATION", N_("who is answerable for the client, now or at a time"), answerable_command },
    { "matches", "MESSAGE", N_("who else here may be the same person, and why"), matches_command },
    { "disclosures", "--client MESSAGE", N_("who was told what about a client, and why"), disclosures_command },
    { "figures", "[--csv]", N_("equality and naloxone figures that were sent here, added up"), figures_command },
    { "directory", "", N_("who takes part"), directory_command },
    { "status", "", N_("how the service's adapter, or with --admin the broker, is doing"), status_command },
    { "authority", "new|sign|show DIR", N_("the area's authority: its key and its directory"), authority_command },
    { "key", "new|export|import|rotate …", N_("a station's keys, or with --broker the broker's"), key_command },
    { "audit", "verify|prove|export|receipts …", N_("show that the record is whole"), audit_command },
    { "clock", "set|day|list …", N_("what an area sets otherwise than usual: clocks, ladders, working days"), clock_command },
    { "report", "NAME", N_("counts and times of everybody together, without identifiers"), report_command },
    { "service", "add|list|block|unblock …", N_("services in the directory"), service_command },
};

enum { WORDS_WIDE = 30 };

static void help(FILE *out)
{
    fputs(_("throughcare: carries the handover of care between services\n\n"
            "Usage: throughcare COMMAND [OPTION …]   (throughcare COMMAND --help tells more)\n\n"), out);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        fprintf(out, "  %-11s %s%*s %s\n", commands[i].name, commands[i].words, (int)(WORDS_WIDE - g_utf8_strlen(commands[i].words, -1)), "", _(commands[i].help));
    fputs(_("\nWith --json every command prints JSON. A service's commands ask its adapter at --socket PATH or THROUGHCARE_SOCKET.\n"
            "Exit codes: 0 done · 1 refused, or a problem was found · 2 wrong words · 3 nothing answered\n"), out);
}

/* What --help calls the command: "throughcare key new". Those whose words begin with choices have a second name. */
static void name_for_help(const Command *command, int argc, char **argv)
{
    bool second = strchr(command->words, '|') != NULL && g_ascii_islower(command->words[0]) && argc > 2 && argv[2][0] != '-';
    g_autofree char *name = g_strjoin(" ", "throughcare", command->name, second ? argv[2] : NULL, NULL);
    g_set_prgname(name);
}

int main(int argc, char **argv)
{
    tc_guard_memory();
    setlocale(LC_ALL, "");
    bindtextdomain("throughcare", TC_LOCALE_DIR);
    textdomain("throughcare");
    if (sodium_init() < 0)
        return CODE_PROBLEM;
    if (argc < 2 || command_asks_help(argv[1]) || strcmp(argv[1], "help") == 0) {
        help(argc < 2 ? stderr : stdout);
        return argc < 2 ? CODE_USAGE : CODE_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("throughcare " TC_VERSION);
        return CODE_OK;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0) {
            name_for_help(&commands[i], argc, argv);
            return commands[i].run(argc - 1, argv + 1);
        }
    fprintf(stderr, _("throughcare: there is no command \"%s\". Try throughcare --help.\n"), argv[1]);
    return CODE_USAGE;
}
