#include "adapters/cases/report.h"

#include "adapters/cases/story.h"
#include "adapters/files/cells.h"
#include "adapters/files/whole.h"

#include <string.h>

#define REPORT_SLICE_US 50000
enum { REPORT_MOST = 1000000, CELLS = 16 };

static const char *const headings[CELLS + 1] = {
    "reference", "direction", "what", "case", "surname", "first name", "date of birth", "other side", "urgency", "what is known",
    "waits for you", "due", "named worker", "how to reach them", "since", "alerts", NULL,
};
enum { CELL_REFERENCE, CELL_DIRECTION, CELL_WHAT, CELL_CASE, CELL_SURNAME, CELL_FIRST_NAME, CELL_BORN, CELL_OTHER, CELL_URGENCY, CELL_KNOWN,
       CELL_WAITS, CELL_DUE, CELL_WORKER, CELL_REACH, CELL_SINCE, CELL_ALERTS };

typedef struct Line { char *cells[CELLS + 1]; char *order; bool unsent; } Line;

struct Report {
    TcClient *client;
    const char *folder;
    GHashTable *lines; /* conversation -> Line */
    GHashTable *stale; /* conversations */
};

static void line_free(void *data)
{
    Line *line = data;
    for (size_t i = 0; i < CELLS; i++)
        g_free(line->cells[i]);
    g_free(line->order);
    g_free(line);
}

static const char *text_of(const json_t *json, const char *member)
{
    const char *text = json_string_value(json_object_get(json, member));
    return text != NULL ? text : "";
}

static bool report_all(Report *report, bool sent, char **why)
{
    size_t i;
    json_t *row, *filter = json_pack("{s:b, s:i}", "sent", sent, "limit", REPORT_MOST);
    TcError error;
    json_t *rows = tc_client_inbox(report->client, filter, &error);
    json_decref(filter);
    if (rows == NULL) {
        *why = g_strdup_printf("%s (%s)", error.text, error.code);
        return false;
    }
    json_array_foreach (rows, i, row)
        report_touch(report, text_of(row, "conversation"));
    json_decref(rows);
    return true;
}

Report *report_new(TcClient *client, const char *folder, char **why)
{
    Report *report = g_new0(Report, 1);
    report->client = client;
    report->folder = folder;
    report->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, line_free);
    report->stale = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (report_all(report, true, why) && report_all(report, false, why))
        return report;
    report_free(report);
    return NULL;
}

void report_free(Report *report)
{
    if (report == NULL)
        return;
    g_hash_table_unref(report->lines);
    g_hash_table_unref(report->stale);
    g_free(report);
}

void report_touch(Report *report, const char *conversation)
{
    if (conversation != NULL && conversation[0] != '\0')
        g_hash_table_add(report->stale, g_strdup(conversation));
}

/* ---- One line ---- */

static json_t *report_open(const Report *report, const json_t *row)
{
    TcError ignored; /* what does not open here is shown by its references */
    return row == NULL ? NULL : tc_client_message(report->client, text_of(row, "id"), &ignored);
}

static char *report_service(const Report *report, const char *service)
{
    size_t i;
    json_t *entry, *directory = tc_client_directory(report->client);
    char *name = NULL;
    json_array_foreach (json_object_get(directory, "services"), i, entry)
        if (name == NULL && strcmp(text_of(entry, "id"), service) == 0)
            name = g_strdup(text_of(entry, "name"));
    json_decref(directory);
    return name != NULL ? name : g_strdup(service);
}

static void line_person(Line *line, const json_t *opened, bool ours)
{
    const json_t *person = json_object_get(json_object_get(json_object_get(opened, "parts"), "minimum"), "person");
    line->cells[CELL_SURNAME] = g_strdup(person != NULL ? text_of(person, "surname") : "(cannot be read here)");
    line->cells[CELL_FIRST_NAME] = g_strdup(text_of(person, "forenames"));
    line->cells[CELL_BORN] = g_strdup(text_of(person, "date_of_birth"));
    line->cells[CELL_CASE] = g_strdup(ours ? text_of(person, "local_id") : "");
}

static void line_alerts(Line *line, const json_t *opened)
{
    size_t i;
    json_t *alert;
    g_autoptr(GString) text = g_string_new(NULL);
    json_array_foreach (json_object_get(opened, "alerts"), i, alert)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", text_of(alert, "text"));
    line->cells[CELL_ALERTS] = g_strdup(text->str);
}

