/* throughcare-carat: a prison's release lists become release notifications; what is known about each comes back as a file. */
#include "adapters/carat/station.h"
#include "adapters/lists/program.h"

#include <stdio.h>

static const char summary[] =
    "Sends a prison's release lists. Drop a CSV file into the folder's in/: one row a person.\n"
    "\n"
    "  in/        put lists here; write under another name, then rename to NAME.csv\n"
    "  done/      lists that were sent, as they came\n"
    "  rejected/  NAME.rejects.csv: each row that was not sent: line, whose it is, column, what stands there, reason\n"
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

static int run(const void *ctx, const char *path, bool once)
{
    (void)ctx;
    g_autofree char *why = NULL;
    g_autoptr(Config) config = config_read(path, &why);
    Station station;
    int code = PROGRAM_FINE;
    if (config == NULL) {
        fprintf(stderr, "throughcare-carat: %s\n", why);
        return PROGRAM_WRONG_WORDS;
    }
    if (station_open(&station, config, once, &why)) {
        desk_run(&station.desk);
        code = once && station.desk.rejects > 0 ? PROGRAM_REJECTS : PROGRAM_FINE;
    } else {
        fprintf(stderr, "throughcare-carat: %s\n", why);
        code = PROGRAM_CANNOT_BEGIN;
    }
    station_close(&station);
    return code;
}

int main(int argc, char **argv)
{
    static const Program program = { "throughcare-carat", summary, description, run, NULL };
    return program_main(&program, argc, argv);
}
