/* throughcare-worklist: the pages on which the people of one organisation do their part, behind nginx.
 *
 * A station of its own beside the organisation's keys, built on the SDK like every other adapter: the spool is its store, and what it opened
 * is in memory only. Exit codes: 0 ended as asked · 1 could not begin · 2 wrong words or settings. */
#include "adapters/station/log.h"
#include "adapters/worklist/draft.h"
#include "adapters/worklist/language.h"
#include "adapters/worklist/live.h"
#include "adapters/worklist/server.h"
#include "adapters/worklist/template.h"
#include "proto/guard.h"
#include "worklist_resource.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

static const char summary[] =
    "The worklist in the browser, for the people of one organisation. It listens on a Unix socket; nginx stands in front.\n"
    "\n"
    "  throughcare-worklist --config worklist.conf\n"
    "  throughcare-worklist --config worklist.conf --account sam --role worker --worker w-017 --person \"Sam Made-Up\" < password.txt";

static const char description[] =
    "Settings (a key file; paths are relative to it):\n"
    "  [worklist]\n"
    "  passport=worklist.passport     a station of its own, as the area's authority gave it\n"
    "  socket=worklist.socket         where nginx asks\n"
    "  lists=/srv/carat               optional: the folder of the service's adapter of lists; Today says which rows it refused\n"
    "  single_sign_on=sign-on.secret  optional: nginx signs people in, and proves with this file's secret that it was nginx\n"
    "\n"
    "--account adds somebody, or gives them a new password, read from standard input; the worklist must not run meanwhile.\n"
    "Roles: reader (sees), worker (sees and does), manager (that, and who looked at whom), governance (sees, and who looked at whom).\n"
    "\n"
    "Exit codes: 0 ended as asked; 1 could not begin; 2 wrong words or settings. See throughcare-worklist(1).\n";

enum { SECRET_MIN = 32, SECRET_MAX = 200 };

static char *config, *account_name, *role, *worker, *person, *phone, *team;

/* ---- The directory ---- */

static void read_directory(Worklist *w)
{
    size_t i;
    json_t *each;
    json_decref(w->directory);
    w->directory = tc_client_directory(w->client);
    json_array_foreach (json_object_get(w->directory, "services"), i, each) {
        if (strcmp(case_text(each, "id"), w->service) != 0)
            continue;
        char **texts[] = { &w->name, &w->kind, &w->area };
        const char *values[] = { case_text(each, "name"), case_text(each, "kind"), case_text(each, "area") };
        for (size_t j = 0; j < G_N_ELEMENTS(texts); j++) {
            g_free(*texts[j]);
            *texts[j] = g_strdup(values[j]);
        }
    }
}

/* ---- What the SDK tells ---- */

static bool on_event(void *ctx, const TcEvent *event)
{
    Worklist *w = ctx;
    const char *conversation = case_text(event->json, "conversation");
    if (w->caseload != NULL && *conversation != '\0')
        caseload_refresh(w->caseload, conversation);
    w->news += event->type == TC_EVENT_MESSAGE || event->type == TC_EVENT_NOTICE || event->type == TC_EVENT_RECALLED;
    live_tell(w->live);
    bool moves = event->type == TC_EVENT_MESSAGE || strcmp(case_text(event->json, "step"), "answerable") == 0;
    Case *it = moves && w->caseload != NULL && *conversation != '\0' ? caseload_find(w->caseload, conversation) : NULL;
    if (it != NULL)
        (void)answerables_rows(w->answerables, it); /* asked for before anybody looks */
    return true; /* a notice is told by the service's own station: this one shows it */
}

static void on_state(void *ctx, TcState state, const char *why)
{
    static const char *const names[] = { "connecting", "connected", "database_away", "refused" };
    ((Worklist *)ctx)->state = state;
    live_tell(((Worklist *)ctx)->live);
    log_line(state == TC_STATE_REFUSED ? LOG_LINE_ERROR : LOG_LINE_INFO, "state", "state=%s %s", names[state], why);
    sd_notifyf(0, "STATUS=%s", why);
}

