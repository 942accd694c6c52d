#include "adapters/carat/station.h"

#include "adapters/station/log.h"
#include "adapters/carat/recipient.h"
#include "adapters/station/source.h"

#include <glib-unix.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#define STATION_RETRY_SECONDS 10
#define STATION_DAY_SECONDS 3600
#define STATION_WRITE_MS 300

char *station_today(TcClient *client)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/London");
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(tc_client_now(client) / G_USEC_PER_SEC);
    g_autoptr(GDateTime) now = zone != NULL ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
    return g_date_time_format(now, "%Y-%m-%d");
}

static void station_told(void *ctx, guint64 number, bool told)
{
    Station *station = ctx;
    TcError error;
    if (!tc_client_told(station->client, number, NULL, told, &error))
        log_line(LOG_LINE_ERROR, "told_failed", "code=%s %s", error.code, error.text);
    station_wake(station);
}

static void station_folder(void *ctx)
{
    Station *station = ctx;
    station->look = true;
    station_wake(station);
}

/* Says once what is in the way, and looks again later. */
static void station_block(Station *station, const char *why)
{
    if (!station->blocked)
        log_line(LOG_LINE_WARNING, "waiting", "%s", why);
    station->blocked = true;
}

static gboolean station_again(void *data)
{
    Station *station = data;
    station->retry = 0;
    station->look = true;
    station_wake(station);
    return G_SOURCE_REMOVE;
}

static void station_later(Station *station, const char *why)
{
    station_block(station, why);
    if (station->retry == 0)
        station->retry = g_timeout_add_seconds(STATION_RETRY_SECONDS, station_again, station);
}

/* The directory may have changed since the last list. False when our own entry is not there. */
static bool station_directory(Station *station)
{
    Release *release = &station->release;
    if (station->directory_read)
        return true;
    json_decref(release->directory);
    release->directory = tc_client_directory(station->client);
    const json_t *own = recipient_service(release->directory, station->service);
    release->area = json_string_value(json_object_get(own, "area"));
    release->prison = json_string_value(json_object_get(own, "prison"));
    station->directory_read = release->area != NULL && release->prison != NULL;
    if (station->directory_read)
        return true;
    station_later(station, own == NULL ? "there is no directory yet, or this service is not in it"
                                       : "the directory does not say which prison this service is in: ask the area's authority");
    return false;
}

static void station_list_done(Station *station)
{
    ListCounts counts = list_counts(station->list);
    log_line(counts.rejects > 0 ? LOG_LINE_WARNING : LOG_LINE_INFO, "list_done",
             "list=%s rows=%u sent=%u unchanged=%u rejects=%u missing=%u refused_whole=%d", list_tag(station->list), counts.rows,
             counts.sent, counts.same, counts.rejects, counts.missing, counts.whole);
    if (counts.rejects > 0) {
        g_autofree char *sentence = g_strdup_printf("%s was not sent: see the newest file in rejected/.",
                                                    counts.whole ? "A list" : "A part of a list");
        tell_person(station->tell, "rejected", sentence, 0);
    }
    if (counts.missing > 0)
        tell_person(station->tell, "questions", "People are missing from the newest list: see answers/questions.csv.", 0);
    station->rejects += counts.rejects;
    station->blocked = false;
    station->unwritten = true;
    g_clear_pointer(&station->list, list_free);
    station->look = true;
}

/* The oldest file that can be read becomes the list. */
static void station_next_list(Station *station)
{
    g_autofree char *why = NULL;
    station->look = false;
    station->directory_read = false;
    g_autoptr(GPtrArray) files = folder_files(station->folder, &why);
    for (guint i = 0; files != NULL && i < files->len && station->list == NULL; i++) {
        g_clear_pointer(&why, g_free);
        station->list = list_open(&station->folders, files->pdata[i], &why);
        if (station->list == NULL && why != NULL)
            break; /* lists are taken in order, so none is taken before one that waits */
    }
    if (station->list != NULL)
        log_line(LOG_LINE_INFO, "list_begun", "list=%s", list_tag(station->list));
    else if (why != NULL)
        station_later(station, why);
}