static void line_worker(Line *line, const Report *report, const Story *story)
{
    static const char *const ways[] = { "phone", "email", "team", "available" };
    json_t *opened = story->ours ? report_open(report, story->answer) : NULL;
    const json_t *worker = json_object_get(json_object_get(json_object_get(opened, "parts"), "minimum"), "worker");
    g_autoptr(GString) reach = g_string_new(NULL);
    line->cells[CELL_WORKER] = g_strdup(text_of(worker, "name"));
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
        if (text_of(worker, ways[i])[0] != '\0')
            g_string_append_printf(reach, "%s%s", reach->len > 0 ? ", " : "", text_of(worker, ways[i]));
    line->cells[CELL_REACH] = g_strdup(reach->str);
    json_decref(opened);
}

/* Who has it: who answered, who is asked now by a request, or who it was sent to; what came in, its sender. */
static const char *story_other(const Story *story)
{
    if (!story->ours)
        return text_of(story->request, "sender");
    if (story->answer != NULL && strcmp(text_of(story->answer, "direction"), "in") == 0 && story->by[0] == '\0')
        return text_of(story->answer, "sender");
    return story->by[0] != '\0' ? story->by : text_of(story->request, "recipient");
}

static char *plain(const char *code) { return g_strdelimit(g_strdup(code), "_", ' '); }

static void line_fill(Line *line, const Report *report, const Story *story, const char *since)
{
    json_t *opened = report_open(report, story->request);
    g_autofree char *other = report_service(report, story_other(story));
    line->cells[CELL_REFERENCE] = g_strdup(text_of(story->request, "conversation"));
    line->cells[CELL_DIRECTION] = g_strdup(story->ours ? "out" : "in");
    line->cells[CELL_WHAT] = plain(text_of(story->request, "kind"));
    line_person(line, opened, story->ours);
    line->cells[CELL_OTHER] = g_strdup(other);
    line->cells[CELL_URGENCY] = plain(text_of(story->request, "urgency"));
    line->cells[CELL_KNOWN] = story_text(story, other);
    line->cells[CELL_WAITS] = g_strdup(story->waits_here ? "yes" : "");
    line->cells[CELL_DUE] = story_time(story->due_at);
    line_worker(line, report, story);
    line->cells[CELL_SINCE] = story_time(since);
    line_alerts(line, opened);
    json_decref(opened);
    line->order = g_strconcat(story->waits_here ? "0" : "1", since, NULL);
    line->unsent = story->unsent;
}

static void report_line(Report *report, const char *conversation)
{
    Story story;
    size_t i;
    json_t *row;
    TcError ignored; /* what is not there has no line */
    json_t *rows = tc_client_conversation(report->client, conversation, &ignored);
    const char *since = "";
    story_read(&story, rows);
    json_array_foreach (rows, i, row)
        since = strcmp(text_of(row, "at"), since) > 0 ? text_of(row, "at") : since;
    if (story.request != NULL) {
        Line *line = g_new0(Line, 1);
        line_fill(line, report, &story, since);
        g_hash_table_replace(report->lines, g_strdup(conversation), line);
    } else {
        g_hash_table_remove(report->lines, conversation);
    }
    json_decref(rows);
}

/* ---- All of them ---- */

bool report_step(Report *report)
{
    gint64 end = g_get_monotonic_time() + REPORT_SLICE_US;
    GHashTableIter iter;
    void *key;
    g_hash_table_iter_init(&iter, report->stale);
    while (g_get_monotonic_time() < end && g_hash_table_iter_next(&iter, &key, NULL)) {
        report_line(report, key);
        g_hash_table_iter_remove(&iter);
    }
    return g_hash_table_size(report->stale) == 0;
}

/* What waits for somebody here first, then the newest. */
static int line_compare(gconstpointer a, gconstpointer b)
{
    const Line *one = *(Line *const *)a, *two = *(Line *const *)b;
    if (one->order[0] != two->order[0])
        return one->order[0] - two->order[0];
    int order = strcmp(two->order, one->order);
    return order != 0 ? order : strcmp(one->cells[CELL_REFERENCE], two->cells[CELL_REFERENCE]);
}

bool report_write(Report *report, char **why)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new();
    g_autoptr(GString) out = cells_new();
    GHashTableIter iter;
    void *line;
    g_hash_table_iter_init(&iter, report->lines);
    while (g_hash_table_iter_next(&iter, NULL, &line))
        g_ptr_array_add(lines, line);
    g_ptr_array_sort(lines, line_compare);
    cells_row_of(out, headings);
    for (guint i = 0; i < lines->len; i++)
        cells_row_of(out, (const char *const *)((Line *)lines->pdata[i])->cells);
    return whole_replace(report->folder, "cases.csv", out->str, out->len, why);
}

bool report_unsent(const Report *report)
{
    GHashTableIter iter;
    void *line;
    g_hash_table_iter_init(&iter, report->lines);
    while (g_hash_table_iter_next(&iter, NULL, &line))
        if (((Line *)line)->unsent)
            return true;
    return false;
}