static void on_log(void *ctx, int level, const char *line)
{
    (void)ctx;
    log_line(level, "sdk", "%s", line);
}

/* ---- Templates ---- */

static bool read_templates(Worklist *w, char **problem)
{
    static const char folder[] = "/throughcare/worklist/templates";
    g_auto(GStrv) names = g_resource_enumerate_children(worklist_get_resource(), folder, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    w->templates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)template_free);
    for (size_t i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat(folder, "/", names[i], NULL), *why = NULL;
        g_autoptr(GBytes) bytes = g_resource_lookup_data(worklist_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        Template *template = template_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &why);
        if (template == NULL) {
            *problem = g_strdup_printf("template %s: %s", names[i], why);
            return false;
        }
        *strrchr(names[i], '.') = '\0';
        g_hash_table_replace(w->templates, g_strdup(names[i]), template);
    }
    return true;
}

/* ---- Beginning ---- */

static int add_account(Worklist *w)
{
    char password[ACCOUNT_PASSWORD_MAX + 8] = "";
    TcError error;
    if (fgets(password, sizeof password, stdin) == NULL)
        password[0] = '\0';
    password[strcspn(password, "\r\n")] = '\0';
    if (!account_set(w->accounts, account_name, role != NULL ? role : "worker", worker != NULL ? worker : "", person != NULL ? person : "", phone, team, password, &error)) {
        fprintf(stderr, "throughcare-worklist: %s\n", error.text);
        return 2;
    }
    printf(_("%s may sign in.\n"), account_name);
    return 0;
}

/* What is past its week goes, also when its account is never used again. */
static void sweep_drafts(const Worklist *w)
{
    g_autoptr(GPtrArray) accounts = account_list(w->accounts);
    for (guint i = 0; i < accounts->len; i++)
        draft_sweep(w->client, ((const Account *)accounts->pdata[i])->name);
}

static int serve(Worklist *w, const char *socket)
{
    g_autofree char *problem = NULL;
    w->caseload = caseload_new(w->client, w->service);
    malloc_trim(0); /* reading all of it took as much again */
    w->answerables = answerables_new(w->client);
    w->cover = cover_new(w->client);
    w->sessions = sessions_new();
    sweep_drafts(w);
    if (read_templates(w, &problem) && server_run(w, socket, &problem))
        return 0;
    fprintf(stderr, "throughcare-worklist: %s\n", problem);
    return 1;
}

static int open_and_run(const char *passport, const char *socket, char *sign_on, char *lists)
{
    static const TcCallbacks callbacks = { on_state, on_event, on_log };
    Worklist w = { .views = -1, .sign_on = sign_on, .lists = lists };
    TcError error;
    w.client = tc_client_open(passport, "throughcare-worklist " TC_VERSION, &callbacks, &w, &error);
    if (w.client == NULL || (w.accounts = accounts_new(w.client, &error)) == NULL) {
        fprintf(stderr, "throughcare-worklist: %s\n", error.text);
        if (w.client != NULL)
            tc_client_close(w.client);
        return 1;
    }
    json_auto_t *status = tc_client_status(w.client);
    w.service = g_strdup(case_text(status, "service"));
    read_directory(&w);
    int code = account_name != NULL ? add_account(&w) : serve(&w, socket);
    if (w.templates != NULL)
        g_hash_table_unref(w.templates);
    sessions_free(w.sessions);
    caseload_free(w.caseload);
    cover_free(w.cover);
    accounts_free(w.accounts);
    tc_client_close(w.client);
    answerables_free(w.answerables);
    json_decref(w.directory);
    json_decref(w.offered);
    json_decref(w.rejected);
    char *texts[] = { w.service, w.name, w.kind, w.area };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    return code;
}

