#include "adapters/carat/station.h"

#include "adapters/carat/recipient.h"
#include "adapters/station/log.h"

#include <string.h>

static const char *station_ready(void *ctx)
{
    Station *station = ctx;
    Release *release = &station->release;
    json_decref(release->directory);
    release->directory = tc_client_directory(station->desk.client);
    const json_t *own = recipient_service(release->directory, station->desk.service);
    release->area = json_string_value(json_object_get(own, "area"));
    release->prison = json_string_value(json_object_get(own, "prison"));
    if (release->area != NULL && release->prison != NULL)
        return NULL;
    return own == NULL ? "there is no directory yet, or this service is not in it"
                       : "the directory does not say which prison this service is in: ask the area's authority";
}

static bool station_report_step(void *ctx)
{
    Station *station = ctx;
    if (station->release.directory == NULL)
        station->release.directory = tc_client_directory(station->desk.client);
    return report_step(station->report);
}

static bool station_report_write(void *ctx, char **why)
{
    Station *station = ctx;
    g_autofree char *today = desk_today(&station->desk);
    return report_write(station->report, today, why);
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

static void station_reconcile_all(void *ctx)
{
    Station *station = ctx;
    const GPtrArray *all = people_all(station->release.people);
    TcError error;
    for (guint i = 0; i < all->len; i++) {
        Person *person = all->pdata[i];
        const Known *known = report_known(station->report, person);
        if (known == NULL || !station_reconcile(person, known))
            continue;
        report_touch(station->report, person);
        desk_news(&station->desk);
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

static bool station_all_safe(void *ctx)
{
    const Station *station = ctx;
    const GPtrArray *all = people_all(station->release.people);
    for (guint i = 0; i < all->len; i++)
        if (!station_safe(station, all->pdata[i]))
            return false;
    return true;
}

/* Releases that are long past leave the answers, and their notes go. */
static void station_forget(void *ctx)
{
    Station *station = ctx;
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
}

static void station_changed(void *ctx, const Person *person)
{
    Station *station = ctx;
    report_touch(station->report, person);
    desk_news(&station->desk);
}

static bool station_begin(void *ctx, Desk *desk, char **why)
{
    Station *station = ctx;
    TcError error = { .code = "" };
    station->release = (Release){ .client = desk->client, .config = station->config, .changed = station_changed, .ctx = station };
    station->release.people = people_open(desk->client, &error);
    if (station->release.people == NULL) {
        *why = g_strdup_printf("%s (%s)", error.text, error.code);
        return false;
    }
    station->report = report_new(desk->folders.answers, &station->release);
    return true;
}

/* ---- Lists ---- */

static ListRow station_row(void *ctx, const Row *row, const char *label, const char **column, char **why)
{
    return release_row(&((Station *)ctx)->release, row, label, column, why);
}

static bool station_missing(void *ctx, GHashTable *listed, guint *missing, char **why)
{
    Station *station = ctx;
    g_autofree char *today = desk_today(&station->desk);
    return release_missing(&station->release, listed, today, missing, why);
}

static char *station_key(void *ctx, const Row *row)
{
    (void)ctx;
    return row_person(row);
}

static ListWork station_list_work(void *ctx)
{
    static const size_t who[] = { COLUMN_PRISON_NUMBER, COLUMN_DATE_OF_BIRTH };
    return (ListWork){ .table = &row_table, .key = station_key, .key_columns = who, .key_count = G_N_ELEMENTS(who), .digest = row_digest,
                       .empty = "the list has columns and no rows: an empty list is never taken for \"nobody comes out\"",
                       .row = station_row, .missing = station_missing, .ctx = ctx };
}

bool station_open(Station *station, const Config *config, bool once, char **why)
{
    *station = (Station){ .config = config };
    station->work = (DeskWork){ .program = "throughcare-carat", .passport = config->passport, .folder = config->folder, .notify = config->notify,
                                .look_every = config->look_every, .list = station_list_work(station), .open = station_begin, .ready = station_ready,
                                .event = station_event, .report_step = station_report_step, .report_write = station_report_write,
                                .written = station_reconcile_all, .safe = station_all_safe, .daily = station_forget, .ctx = station };
    return desk_open(&station->desk, &station->work, once, why);
}

void station_close(Station *station)
{
    report_free(station->report);
    people_free(station->release.people);
    json_decref(station->release.directory);
    desk_close(&station->desk);
}
