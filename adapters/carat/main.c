/* throughcare-carat: a prison's release lists become release notifications; what is known about each comes back as a file.
 *
 * Exit codes: 0 ended as asked (with --once: every row is safe with the broker) · 1 could not begin · 2 the command line or the
 * settings are wrong · 3 with --once: done, and some rows, or a whole list, were rejected or refused. */
#include "adapters/station/log.h"
#include "adapters/carat/station.h"
#include "proto/guard.h"

#include <locale.h>
#include <stdio.h>
#include <sys/stat.h>

enum { EXIT_FINE = 0, EXIT_CANNOT_BEGIN = 1, EXIT_WRONG_WORDS = 2, EXIT_REJECTS = 3 };

static const char summary[] =
    "Sends a prison's release lists. Drop a CSV file into the folder's in/: one row a person.\n"
    "\n"
    "  in/        put lists here; write under another name, then rename to NAME.csv\n"
    "  done/      lists that were sent, as they came\n"
    "  rejected/  NAME.rejects.csv: line, column and reason of each row that was not sent\n"
    "  answers/   answers.csv: who is named and will meet each person\n"
    "             questions.csv: people whom the newest list no longer names\n"
    "\n"
    "The same person in tomorrow's list is a change if something changed, and nothing if not. While no broker can be\n"
    "reached, lists are taken all the same, and sent when one is back.";

static const char description[] =
    "Settings (CONFIG is a key file):\n"
    "  [carat]\n"
    "  passport=carat.passport        as the area's authority gave it\n"
    "  folder=/srv/carat              the folder above\n"
    "  notify=/usr/local/bin/tell     run with two more arguments, a word and a sentence, when somebody must look\n"
    "\n"
    "Columns that a list must have: surname, first_name, date_of_birth, sex, prison_number, certainty, route, expected_date,\n"
    "meet_asked, area, area_certainty. All columns and codes: throughcare-carat(1).\n"
    "\n"
    "Exit codes: 0 fine; 1 could not begin; 2 wrong words or settings; 3 with --once, some rows were rejected or refused.\n";

static int run(const char *path, bool once)
{
    g_autofree char *why = NULL;
    g_autoptr(Config) config = config_read(path, &why);
    Station station;
    int code = EXIT_FINE;
    if (config == NULL) {
        fprintf(stderr, "throughcare-carat: %s\n", why);
        return EXIT_WRONG_WORDS;
    }
    if (station_open(&station, config, once, &why)) {
        desk_run(&station.desk);
        code = once && station.desk.rejects > 0 ? EXIT_REJECTS : EXIT_FINE;
    } else {
        fprintf(stderr, "throughcare-carat: %s\n", why);
        code = EXIT_CANNOT_BEGIN;
    }
    station_close(&station);
    return code;
}

int main(int argc, char **argv)
{
    g_autofree char *path = NULL;
    gboolean once = FALSE, version = FALSE;
    const GOptionEntry entries[] = {
        { "config", 'c', G_OPTION_FLAG_NONE, G_OPTION_ARG_FILENAME, &path, "The settings (needed)", "CONFIG" },
        { "once", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &once, "Send the lists that are there, wait until all is safe, and end", NULL },
        { "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, &version, "Show the version and end", NULL },
        { 0 },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    tc_guard_memory();
    setlocale(LC_ALL, "");
    umask(007); /* the group that drops lists may read what comes back; nobody else */
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1 || (path == NULL && !version)) {
        fprintf(stderr, "throughcare-carat: %s\nTry throughcare-carat --help.\n",
                error != NULL ? error->message : argc > 1 ? "there is nothing to do with that argument" : "--config is needed");
        return EXIT_WRONG_WORDS;
    }
    if (version) {
        puts("throughcare-carat " TC_VERSION);
        return EXIT_FINE;
    }
    return run(path, once);
}