static void station_work_list(Station *station)
{
    g_autofree char *today = station_today(station->client), *why = NULL;
    if (station->retry != 0 || !station_directory(station))
        return;
    switch (list_step(station->list, &station->release, today, &why)) {
    case LIST_DONE:
        station_list_done(station);
        break;
    case LIST_LATER:
        station_later(station, why);
        break;
    case LIST_MORE:
        break;
    }
}

static gboolean station_pause_over(void *data)
{
    Station *station = data;
    station->pause = 0;
    station_wake(station);
    return G_SOURCE_REMOVE;
}

static void station_write(Station *station)
{
    g_autofree char *today = station_today(station->client), *why = NULL;
    gint64 early = station->write_after - g_get_monotonic_time();
    if (early > 0) {
        station->pause = g_timeout_add((guint)(early / 1000) + 1, station_pause_over, station);
        return;
    }
    if (station->release.directory == NULL)
        station->release.directory = tc_client_directory(station->client);
    if (!report_step(station->report))
        return;
    gint64 begun = g_get_monotonic_time();
    station->unwritten = !report_write(station->report, today, &why);
    gint64 ended = g_get_monotonic_time();
    station->write_after = ended + MAX(STATION_WRITE_MS * G_GINT64_CONSTANT(1000), 4 * (ended - begun));
    if (station->unwritten)
        station_later(station, why);
}

/* How a release ended decides whether a later row is a new one. A refusal that came while its message was not yet noted is seen
 * here, from the conversation. True when the person has changed. */
static bool station_reconcile(Person *person, const Known *known)
{
    bool over = known->over != NULL && g_strcmp0(known->over, person->over) != 0;
    bool refused = known->refused != NULL && g_strcmp0(known->refused, person->newest) == 0;
    bool recalled = known->recalled && g_strcmp0(person->certainty, PERSON_RECALLED) != 0;
    if (over)
        person_set(&person->over, known->over);
    if (recalled)
        person_set(&person->certainty, PERSON_RECALLED);
    if (refused)
        person_take_back(person, known->standing, "the broker refused it");
    return over || refused || recalled;
}

static void station_reconcile_all(Station *station)
{
    const GPtrArray *all = people_all(station->release.people);
    TcError error;
    for (guint i = 0; i < all->len; i++) {
        Person *person = all->pdata[i];
        const Known *known = report_known(station->report, person);
        if (known == NULL || !station_reconcile(person, known))
            continue;
        report_touch(station->report, person);
        station->unwritten = true;
        if (!people_save(station->release.people, person, &error))
            log_line(LOG_LINE_ERROR, "note_failed", "code=%s %s", error.code, error.text);
    }
}

/* True when a broker has, or will never have, everything that was sent about this person. */
static bool station_safe(const Station *station, const Person *person)
{
    const Known *known = report_known(station->report, person);
    return known == NULL || !known->waiting;
}

static bool station_settled(const Station *station)
{
    const GPtrArray *all = people_all(station->release.people);
    if (station->list != NULL || station->look || station->unwritten || station->retry != 0 || !tell_idle(station->tell))
        return false;
    for (guint i = 0; i < all->len; i++)
        if (!station_safe(station, all->pdata[i]))
            return false;
    return true;
}

static gboolean station_work(void *data)
{
    Station *station = data;
    if (station->list == NULL && station->look && station->retry == 0)
        station_next_list(station);
    if (station->list != NULL)
        station_work_list(station);
    else if (station->unwritten && station->retry == 0 && station->pause == 0)
        station_write(station);
    if (!station->unwritten)
        station_reconcile_all(station);
    if (station->once && station_settled(station))
        g_main_loop_quit(station->loop);
    bool more = station->retry == 0 && (station->list != NULL || station->look || (station->unwritten && station->pause == 0));
    if (!more)
        station->worker = 0;
    return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void station_wake(Station *station)
{
    if (station->worker == 0)
        station->worker = g_idle_add(station_work, station);
}

static gboolean station_stop(void *data)
{
    Station *station = data;
    g_main_loop_quit(station->loop);
    return G_SOURCE_CONTINUE;
}

/* Releases that are long past leave the answers, and their notes go. */
static gboolean station_forget(void *data)
{
    Station *station = data;
    const GPtrArray *all = people_all(station->release.people);
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) then = g_date_time_add_days(now, -(int)station->config->keep_days);
    g_autofree char *before = g_date_time_format(then, "%Y-%m-%d");
    TcError error;
    for (guint i = all->len; i > 0; i--) {
        Person *person = all->pdata[i - 1];
        const char *last = person->over != NULL ? person->over : person->expected;
        if (last == NULL || last[0] == '\0' || strcmp(last, before) >= 0 || !station_safe(station, person))
            continue;
        report_drop(station->report, person);
        if (!people_forget(station->release.people, person, &error))
            log_line(LOG_LINE_ERROR, "note_failed", "code=%s %s", error.code, error.text);
    }
    station->unwritten = true; /* what is asked about depends on the day */
    station_wake(station);
    return G_SOURCE_CONTINUE;
}