static char *path_of(GKeyFile *file, const char *key)
{
    g_autofree char *text = g_key_file_get_string(file, "worklist", key, NULL), *folder = g_path_get_dirname(config);
    if (text == NULL || *text == '\0')
        return NULL;
    return g_path_is_absolute(text) ? g_strdup(text) : g_build_filename(folder, text, NULL);
}

/* What nginx and this program alone know. */
static bool read_secret(const char *path, char **secret)
{
    struct stat about;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, secret, NULL, &error)) {
        fprintf(stderr, "throughcare-worklist: single_sign_on: %s\n", error->message);
        return false;
    }
    g_strstrip(*secret);
    bool open = stat(path, &about) != 0 || (about.st_mode & 077) != 0;
    if (!open && strlen(*secret) >= SECRET_MIN && strlen(*secret) <= SECRET_MAX)
        return true;
    fprintf(stderr, open ? "throughcare-worklist: single_sign_on: others can read %s: chmod 600\n" : "throughcare-worklist: single_sign_on: %s needs a secret of 32 to 200 characters\n", path);
    return false;
}

static int run(void)
{
    static const char *const known[] = { "passport", "socket", "single_sign_on", "lists", NULL };
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;
    if (!g_key_file_load_from_file(file, config, G_KEY_FILE_NONE, &error)) {
        fprintf(stderr, "throughcare-worklist: %s: %s\n", config, error->message);
        return 2;
    }
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL), keys = g_key_file_get_keys(file, "worklist", NULL, NULL);
    for (size_t i = 0; keys != NULL && keys[i] != NULL; i++)
        if (!g_strv_contains(known, keys[i])) {
            fprintf(stderr, "throughcare-worklist: \"%s\" in [worklist] is not a setting; see throughcare-worklist(1)\n", keys[i]);
            return 2;
        }
    g_autofree char *passport = path_of(file, "passport"), *socket = path_of(file, "socket");
    if (passport == NULL || socket == NULL || g_strv_length(groups) != 1) {
        fputs("throughcare-worklist: the settings are [worklist] with passport and socket, a path each\n", stderr);
        return 2;
    }
    g_autofree char *sign_on_path = path_of(file, "single_sign_on"), *sign_on = NULL, *lists = path_of(file, "lists");
    if (sign_on_path != NULL && !read_secret(sign_on_path, &sign_on))
        return 2;
    return open_and_run(passport, socket, sign_on, lists);
}

int main(int argc, char **argv)
{
    gboolean version = FALSE;
    const GOptionEntry entries[] = {
        { "config", 'c', 0, G_OPTION_ARG_FILENAME, &config, N_("The settings (needed)"), N_("FILE") },
        { "account", 0, 0, G_OPTION_ARG_STRING, &account_name, N_("Add this account, or give it a new password"), N_("NAME") },
        { "role", 0, 0, G_OPTION_ARG_STRING, &role, N_("reader, worker (unless given), manager or governance"), N_("ROLE") },
        { "worker", 0, 0, G_OPTION_ARG_STRING, &worker, N_("The worker's reference, which others see"), N_("REF") },
        { "person", 0, 0, G_OPTION_ARG_STRING, &person, N_("The worker's name"), N_("NAME") },
        { "phone", 0, 0, G_OPTION_ARG_STRING, &phone, N_("The worker's telephone"), N_("TEXT") },
        { "team", 0, 0, G_OPTION_ARG_STRING, &team, N_("The worker's team"), N_("TEXT") },
        { "version", 0, 0, G_OPTION_ARG_NONE, &version, N_("Show the version and end"), NULL },
        { 0 },
    };
    tc_guard_memory();
    language_begin();
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1 || (config == NULL && !version)) {
        fprintf(stderr, "throughcare-worklist: %s\nTry throughcare-worklist --help.\n", error != NULL ? error->message : argc > 1 ? "one word too many" : "--config is needed");
        return 2;
    }
    if (version) {
        puts("throughcare-worklist " TC_VERSION);
        return 0;
    }
    return run();
}
