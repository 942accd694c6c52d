/* throughcare-service: the plain adapter of a service that has no system of its own.
 *
 * Keeps the service connected, holds what comes, runs the service's notice for each new item and each escalation, and answers the command
 * line through its local socket. Exit codes: 0 ended as asked · 1 could not begin · 2 wrong words or settings. */
#include "adapters/service/local.h"
#include "adapters/service/mail.h"
#include "adapters/service/notices.h"
#include "adapters/service/settings.h"
#include "adapters/station/log.h"
#include "adapters/station/source.h"
#include "proto/guard.h"

#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>

static const char summary[] =
    "Keeps a service connected, tells its people when something needs them, and answers the throughcare command.\n"
    "\n"
    "  throughcare-service --config desk.conf";

static const char description[] =
    "Settings (a key file; paths are relative to it):\n"
    "  [service]\n"
    "  passport=desk.passport         as the area's authority gave it\n"
    "  socket=desk.socket             where the throughcare command asks\n"
    "  [notify]\n"
    "  command=/usr/local/bin/tell    run with two more arguments, a word and a sentence, without personal data; or:\n"
    "  smtp=smtp://mail.example:25    from=… to=…\n"
    "\n"
    "Exit codes: 0 ended as asked; 1 could not begin; 2 wrong words or settings. See throughcare-service(1).\n";

typedef struct Service { TcClient *client; char **words; Notices *notices; Local *local; GMainLoop *loop; } Service;

static bool on_event(void *ctx, const TcEvent *event)
{
    return notices_take(((Service *)ctx)->notices, event);
}

static void on_state(void *ctx, TcState state, const char *why)
{
    static const char *const names[] = { "connecting", "connected", "database_away", "refused" };
    Service *service = ctx;
    (void)service;
    log_line(state == TC_STATE_REFUSED ? LOG_LINE_ERROR : LOG_LINE_INFO, "state", "state=%s %s", names[state], why);
    sd_notifyf(0, "STATUS=%s", why);
}

static void on_log(void *ctx, int level, const char *line)
{
    (void)ctx;
    log_line(level, "sdk", "%s", line);
}

static gboolean on_signal(void *loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

/* The notify command, or this program as one that sends mail. */
static char **notify_words(const Settings *settings, const char *self)
{
    const char *mail[] = { self, "--mail", settings->smtp, settings->from, settings->to, NULL };
    if (settings->smtp != NULL)
        return g_strdupv((char **)mail);
    return settings->command != NULL ? g_strdupv(settings->command) : NULL;
}

static int serve(Service *service, const Settings *settings)
{
    g_autofree char *why = NULL;
    static const TcCallbacks callbacks = { on_state, on_event, on_log };
    TcError error;
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    service->words = notify_words(settings, self);
    service->client = tc_client_open(settings->passport, "throughcare-service " TC_VERSION, &callbacks, service, &error);
    if (service->client == NULL) {
        fprintf(stderr, "throughcare-service: %s\n", error.text);
        return 1;
    }
    service->notices = notices_new(service->client, service->words);
    service->local = local_new(service->client, settings->socket, &why);
    if (service->local == NULL) {
        fprintf(stderr, "throughcare-service: %s\n", why);
        return 1;
    }
    service->loop = g_main_loop_new(NULL, FALSE);
    guint source = source_add(service->client), term = g_unix_signal_add(SIGTERM, on_signal, service->loop), interrupt = g_unix_signal_add(SIGINT, on_signal, service->loop);
    sd_notify(0, "READY=1");
    log_line(LOG_LINE_INFO, "ready", "version=%s", TC_VERSION);
    g_main_loop_run(service->loop);
    sd_notify(0, "STOPPING=1");
    g_source_remove(source);
    g_source_remove(term);
    g_source_remove(interrupt);
    return 0;
}

static int run(const char *path)
{
    g_autofree char *why = NULL;
    g_autoptr(Settings) settings = settings_read(path, &why);
    Service service = { 0 };
    if (settings == NULL) {
        fprintf(stderr, "throughcare-service: %s\n", why);
        return 2;
    }
    int code = serve(&service, settings);
    local_free(service.local);
    notices_free(service.notices);
    g_strfreev(service.words);
    if (service.client != NULL)
        tc_client_close(service.client);
    if (service.loop != NULL)
        g_main_loop_unref(service.loop);
    return code;
}

int main(int argc, char **argv)
{
    g_autofree char *path = NULL;
    gboolean version = FALSE;
    const GOptionEntry entries[] = {
        { "config", 'c', 0, G_OPTION_ARG_FILENAME, &path, "The settings (needed)", "FILE" },
        { "version", 0, 0, G_OPTION_ARG_NONE, &version, "Show the version and end", NULL },
        { 0 },
    };
    tc_guard_memory();
    if (argc == 7 && strcmp(argv[1], "--mail") == 0)
        return mail_send(argv[2], argv[3], argv[4], argv[5], argv[6]);
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1 || (path == NULL && !version)) {
        fprintf(stderr, "throughcare-service: %s\nTry throughcare-service --help.\n",
                error != NULL ? error->message : argc > 1 ? "one word too many" : "--config is needed");
        return 2;
    }
    if (version) {
        puts("throughcare-service " TC_VERSION);
        return 0;
    }
    return run(path);
}
