#include "adapters/lists/desk.h"

#include "adapters/files/rejects.h"
#include "adapters/station/log.h"
#include "adapters/station/source.h"

#include <glib-unix.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#define DESK_RETRY_SECONDS 10
#define DESK_DAY_SECONDS 3600
#define DESK_WRITE_MS 300

static void desk_wake(Desk *desk); /* something is to be done: the worker runs soon */

char *desk_today(const Desk *desk)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(tc_client_now(desk->client) / G_USEC_PER_SEC);
    g_autoptr(GDateTime) now = zone != NULL ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
    return g_date_time_format(now, "%Y-%m-%d");
}

static void desk_told(void *ctx, guint64 number, bool told)
{
    Desk *desk = ctx;
    TcError error;
    if (!tc_client_told(desk->client, number, NULL, told, &error))
        log_line(LOG_LINE_ERROR, "told_failed", "code=%s %s", error.code, error.text);
    desk_wake(desk);
}

static void desk_folder(void *ctx)
{
    Desk *desk = ctx;
    desk->look = true;
    desk_wake(desk);
}

/* Says once what is in the way, and looks again later. */
static void desk_block(Desk *desk, const char *why)
{
    if (!desk->blocked)
        log_line(LOG_LINE_WARNING, "waiting", "%s", why);
    desk->blocked = true;
}

static gboolean desk_again(void *data)
{
    Desk *desk = data;
    desk->retry = 0;
    desk->look = true;
    desk_wake(desk);
    return G_SOURCE_REMOVE;
}

static void desk_later(Desk *desk, const char *why)
{
    desk_block(desk, why);
    if (desk->retry == 0)
        desk->retry = g_timeout_add_seconds(DESK_RETRY_SECONDS, desk_again, desk);
}

/* What the adapter needs for a list, a directory first of all, may have changed since the last one. */
static bool desk_ready(Desk *desk)
{
    const char *why = desk->ready ? NULL : desk->work->ready(desk->work->ctx);
    desk->ready = why == NULL;
    if (!desk->ready)
        desk_later(desk, why);
    return desk->ready;
}

static void desk_list_done(Desk *desk)
{
    ListCounts counts = list_counts(desk->list);
    log_line(counts.rejects > 0 ? LOG_LINE_WARNING : LOG_LINE_INFO, "list_done",
             "list=%s rows=%u sent=%u unchanged=%u rejects=%u missing=%u refused_whole=%d", list_tag(desk->list), counts.rows,
             counts.sent, counts.same, counts.rejects, counts.missing, counts.whole);
    if (counts.rejects > 0) {
        g_autofree char *sentence = g_strdup_printf("%s was not sent: see the newest file in rejected/.",
                                                    counts.whole ? "A list" : "A part of a list");
        tell_person(desk->tell, "rejected", sentence, 0);
    }
    if (counts.missing > 0)
        tell_person(desk->tell, "questions", "People are missing from the newest list: see answers/questions.csv.", 0);
    desk->rejects += counts.rejects;
    desk->blocked = false;
    desk->unwritten = true;
    g_clear_pointer(&desk->list, list_free);
    desk->look = true;
}

/* The oldest file that can be read becomes the list. */
static void desk_next_list(Desk *desk)
{
    g_autofree char *why = NULL;
    desk->look = false;
    desk->ready = false;
    g_autoptr(GPtrArray) files = folder_files(desk->folder, &why);
    for (guint i = 0; files != NULL && i < files->len && desk->list == NULL; i++) {
        g_clear_pointer(&why, g_free);
        desk->list = list_open(&desk->work->list, &desk->folders, files->pdata[i], &why);
        if (desk->list == NULL && why != NULL)
            break; /* lists are taken in order, so none is taken before one that waits */
    }
    if (desk->list != NULL)
        log_line(LOG_LINE_INFO, "list_begun", "list=%s", list_tag(desk->list));
    else if (why != NULL)
        desk_later(desk, why);
}

static void desk_work_list(Desk *desk)
{
    g_autofree char *why = NULL;
    if (desk->retry != 0 || !desk_ready(desk))
        return;
    switch (list_step(desk->list, &why)) {
    case LIST_DONE:
        desk_list_done(desk);
        break;
    case LIST_LATER:
        desk_later(desk, why);
        break;
    case LIST_MORE:
        break;
    }
}

