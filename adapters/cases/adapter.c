#include "adapters/cases/adapter.h"

#include "adapters/cases/note.h"
#include "adapters/cases/report.h"
#include "adapters/lists/failure.h"
#include "adapters/lists/program.h"
#include "adapters/lists/settings.h"
#include "adapters/station/log.h"

#include <stdio.h>
#include <string.h>

typedef struct Adapter {
    const CaseAdapter *what;
    char *passport, *folder, **notify;
    guint look_every;
    size_t reference; /* place of the column */
    DeskWork work;
    Desk desk;
    Cases cases;
    Report *report;
} Adapter;

/* ---- What the client tells ---- */

static const char *text_of(const json_t *json, const char *member)
{
    const char *text = json_string_value(json_object_get(json, member));
    return text != NULL ? text : "";
}

static bool adapter_refused(Adapter *adapter, const TcEvent *event)
{
    g_autoptr(RowNote) row = note_row(adapter->desk.client, event->message);
    g_autofree char *reason = failure_sentence(event);
    if (row == NULL)
        return true;
    if (!desk_refused(&adapter->desk, event, row->list, row->line, event->message, reason) || !cases_take_back(&adapter->cases, event->message))
        return false;
    tell_person(adapter->desk.tell, "refused", "A row was not taken: see the newest file in rejected/.", 0);
    return true;
}

static void adapter_evidence(Adapter *adapter, const TcEvent *event)
{
    const char *step = text_of(event->json, "step");
    if (strcmp(step, "nobody_told") == 0)
        tell_person(adapter->desk.tell, "nobody_told", "Nobody could be told about a case that nobody answers: see the cases and telephone.", 0);
    else if (strcmp(step, "not_held") == 0)
        tell_person(adapter->desk.tell, "not_held", "A message has not reached the service it is for: see the cases.", 0);
    else if (strcmp(step, "possible_match") == 0)
        tell_person(adapter->desk.tell, "possible_match", "A number that was sent is known with another date of birth, or for another client: check it.", 0);
    else if (strcmp(step, "clients_parted") == 0)
        tell_person(adapter->desk.tell, "clients_parted", "Two people were taken for one by mistake, and are two again: look at what was shared about the case.", 0);
    else if (strcmp(step, "client_died") == 0)
        tell_person(adapter->desk.tell, "client_died", "A client has died: cancel every contact, queued texts and letters first. See the cases.", 0);
    else if (strcmp(step, "consent_changed") == 0)
        tell_person(adapter->desk.tell, "consent_changed", "What a client agrees to has changed: see the cases before anything is shared.", 0);
}

static bool adapter_event(void *ctx, const TcEvent *event)
{
    Adapter *adapter = ctx;
    if ((event->type == TC_EVENT_REFUSED || event->type == TC_EVENT_EXPIRED) && !adapter_refused(adapter, event))
        return false;
    if (event->type == TC_EVENT_MESSAGE) {
        log_line(LOG_LINE_INFO, "message", "message=%s kind=%s", event->message != NULL ? event->message : "-", text_of(event->json, "kind"));
        tell_person(adapter->desk.tell, "message", "Something new has come: see the cases.", 0);
    }
    if (event->type == TC_EVENT_EVIDENCE)
        adapter_evidence(adapter, event);
    if (event->type == TC_EVENT_NOTICE)
        desk_notice(&adapter->desk, event);
    report_touch(adapter->report, text_of(event->json, "conversation"));
    return true;
}

/* ---- What the desk asks for ---- */

static void adapter_changed(void *ctx, const char *conversation)
{
    Adapter *adapter = ctx;
    report_touch(adapter->report, conversation);
    desk_news(&adapter->desk);
}

static bool adapter_begin(void *ctx, Desk *desk, char **why)
{
    Adapter *adapter = ctx;
    adapter->cases = (Cases){ .adapter = adapter->what, .client = desk->client, .changed = adapter_changed, .ctx = adapter };
    adapter->report = report_new(desk->client, desk->folders.answers, why);
    return adapter->report != NULL;
}

