#include "adapters/station/tell.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define TELL_SECONDS 60
#define TELL_WAITING_MAX 200

typedef struct Word {
    char *what, *sentence;
    char **facts; /* NAME=value, or NULL */
    guint64 number;
} Word;

struct Tell {
    char **argv;
    TellDone done;
    void *ctx;
    GQueue waiting; /* Word * */
    GSubprocess *running;
    GCancellable *cancel;
    Word *now;
    guint timer;
};

static void tell_next(Tell *tell);

static void word_free(void *data)
{
    Word *word = data;
    g_free(word->what);
    g_free(word->sentence);
    g_strfreev(word->facts);
    g_free(word);
}

/* The command has a session of its own, so that what it started ends with it. */
static void tell_kill(GSubprocess *running)
{
    const char *id = g_subprocess_get_identifier(running);
    pid_t pid = id != NULL ? (pid_t)g_ascii_strtoll(id, NULL, 10) : 0;
    if (pid > 1)
        kill(-pid, SIGKILL);
}

/* If this process is killed, the command is not left behind. */
static void tell_own_session(gpointer ctx)
{
    (void)ctx;
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

Tell *tell_new(char **argv, TellDone done, void *ctx)
{
    Tell *tell = g_new0(Tell, 1);
    *tell = (Tell){ .argv = argv, .done = done, .ctx = ctx, .cancel = g_cancellable_new() };
    g_queue_init(&tell->waiting);
    return tell;
}

void tell_free(Tell *tell)
{
    if (tell == NULL)
        return;
    g_cancellable_cancel(tell->cancel);
    g_object_unref(tell->cancel);
    g_clear_handle_id(&tell->timer, g_source_remove);
    if (tell->running != NULL) {
        tell_kill(tell->running);
        g_object_unref(tell->running);
    }
    g_clear_pointer(&tell->now, word_free);
    g_queue_clear_full(&tell->waiting, word_free);
    g_free(tell);
}

static void tell_end(Tell *tell, bool told)
{
    Word *word = g_steal_pointer(&tell->now);
    guint64 number = word->number;
    g_clear_handle_id(&tell->timer, g_source_remove);
    g_clear_object(&tell->running);
    word_free(word);
    if (number > 0 && tell->done != NULL)
        tell->done(tell->ctx, number, told);
    tell_next(tell);
}

static void tell_ended(GObject *object, GAsyncResult *result, void *data)
{
    g_autoptr(GError) error = NULL;
    bool told = g_subprocess_wait_check_finish(G_SUBPROCESS(object), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the Tell is gone */
    tell_end(data, told);
}

static gboolean tell_too_long(void *data)
{
    Tell *tell = data;
    tell->timer = 0;
    tell_kill(tell->running);
    return G_SOURCE_REMOVE;
}

static bool tell_run(Tell *tell)
{
    guint count = g_strv_length(tell->argv);
    g_autofree const char **argv = g_new0(const char *, count + 3);
    memcpy(argv, tell->argv, count * sizeof *argv);
    argv[count] = tell->now->what;
    argv[count + 1] = tell->now->sentence;
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
    g_subprocess_launcher_set_child_setup(launcher, tell_own_session, NULL, NULL);
    for (char **fact = tell->now->facts; fact != NULL && *fact != NULL; fact++) {
        g_auto(GStrv) both = g_strsplit(*fact, "=", 2);
        if (both[0] != NULL && both[1] != NULL)
            g_subprocess_launcher_setenv(launcher, both[0], both[1], TRUE);
    }
    tell->running = g_subprocess_launcher_spawnv(launcher, argv, NULL);
    if (tell->running == NULL)
        return false;
    tell->timer = g_timeout_add_seconds(TELL_SECONDS, tell_too_long, tell);
    g_subprocess_wait_check_async(tell->running, tell->cancel, tell_ended, tell);
    return true;
}

static void tell_next(Tell *tell)
{
    if (tell->now != NULL || g_queue_is_empty(&tell->waiting))
        return;
    tell->now = g_queue_pop_head(&tell->waiting);
    if (!tell_run(tell))
        tell_end(tell, false);
}

static bool tell_waits(const Tell *tell, const char *what)
{
    for (const GList *link = tell->waiting.head; link != NULL; link = link->next)
        if (strcmp(((const Word *)link->data)->what, what) == 0)
            return true;
    return false;
}

void tell_person(Tell *tell, const char *what, const char *sentence, guint64 number)
{
    tell_person_with(tell, what, sentence, NULL, number);
}

void tell_person_with(Tell *tell, const char *what, const char *sentence, const char *const *facts, guint64 number)
{
    if (tell->argv == NULL || (number == 0 && tell_waits(tell, what)) || tell->waiting.length >= TELL_WAITING_MAX)
        return;
    Word *word = g_new0(Word, 1);
    *word = (Word){ .what = g_strdup(what), .sentence = g_strdup(sentence), .facts = g_strdupv((char **)facts), .number = number };
    g_queue_push_tail(&tell->waiting, word);
    tell_next(tell);
}

bool tell_idle(const Tell *tell)
{
    return tell->now == NULL && tell->waiting.length == 0;
}