static gboolean desk_pause_over(void *data)
{
    Desk *desk = data;
    desk->pause = 0;
    desk_wake(desk);
    return G_SOURCE_REMOVE;
}

static void desk_write(Desk *desk)
{
    g_autofree char *why = NULL;
    gint64 early = desk->write_after - g_get_monotonic_time();
    if (early > 0) {
        desk->pause = g_timeout_add((guint)(early / 1000) + 1, desk_pause_over, desk);
        return;
    }
    if (!desk->work->report_step(desk->work->ctx))
        return;
    gint64 begun = g_get_monotonic_time();
    desk->unwritten = !desk->work->report_write(desk->work->ctx, &why);
    gint64 ended = g_get_monotonic_time();
    desk->write_after = ended + MAX(DESK_WRITE_MS * G_GINT64_CONSTANT(1000), 4 * (ended - begun));
    if (desk->unwritten)
        desk_later(desk, why);
}

static bool desk_settled(const Desk *desk)
{
    if (desk->list != NULL || desk->look || desk->unwritten || desk->retry != 0 || !tell_idle(desk->tell))
        return false;
    return desk->work->safe(desk->work->ctx);
}

static gboolean desk_work(void *data)
{
    Desk *desk = data;
    if (desk->list == NULL && desk->look && desk->retry == 0)
        desk_next_list(desk);
    if (desk->list != NULL)
        desk_work_list(desk);
    else if (desk->unwritten && desk->retry == 0 && desk->pause == 0)
        desk_write(desk);
    if (!desk->unwritten)
        desk->work->written(desk->work->ctx);
    if (desk->once && desk_settled(desk))
        g_main_loop_quit(desk->loop);
    bool more = desk->retry == 0 && (desk->list != NULL || desk->look || (desk->unwritten && desk->pause == 0));
    if (!more)
        desk->worker = 0;
    return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void desk_wake(Desk *desk)
{
    if (desk->worker == 0)
        desk->worker = g_idle_add(desk_work, desk);
}

static gboolean desk_stop(void *data)
{
    Desk *desk = data;
    g_main_loop_quit(desk->loop);
    return G_SOURCE_CONTINUE;
}

static gboolean desk_daily(void *data)
{
    Desk *desk = data;
    desk->work->daily(desk->work->ctx);
    desk_news(desk); /* what is asked about depends on the day */
    return G_SOURCE_CONTINUE;
}

static gboolean desk_watchdog(void *data)
{
    (void)data;
    sd_notify(0, "WATCHDOG=1");
    return G_SOURCE_CONTINUE;
}

static bool desk_folders(Desk *desk, char **why)
{
    const struct { char **place; const char *name; } folders[] = {
        { &desk->folders.in, "in" }, { &desk->folders.done, "done" },
        { &desk->folders.rejected, "rejected" }, { &desk->folders.answers, "answers" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        *folders[i].place = g_build_filename(desk->work->folder, folders[i].name, NULL);
        if (!folder_make(*folders[i].place, why))
            return false;
    }
    return true;
}

static bool desk_event(void *ctx, const TcEvent *event)
{
    Desk *desk = ctx;
    if (!desk->work->event(desk->work->ctx, event))
        return false;
    desk_news(desk);
    return true;
}

static void desk_state(void *ctx, TcState state, const char *why)
{
    static const char *const names[] = { "connecting", "connected", "database_away", "refused" };
    (void)ctx;
    log_line(state == TC_STATE_REFUSED ? LOG_LINE_ERROR : LOG_LINE_INFO, "broker", "state=%s %s", names[state], why);
}

static void desk_log(void *ctx, int level, const char *line)
{
    (void)ctx;
    log_line(level, "client", "%s", line);
}

static bool desk_client(Desk *desk, char **why)
{
    static const TcCallbacks callbacks = { .state = desk_state, .event = desk_event, .log = desk_log };
    TcError error = { .code = "" };
    g_autofree char *software = g_strconcat(desk->work->program, " " TC_VERSION, NULL);
    desk->client = tc_client_open(desk->work->passport, software, &callbacks, desk, &error);
    if (desk->client == NULL) {
        *why = g_strdup_printf("%s (%s)", error.text, error.code);
        return false;
    }
    json_t *status = tc_client_status(desk->client);
    desk->service = g_strdup(json_string_value(json_object_get(status, "service")));
    json_decref(status);
    return desk->work->open(desk->work->ctx, desk, why);
}

bool desk_open(Desk *desk, const DeskWork *work, bool once, char **why)
{
    *desk = (Desk){ .work = work, .once = once, .loop = g_main_loop_new(NULL, FALSE) };
    if (!desk_folders(desk, why) || !desk_client(desk, why))
        return false;
    desk->tell = tell_new(work->notify, desk_told, desk);
    desk->look = true;
    desk->folder = folder_open(desk->folders.in, work->look_every, desk_folder, desk, why);
    return desk->folder != NULL;
}

void desk_run(Desk *desk)
{
    uint64_t watchdog = 0;
    guint sources[] = {
        g_unix_signal_add(SIGTERM, desk_stop, desk),
        g_unix_signal_add(SIGINT, desk_stop, desk),
        source_add(desk->client),
        g_timeout_add_seconds(DESK_DAY_SECONDS, desk_daily, desk),
        sd_watchdog_enabled(0, &watchdog) > 0 ? g_timeout_add((guint)(watchdog / 2000), desk_watchdog, NULL) : 0,
    };
    desk_daily(desk);
    sd_notify(0, "READY=1");
    log_line(LOG_LINE_INFO, "ready", "service=%s", desk->service);
    g_main_loop_run(desk->loop);
    sd_notify(0, "STOPPING=1");
    log_line(LOG_LINE_INFO, "stopping", "rejects=%u", desk->rejects);
    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
        if (sources[i] != 0)
            g_source_remove(sources[i]);
}

void desk_close(Desk *desk)
{
    g_clear_handle_id(&desk->worker, g_source_remove);
    g_clear_handle_id(&desk->retry, g_source_remove);
    g_clear_handle_id(&desk->pause, g_source_remove);
    folder_close(desk->folder);
    list_free(desk->list);
    tell_free(desk->tell);
    if (desk->client != NULL)
        tc_client_close(desk->client);
    g_free(desk->service);
    g_free(desk->folders.in);
    g_free(desk->folders.done);
    g_free(desk->folders.rejected);
    g_free(desk->folders.answers);
    g_main_loop_unref(desk->loop);
}

void desk_news(Desk *desk)
{
    desk->unwritten = true;
    desk_wake(desk);
}

void desk_notice(Desk *desk, const TcEvent *event)
{
    if (desk->work->notify == NULL)
        log_line(LOG_LINE_WARNING, "notice_left", "event=%" G_GUINT64_FORMAT " no notify command is set here", event->number);
    tell_person(desk->tell, "notice", "A clock has run out, and you are the next to be told: see the service's inbox.", event->number);
}

/* "Marlow, A1234BC", as far as our own copy of a message says it; the caller's. */
static char *desk_whose(const Desk *desk, const char *id)
{
    TcError ignored; /* then the line must do */
    json_auto_t *message = id != NULL ? tc_client_message(desk->client, id, &ignored) : NULL;
    const json_t *person = json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "person");
    const char *texts[] = { json_string_value(json_object_get(person, "surname")), json_string_value(json_object_get(person, "local_id")),
                            json_string_value(json_array_get(json_object_get(person, "prison_numbers"), 0)) };
    GString *whose = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i] != NULL && *texts[i] != '\0')
            g_string_append_printf(whose, "%s%s", whose->len > 0 ? ", " : "", texts[i]);
    return g_string_free(whose, FALSE);
}

bool desk_refused(Desk *desk, const TcEvent *event, const char *list, guint line, const char *message, const char *reason)
{
    g_autofree char *why = NULL, *whose = desk_whose(desk, message);
    if (!rejects_append(desk->folders.rejected, list, (RejectPlace){ .line = line, .column = "", .whose = whose }, reason, &why)) {
        log_line(LOG_LINE_ERROR, "reject_file_failed", "%s", why);
        return false;
    }
    log_line(LOG_LINE_WARNING, "refused", "message=%s expired=%d", event->message, event->type == TC_EVENT_EXPIRED);
    desk->rejects++;
    return true;
}