static const char *adapter_ready(void *ctx)
{
    Adapter *adapter = ctx;
    size_t i;
    json_t *entry, *directory = tc_client_directory(adapter->desk.client);
    g_clear_pointer(&adapter->cases.area, g_free);
    json_array_foreach (json_object_get(directory, "services"), i, entry)
        if (strcmp(text_of(entry, "id"), adapter->desk.service) == 0)
            adapter->cases.area = g_strdup(text_of(entry, "area"));
    json_decref(directory);
    return adapter->cases.area != NULL ? NULL : "there is no directory yet, or this service is not in it";
}

static bool adapter_report_step(void *ctx) { return report_step(((Adapter *)ctx)->report); }
static bool adapter_report_write(void *ctx, char **why) { return report_write(((Adapter *)ctx)->report, why); }
static void adapter_nothing(void *ctx) { (void)ctx; }
static bool adapter_safe(void *ctx) { return !report_unsent(((Adapter *)ctx)->report); }

static ListRow adapter_row(void *ctx, const Row *row, const char *label, const char **column, char **why)
{
    return cases_row(&((Adapter *)ctx)->cases, row, label, column, why);
}

static char *adapter_key(void *ctx, const Row *row) { return cases_key(((Adapter *)ctx)->what, row); }
static char *adapter_digest(const Row *row) { return row_digest_but(row, row->table->count); }

static void adapter_work(Adapter *adapter)
{
    const RowTable *rows = adapter->what->acts.rows;
    while (strcmp(rows->columns[adapter->reference].name, adapter->what->reference) != 0)
        adapter->reference++;
    adapter->work = (DeskWork){ .program = adapter->what->program, .passport = adapter->passport, .folder = adapter->folder,
                                .notify = adapter->notify, .look_every = adapter->look_every, .open = adapter_begin, .ready = adapter_ready,
                                .event = adapter_event, .report_step = adapter_report_step, .report_write = adapter_report_write,
                                .written = adapter_nothing, .safe = adapter_safe, .daily = adapter_nothing, .ctx = adapter };
    adapter->work.list = (ListWork){ .table = rows, .key = adapter_key, .key_columns = &adapter->reference, .key_count = 1, .digest = adapter_digest,
                                     .empty = adapter->what->empty, .row = adapter_row, .ctx = adapter };
}

/* ---- The program ---- */

static bool adapter_settings(Adapter *adapter, const char *path, char **why)
{
    const char *group = adapter->what->group;
    const SettingKey keys[] = {
        { group, "passport", SETTING_PATH, offsetof(Adapter, passport), true, 0, 0 },
        { group, "folder", SETTING_PATH, offsetof(Adapter, folder), true, 0, 0 },
        { group, "notify", SETTING_COMMAND, offsetof(Adapter, notify), false, 0, 0 },
        { group, "look_every", SETTING_NUMBER, offsetof(Adapter, look_every), false, 1, 3600 },
    };
    const SettingFile file = { keys, G_N_ELEMENTS(keys), adapter, NULL, NULL };
    adapter->look_every = 30;
    return settings_file_read(path, &file, why);
}

static void adapter_clear(Adapter *adapter)
{
    g_free(adapter->passport);
    g_free(adapter->folder);
    g_strfreev(adapter->notify);
    g_free(adapter->cases.area);
}

static int adapter_at_work(Adapter *adapter, bool once)
{
    g_autofree char *why = NULL;
    int code = PROGRAM_FINE;
    adapter_work(adapter);
    if (desk_open(&adapter->desk, &adapter->work, once, &why)) {
        desk_run(&adapter->desk);
        code = once && adapter->desk.rejects > 0 ? PROGRAM_REJECTS : PROGRAM_FINE;
    } else {
        fprintf(stderr, "%s: %s\n", adapter->what->program, why);
        code = PROGRAM_CANNOT_BEGIN;
    }
    report_free(adapter->report);
    desk_close(&adapter->desk);
    return code;
}

static int adapter_run(const void *what, const char *config, bool once)
{
    g_autofree char *why = NULL;
    Adapter adapter = { .what = what };
    int code = PROGRAM_WRONG_WORDS;
    if (adapter_settings(&adapter, config, &why))
        code = adapter_at_work(&adapter, once);
    else
        fprintf(stderr, "%s: %s\n", adapter.what->program, why);
    adapter_clear(&adapter);
    return code;
}

int adapter_main(const CaseAdapter *adapter, int argc, char **argv)
{
    const Program program = { adapter->program, adapter->summary, adapter->description, adapter_run, adapter };
    return program_main(&program, argc, argv);
}
