/* What every command of `throughcare` shares: its words, where it asks, how it says things, how it ends.
 *
 * A command parses its own words with command_parse, which knows --json, --socket and --help for all. What a command finds out goes to
 * standard output, as words or with --json as JSON; what went wrong goes to standard error. Memory belongs to the process. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <glib.h>
#include <glib/gi18n.h>
#include <jansson.h>
#include <stdbool.h>

enum { CODE_OK = 0, CODE_PROBLEM = 1, CODE_USAGE = 2, CODE_UNREACHABLE = 3 };

typedef struct Command { const char *name, *words, *help; int (*run)(int argc, char **argv); } Command;

extern bool command_json;          /* --json was given */

/* Takes options out of argv; what is left are least to most plain words. summary: what the command does. A usage error says so and
 * ends the program with 2. */
void command_parse(int *argc, char ***argv, const char *usage, const char *summary, const GOptionEntry *entries, int least, int most);

bool command_asks_help(const char *word);
/* A command that is a family, as "key new": runs the one that the first word names. --help lists them; so does a word that names none. */
int command_among(const char *family, const Command *acts, size_t count, int argc, char **argv);

/* Says what went wrong and what to do; gives CODE_PROBLEM. */
int command_fail(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* Prints JSON when --json was given, and takes the reference either way; false when words are wanted. */
bool command_print_json(json_t *json);

/* Asks the service's adapter (--socket, or THROUGHCARE_SOCKET). Takes question. NULL when it said no or could not be asked: said
 * already, and *code is how to end. New reference to "result". */
json_t *command_ask(json_t *question, int *code);
/* The same over a socket given by path, as the broker's admin socket; gives the whole answer. */
json_t *command_ask_at(const char *path, json_t *question, int *code);

const char *command_text(const json_t *json, const char *dotted); /* "" when absent */
/* A time from JSON (RFC 3339, or microseconds) as people here read it: "Mon 23 Nov 2026, 14:05". Caller frees. */
char *command_time(const json_t *time);
char *command_clock(int64_t microseconds);
bool command_write(const char *path, const void *data, size_t len, int mode); /* whole or not at all; says what went wrong */

int authority_command(int argc, char **argv);
int key_command(int argc, char **argv);
int disclosures_command(int argc, char **argv);
int figures_command(int argc, char **argv);
int matches_command(int argc, char **argv);
int clock_command(int argc, char **argv);
int service_command(int argc, char **argv);
int directory_command(int argc, char **argv);
int say_command(int argc, char **argv);
int answerable_command(int argc, char **argv);
int report_command(int argc, char **argv);
int send_command(int argc, char **argv);
int inbox_command(int argc, char **argv);
int show_command(int argc, char **argv);
int answer_command(int argc, char **argv);
int recall_command(int argc, char **argv);
int trace_command(int argc, char **argv);
int status_command(int argc, char **argv);
int audit_command(int argc, char **argv);

#endif