static gboolean station_watchdog(void *data)
{
    (void)data;
    sd_notify(0, "WATCHDOG=1");
    return G_SOURCE_CONTINUE;
}

static bool station_folders(Station *station, char **why)
{
    const struct { char **place; const char *name; } folders[] = {
        { &station->folders.in, "in" }, { &station->folders.done, "done" },
        { &station->folders.rejected, "rejected" }, { &station->folders.answers, "answers" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        *folders[i].place = g_build_filename(station->config->folder, folders[i].name, NULL);
        if (!folder_make(*folders[i].place, why))
            return false;
    }
    return true;
}

static void station_changed(void *ctx, const Person *person)
{
    Station *station = ctx;
    report_touch(station->report, person);
    station->unwritten = true;
}

static bool station_client(Station *station, char **why)
{
    TcError error = { .code = "" };
    station->client = tc_client_open(station->config->passport, "throughcare-carat " TC_VERSION, &station_callbacks, station, &error);
    if (station->client != NULL) {
        json_t *status = tc_client_status(station->client);
        station->service = g_strdup(json_string_value(json_object_get(status, "service")));
        json_decref(status);
        station->release = (Release){ .client = station->client, .config = station->config, .changed = station_changed, .ctx = station };
        station->release.people = people_open(station->client, &error);
    }
    if (station->release.people != NULL)
        return true;
    *why = g_strdup_printf("%s (%s)", error.text, error.code);
    return false;
}

bool station_open(Station *station, const Config *config, bool once, char **why)
{
    *station = (Station){ .config = config, .once = once, .loop = g_main_loop_new(NULL, FALSE) };
    if (!station_folders(station, why) || !station_client(station, why))
        return false;
    station->report = report_new(station->folders.answers, &station->release);
    station->tell = tell_new(config->notify, station_told, station);
    station->look = true;
    station->folder = folder_open(station->folders.in, config->look_every, station_folder, station, why);
    return station->folder != NULL;
}

void station_run(Station *station)
{
    uint64_t watchdog = 0;
    guint sources[] = {
        g_unix_signal_add(SIGTERM, station_stop, station),
        g_unix_signal_add(SIGINT, station_stop, station),
        source_add(station->client),
        g_timeout_add_seconds(STATION_DAY_SECONDS, station_forget, station),
        sd_watchdog_enabled(0, &watchdog) > 0 ? g_timeout_add((guint)(watchdog / 2000), station_watchdog, NULL) : 0,
    };
    station_forget(station);
    sd_notify(0, "READY=1");
    log_line(LOG_LINE_INFO, "ready", "people=%u", people_all(station->release.people)->len);
    g_main_loop_run(station->loop);
    sd_notify(0, "STOPPING=1");
    log_line(LOG_LINE_INFO, "stopping", "rejects=%u", station->rejects);
    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
        if (sources[i] != 0)
            g_source_remove(sources[i]);
}

void station_close(Station *station)
{
    g_clear_handle_id(&station->worker, g_source_remove);
    g_clear_handle_id(&station->retry, g_source_remove);
    g_clear_handle_id(&station->pause, g_source_remove);
    folder_close(station->folder);
    list_free(station->list);
    tell_free(station->tell);
    report_free(station->report);
    people_free(station->release.people);
    json_decref(station->release.directory);
    if (station->client != NULL)
        tc_client_close(station->client);
    g_free(station->service);
    g_free(station->folders.in);
    g_free(station->folders.done);
    g_free(station->folders.rejected);
    g_free(station->folders.answers);
    g_main_loop_unref(station->loop);
}
