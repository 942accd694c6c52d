#include "adapters/carat/report.h"

#include "adapters/carat/recipient.h"
#include "adapters/files/cells.h"
#include "adapters/files/whole.h"

#include <string.h>

#define REPORT_SLICE_US 50000

typedef struct Line {
    char *surname, *first_name, *date_of_birth, *prison_number, *expected, *sent_to, *question;
    Known *known;
} Line;

struct Report {
    const char *folder;
    const Release *release;
    GHashTable *lines; /* person key -> Line * */
    GHashTable *stale; /* person keys */
};

static void line_free(void *data)
{
    Line *line = data;
    g_free(line->surname);
    g_free(line->first_name);
    g_free(line->date_of_birth);
    g_free(line->prison_number);
    g_free(line->expected);
    g_free(line->sent_to);
    g_free(line->question);
    known_free(line->known);
    g_free(line);
}

Report *report_new(const char *folder, const Release *release)
{
    Report *report = g_new0(Report, 1);
    report->folder = folder;
    report->release = release;
    report->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, line_free);
    report->stale = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    report_touch_all(report);
    return report;
}

void report_free(Report *report)
{
    if (report == NULL)
        return;
    g_hash_table_unref(report->lines);
    g_hash_table_unref(report->stale);
    g_free(report);
}

void report_touch(Report *report, const Person *person)
{
    g_hash_table_add(report->stale, g_strdup(person->key));
}

void report_touch_all(Report *report)
{
    const GPtrArray *all = people_all(report->release->people);
    for (guint i = 0; i < all->len; i++)
        report_touch(report, all->pdata[i]);
}

void report_drop(Report *report, const Person *person)
{
    g_hash_table_remove(report->stale, person->key);
    g_hash_table_remove(report->lines, person->key);
}

static json_t *report_open(void *ctx, const char *message)
{
    const Report *report = ctx;
    TcError ignored; /* a message that does not open here is shown by its references */
    return tc_client_message(report->release->client, message, &ignored);
}

static char *person_text(const json_t *who, const char *member)
{
    const char *text = json_string_value(json_object_get(who, member));
    return g_strdup(text != NULL ? text : "");
}

static char *line_who(Line *line, Report *report, const Person *person)
{
    json_t *message = person->shown != NULL ? report_open(report, person->shown) : NULL;
    const json_t *who = json_object_get(json_object_get(json_object_get(message, "parts"), "minimum"), "person");
    const char *number = json_string_value(json_array_get(json_object_get(who, "prison_numbers"), 0));
    line->surname = who != NULL ? person_text(who, "surname") : g_strdup("(cannot be read here)");
    line->first_name = person_text(who, "forenames");
    line->date_of_birth = person_text(who, "date_of_birth");
    line->prison_number = g_strdup(number != NULL ? number : "");
    char *sex = person_text(who, "sex");
    json_decref(message);
    return sex;
}

static char *service_name(const json_t *directory, const char *service)
{
    const char *name = json_string_value(json_object_get(recipient_service(directory, service), "name"));
    return g_strdup(name != NULL ? name : service);
}

static Known *line_known(const Report *report, const Person *person, const char *sent_to, const char *sex)
{
    TcError error;
    json_t *conversation = person->conversation != NULL ? tc_client_conversation(report->release->client, person->conversation, &error)
                                                        : NULL;
    Known *known = known_read(conversation, report_open, (void *)report, sent_to, sex);
    json_decref(conversation);
    if (person->wrong == NULL)
        return known;
    g_free(known->text);
    known->text = g_strdup_printf("The newest row was NOT sent: %s", person->wrong);
    return known;
}

static void report_line(Report *report, const Person *person)
{
    Line *line = g_new0(Line, 1);
    g_autofree char *sex = line_who(line, report, person);
    line->expected = g_strdup(person->expected != NULL ? person->expected : "");
    line->sent_to = person->recipient != NULL ? service_name(report->release->directory, person->recipient) : g_strdup("");
    line->known = line_known(report, person, line->sent_to, sex);
    g_hash_table_replace(report->lines, g_strdup(person->key), line);
}

bool report_step(Report *report)
{
    gint64 end = g_get_monotonic_time() + REPORT_SLICE_US;
    GHashTableIter iter;
    void *key;
    g_hash_table_iter_init(&iter, report->stale);
    while (g_get_monotonic_time() < end && g_hash_table_iter_next(&iter, &key, NULL)) {
        const Person *person = people_find(report->release->people, key);
        if (person != NULL && person->shown != NULL)
            report_line(report, person);
        g_hash_table_iter_remove(&iter);
    }
    return g_hash_table_size(report->stale) == 0;
}

const Known *report_known(const Report *report, const Person *person)
{
    const Line *line = g_hash_table_lookup(report->lines, person->key);
    return line != NULL ? line->known : NULL;
}

Known *report_read(const Report *report, const Person *person)
{
    return line_known(report, person, "", "");
}

static int line_compare(gconstpointer a, gconstpointer b)
{
    const Line *one = *(Line *const *)a, *two = *(Line *const *)b;
    int order = strcmp(one->expected, two->expected);
    if (order == 0)
        order = g_utf8_collate(one->surname, two->surname);
    return order != 0 ? order : strcmp(one->prison_number, two->prison_number);
}

static bool report_answers(const GPtrArray *lines, const char *folder, char **why)
{
    g_autoptr(GString) out = cells_new();
    cells_row(out, "surname", "first name", "date of birth", "prison number", "expected", "what is known", "named worker",
              "how to reach them", "since", "sent to", NULL);
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = lines->pdata[i];
        cells_row(out, line->surname, line->first_name, line->date_of_birth, line->prison_number, line->expected, line->known->text,
                  line->known->worker, line->known->reach, line->known->when, line->sent_to, NULL);
    }
    return whole_replace(folder, "answers.csv", out->str, out->len, why);
}

static bool report_questions(const GPtrArray *lines, const char *folder, char **why)
{
    g_autoptr(GString) out = cells_new();
    cells_row(out, "surname", "first name", "date of birth", "prison number", "expected", "question", NULL);
    for (guint i = 0; i < lines->len; i++) {
        const Line *line = lines->pdata[i];
        if (line->question != NULL)
            cells_row(out, line->surname, line->first_name, line->date_of_birth, line->prison_number, line->expected, line->question, NULL);
    }
    return whole_replace(folder, "questions.csv", out->str, out->len, why);
}

static char *question_of(const Person *person, const char *today)
{
    if (person->asked == NULL || !person_due(person, today))
        return NULL;
    return g_strdup_printf("Still coming out? The lists since %s do not name this person, and nothing was sent about that. If so, put the "
                           "row back; if not, put it back with certainty withdrawn and a withdrawal_reason.", person->asked);
}

static GPtrArray *report_lines(Report *report, const char *today)
{
    const GPtrArray *all = people_all(report->release->people);
    GPtrArray *lines = g_ptr_array_new();
    for (guint i = 0; i < all->len; i++) {
        const Person *person = all->pdata[i];
        Line *line = g_hash_table_lookup(report->lines, person->key);
        if (line == NULL)
            continue;
        g_free(line->question);
        line->question = question_of(person, today);
        g_ptr_array_add(lines, line);
    }
    g_ptr_array_sort(lines, line_compare);
    return lines;
}

bool report_write(Report *report, const char *today, char **why)
{
    g_autoptr(GPtrArray) lines = report_lines(report, today);
    return report_answers(lines, report->folder, why) && report_questions(lines, report->folder, why);
}
