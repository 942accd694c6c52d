#include "adapters/cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_SECONDS 40

bool command_json;
static char *socket_path;

void command_parse(int *argc, char ***argv, const char *usage, const char *summary, const GOptionEntry *entries, int least, int most)
{
    static gboolean as_json;
    const GOptionEntry common[] = {
        { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_("Print JSON"), NULL },
        { "socket", 0, 0, G_OPTION_ARG_FILENAME, &socket_path, N_("The service's adapter (else THROUGHCARE_SOCKET)"), "PATH" },
        { 0 },
    };
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(usage);
    g_option_context_set_summary(context, summary);
    if (entries != NULL)
        g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, common, NULL);
    bool good = g_option_context_parse(context, argc, argv, &error);
    command_json = as_json;
    if (good && *argc - 1 >= least && *argc - 1 <= most)
        return;
    fprintf(stderr, "throughcare: %s\n", error != NULL ? error->message : *argc - 1 < least ? _("something is missing") : _("one word too many"));
    fprintf(stderr, _("Try %s --help.\n"), g_get_prgname());
    exit(CODE_USAGE);
}

bool command_asks_help(const char *word) { return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0; }

int command_among(const char *family, const Command *acts, size_t count, int argc, char **argv)
{
    bool asked = argc >= 2 && command_asks_help(argv[1]);
    FILE *out = asked ? stdout : stderr;
    for (size_t i = 0; argc >= 2 && i < count; i++)
        if (strcmp(argv[1], acts[i].name) == 0)
            return acts[i].run(argc - 1, argv + 1);
    if (argc >= 2 && !asked)
        fprintf(out, _("throughcare: there is no \"%s %s\".\n"), family, argv[1]);
    fprintf(out, _("Usage: throughcare %s …   (each with --help tells more)\n\n"), family);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %s %-8s  %s\n", family, acts[i].name, _(acts[i].help));
    return asked ? CODE_OK : CODE_USAGE;
}

int command_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("throughcare: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return CODE_PROBLEM;
}

bool command_print_json(json_t *json)
{
    if (command_json) {
        json_dumpf(json, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(json);
    return command_json;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct timeval limit = { .tv_sec = ANSWER_SECONDS };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path &&
        connect(fd, (struct sockaddr *)&address, sizeof address) == 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0)
        return fd;
    close(fd);
    return -1;
}

json_t *command_ask_at(const char *path, json_t *question, int *code)
{
    g_autofree char *line = json_dumps(question, JSON_COMPACT);
    g_autoptr(GString) answer = g_string_new(NULL);
    char buffer[65536];
    ssize_t got;
    json_decref(question);
    int fd = connect_to(path);
    *code = CODE_UNREACHABLE;
    if (fd < 0) {
        command_fail(_("nothing answers at %s: %s. Is it running, and may you ask it?"), path, g_strerror(errno));
        return NULL;
    }
    bool sent = write(fd, line, strlen(line)) == (ssize_t)strlen(line) && write(fd, "\n", 1) == 1;
    while (sent && (answer->len == 0 || answer->str[answer->len - 1] != '\n') && (got = read(fd, buffer, sizeof buffer)) > 0)
        g_string_append_len(answer, buffer, got);
    close(fd);
    json_t *json = json_loads(answer->str, 0, NULL);
    if (json == NULL) {
        command_fail(_("%s gave no answer. Look at its log, then try again."), path);
        return NULL;
    }
    *code = CODE_OK;
    return json;
}

json_t *command_ask(json_t *question, int *code)
{
    const char *path = socket_path != NULL ? socket_path : g_getenv("THROUGHCARE_SOCKET");
    if (path == NULL || path[0] == '\0') {
        json_decref(question);
        *code = CODE_USAGE;
        command_fail(_("which service? Give --socket PATH, or set THROUGHCARE_SOCKET."));
        return NULL;
    }
    json_t *answer = command_ask_at(path, question, code), *result = NULL;
    if (answer == NULL)
        return NULL;
    if (json_is_true(json_object_get(answer, "ok"))) {
        result = json_incref(json_object_get(answer, "result"));
    } else {
        *code = CODE_PROBLEM;
        if (command_json)
            command_print_json(json_incref(answer));
        else
            command_fail("%s (%s%s%s)", command_text(answer, "error.text"), command_text(answer, "error.code"),
                         *command_text(answer, "error.field") ? ", " : "", command_text(answer, "error.field"));
    }
    json_decref(answer);
    return result;
}

const char *command_text(const json_t *json, const char *dotted)
{
    g_auto(GStrv) names = g_strsplit(dotted, ".", -1);
    for (size_t i = 0; names[i] != NULL; i++)
        json = json_object_get(json, names[i]);
    const char *text = json_string_value(json);
    return text != NULL ? text : "";
}

char *command_clock(int64_t microseconds)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(microseconds / G_USEC_PER_SEC);
    g_autoptr(GDateTime) local = utc != NULL && zone != NULL ? g_date_time_to_timezone(utc, zone) : NULL;
    return local != NULL ? g_date_time_format(local, "%a %-d %b %Y, %H:%M:%S") : g_strdup("");
}

char *command_time(const json_t *time)
{
    if (json_is_integer(time))
        return command_clock(json_integer_value(time));
    const char *text = json_string_value(time);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) at = text != NULL ? g_date_time_new_from_iso8601(text, utc) : NULL;
    return at != NULL ? command_clock(g_date_time_to_unix(at) * G_USEC_PER_SEC) : g_strdup("");
}

bool command_write(const char *path, const void *data, size_t len, int mode)
{
    g_autoptr(GError) error = NULL;
    if (g_file_set_contents_full(path, data, (gssize)len, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode, &error))
        return true;
    command_fail("%s", error->message);
    return false;
}
