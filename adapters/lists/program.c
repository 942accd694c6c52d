#include "adapters/lists/program.h"

#include "proto/guard.h"

#include <glib.h>
#include <locale.h>
#include <stdio.h>
#include <sys/stat.h>

int program_main(const Program *program, int argc, char **argv)
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
    g_option_context_set_summary(context, program->summary);
    g_option_context_set_description(context, program->description);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1 || (path == NULL && !version)) {
        fprintf(stderr, "%s: %s\nTry %s --help.\n", program->name,
                error != NULL ? error->message : argc > 1 ? "there is nothing to do with that argument" : "--config is needed", program->name);
        return PROGRAM_WRONG_WORDS;
    }
    if (version) {
        printf("%s " TC_VERSION "\n", program->name);
        return PROGRAM_FINE;
    }
    return program->run(program->ctx, path, once);
}
