/* The command line of an adapter of lists: --config, --once, --version, --help.
 *
 * Exit codes: 0 ended as asked (with --once: every row is safe with the broker) · 1 could not begin · 2 the command line or the
 * settings are wrong · 3 with --once: done, and some rows, or a whole list, were rejected or refused. */
#ifndef LISTS_PROGRAM_H
#define LISTS_PROGRAM_H

#include <stdbool.h>

enum { PROGRAM_FINE = 0, PROGRAM_CANNOT_BEGIN = 1, PROGRAM_WRONG_WORDS = 2, PROGRAM_REJECTS = 3 };

typedef struct Program {
    const char *name, *summary, *description;
    int (*run)(const void *ctx, const char *config, bool once); /* gives the exit code */
    const void *ctx;
} Program;

int program_main(const Program *program, int argc, char **argv);

#endif
