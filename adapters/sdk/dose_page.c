/* The one-page dose answer: what a prescriber prints and files. At most 60 lines of 78 columns; what is cut for length is never a dose,
 * and an answer whose doses do not fit has no page. A void answer is headed so and its doses stand as history; of a contradictory
 * identity no dose is shown at all. */
#include "adapters/sdk/dose.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_COLUMNS = 78, PAGE_LINES = 60, PAGE_FOOT = 8 };

static const struct { const char *code, *words; } dose_page_words[] = {
    { "methadone_1mg_ml", "METHADONE oral solution (1 mg in 1 ml)" },
    { "methadone_10mg_ml", "METHADONE oral solution, CONCENTRATE (10 mg in 1 ml)" },
    { "methadone_tablet", "METHADONE tablets" },
    { "buprenorphine_sublingual", "BUPRENORPHINE sublingual tablets" },
    { "buprenorphine_lyophilisate", "BUPRENORPHINE oral lyophilisate" },
    { "buprenorphine_naloxone", "BUPRENORPHINE with NALOXONE" },
    { "buprenorphine_weekly_depot", "BUPRENORPHINE weekly depot injection" },
    { "buprenorphine_monthly_depot", "BUPRENORPHINE monthly depot injection" },
    { "benzodiazepine", "BENZODIAZEPINE" },
    { "other", "OTHER" },
    { "once_daily", "once daily" },
    { "twice_daily", "twice daily" },
    { "three_times_daily", "three times daily" },
    { "alternate_days", "on alternate days" },
    { "weekly", "once a week" },
    { "monthly", "once a month" },
    { "not_ours", "NOT OUR CLIENT" },
    { "not_prescribed", "NOTHING IS PRESCRIBED HERE" },
    { "moved_to", "THE CLIENT HAS MOVED" },
    { "cannot", "CANNOT ANSWER" },
    { "need_more_identity", "MORE IDENTITY IS NEEDED" },
};

typedef struct Page { GString *text; int lines; } Page;

/* A code in words; other texts as they are. Caller frees. */
static char *dose_page_say(const char *code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dose_page_words); i++)
        if (strcmp(dose_page_words[i].code, code) == 0)
            return g_strdup(dose_page_words[i].words);
    return g_strdelimit(g_strdup(code), "_", ' ');
}

static void dose_page_line(Page *page, const char *text)
{
    g_string_append(page->text, text);
    g_string_append_c(page->text, '\n');
    page->lines++;
}

/* Where a line of at most `room` characters ends: at a space if there is one, else in the word. */
static const char *dose_page_break(const char *text, glong room)
{
    if (g_utf8_strlen(text, -1) <= room)
        return text + strlen(text);
    const char *end = g_utf8_offset_to_pointer(text, room), *space = end;
    while (space > text && *space != ' ')
        space--;
    return space > text ? space : end;
}

/* Wraps under an indentation. keep: cut what would leave fewer lines of the page; 0: never cut. */
static void dose_page_wrap(Page *page, const char *indent, const char *text, int keep)
{
    g_autofree char *flat = g_strdelimit(g_strdup(text), "\n\r\t\f\v", ' ');
    glong room = PAGE_COLUMNS - (glong)strlen(indent);
    for (const char *at = flat, *end; *at != '\0'; at = *end == ' ' ? end + 1 : end) {
        end = dose_page_break(at, room);
        if (keep > 0 && page->lines + keep >= PAGE_LINES - 1 && *end != '\0') {
            g_autofree char *cut = g_strconcat(indent, "(more in the message)", NULL);
            dose_page_line(page, cut);
            return;
        }
        g_autofree char *part = g_strndup(at, (gsize)(end - at)), *line = g_strconcat(indent, part, NULL);
        dose_page_line(page, line);
    }
}

/* A section that turns out empty leaves no second rule. */
static void dose_page_rule(Page *page)
{
    char line[PAGE_COLUMNS + 2];
    memset(line, '-', PAGE_COLUMNS);
    line[PAGE_COLUMNS] = '\n';
    line[PAGE_COLUMNS + 1] = '\0';
    if (g_str_has_suffix(page->text->str, line))
        return;
    line[PAGE_COLUMNS] = '\0';
    dose_page_line(page, line);
}

/* "label: value", if there is one and room is left. */
static void dose_page_field(Page *page, const char *label, const char *value)
{
    if (value == NULL || value[0] == '\0' || page->lines + PAGE_FOOT >= PAGE_LINES - 1)
        return;
    g_autofree char *said = dose_page_say(value), *text = g_strconcat(label, ": ", said, NULL);
    dose_page_wrap(page, "", text, PAGE_FOOT);
}

/* Free text is never taken for a code. */
static void dose_page_text(Page *page, const char *label, const char *value)
{
    if (value == NULL || value[0] == '\0' || page->lines + PAGE_FOOT >= PAGE_LINES - 1)
        return;
    g_autofree char *text = g_strconcat(label, ": ", value, NULL);
    dose_page_wrap(page, "", text, PAGE_FOOT);
}

static void dose_page_head(Page *page, const json_t *message, const char *standing, int64_t now)
{
    g_autofree char *printed = dose_time(now);
    g_autofree char *title = g_strdup_printf("DOSE ANSWER%*s", PAGE_COLUMNS - (int)strlen("DOSE ANSWER"), printed);
    dose_page_line(page, title);
    dose_page_rule(page);
    if (standing == NULL) {
        g_autofree char *until = dose_time(look_time(message, "dose_answer.valid_until_at"));
        g_autofree char *text = g_strconcat("CONFIRMED. It may be relied on until ", until, ".", NULL);
        dose_page_wrap(page, "", text, PAGE_FOOT);
    } else if (look_is(message, "dose_answer.reply", "confirmed")) {
        bool void_answer = g_str_has_prefix(standing, "reassess");
        dose_page_line(page, void_answer ? "*** REASSESS, DO NOT CONTINUE ***" : "*** NO DOSE IS SHOWN ***");
        dose_page_wrap(page, "    ", standing, PAGE_FOOT);
    } else {
        g_autofree char *reply = dose_page_say(look_text(message, "dose_answer.reply"));
        dose_page_wrap(page, "", reply, PAGE_FOOT);
    }
    dose_page_rule(page);
}

static void dose_page_person(Page *page, const json_t *person)
{
    size_t i;
    json_t *number;
    const char *surname = look_text(person, "surname"), *forenames = look_text(person, "forenames");
    g_autofree char *name = g_strconcat(surname == NULL ? "not stated" : surname, forenames == NULL ? "" : ", ", forenames, NULL);
    dose_page_text(page, "Client", name);
    dose_page_text(page, "Born", look_text(person, "date_of_birth"));
    dose_page_text(page, "NHS number", look_text(person, "nhs_number"));
    json_array_foreach ((json_t *)look(person, "prison_numbers"), i, number)
        dose_page_text(page, "Prison number", json_string_value(number));
}

static void dose_page_say_more(GString *line, const char *label, const char *value)
{
    if (value == NULL)
        return;
    g_autofree char *said = dose_page_say(value);
    g_string_append_printf(line, "%s%s %s", line->len == 0 ? "" : "; ", label, said);
}

static void dose_page_say_time(GString *line, const char *label, int64_t time)
{
    g_autofree char *when = time == 0 ? NULL : dose_time(time);
    if (when != NULL)
        g_string_append_printf(line, "%s%s %s", line->len == 0 ? "" : "; ", label, when);
}

static void dose_page_dose(Page *page, const json_t *dose, size_t number)
{
    g_autofree char *product = dose_page_say(look_text(dose, "product")), *frequency = dose_page_say(look_text(dose, "frequency"));
    const char *name = look_text(dose, "product_name");
    g_autofree char *head = g_strdup_printf("%zu. %s%s%s", number, product, name == NULL ? "" : ": ", name == NULL ? "" : name);
    g_autofree char *amount = g_strdup_printf("%s mg, %s", look_text(dose, "mg"), frequency);
    g_autoptr(GString) more = g_string_new(NULL);
    dose_page_wrap(page, "", head, 0);
    dose_page_wrap(page, "   ", amount, 0);
    dose_page_say_more(more, "supervised", look_text(dose, "supervised"));
    dose_page_say_more(more, "phase", look_text(dose, "phase"));
    dose_page_say_time(more, "last taken", look_time(dose, "last_taken_at"));
    dose_page_say_more(more, "seen by", look_text(dose, "observed_by"));
    if (look(dose, "missed_in_7_days") != NULL)
        g_string_append_printf(more, "; missed in 7 days: %d", (int)json_integer_value(look(dose, "missed_in_7_days")));
    dose_page_say_time(more, "next due", look_time(dose, "next_due_at"));
    dose_page_say_more(more, "supplied to", look_text(dose, "supplied_to"));
    dose_page_wrap(page, "   ", more->str, 0);
}

static void dose_page_clinical(Page *page, const json_t *clinical, bool history)
{
    size_t i;
    json_t *dose;
    dose_page_rule(page);
    if (history)
        dose_page_line(page, "FOR THE ASSESSMENT ONLY - what the answer said:");
    json_array_foreach ((json_t *)look(clinical, "doses"), i, dose)
        dose_page_dose(page, dose, i + 1);
    dose_page_rule(page);
    dose_page_text(page, "Script ends", look_text(clinical, "script_end"));
    dose_page_text(page, "Bridging script until", look_text(clinical, "bridging_script_until"));
    dose_page_text(page, "Pharmacy", look_text(clinical, "pharmacy"));
    dose_page_field(page, "Naloxone", look_text(clinical, "naloxone"));
    dose_page_text(page, "Last test", look_text(clinical, "last_test"));
    dose_page_text(page, "Note", look_text(clinical, "note"));
}

static void dose_page_foot(Page *page, const json_t *message)
{
    const json_t *answerer = look(message, "parts.clinical.answerer");
    g_autofree char *when = dose_time(look_time(message, "created_at"));
    g_autofree char *from = g_strdup_printf("Answered by %s for %s, %s", look_text(message, "sender"), look_text(message, "recipient"), when);
    dose_page_rule(page);
    dose_page_wrap(page, "", from, 0);
    if (answerer != NULL) {
        const char *phone = look_text(answerer, "phone");
        g_autofree char *who = g_strdup_printf("%s, %s, registration %s%s%s", look_text(answerer, "name"), look_text(answerer, "role"),
                                               look_text(answerer, "registration"), phone == NULL ? "" : ", ", phone == NULL ? "" : phone);
        g_autofree char *short_who = g_utf8_substring(who, 0, MIN(g_utf8_strlen(who, -1), 2 * PAGE_COLUMNS));
        dose_page_wrap(page, "", short_who, 0);
    }
    dose_page_text(page, "Message", look_text(message, "id"));
    dose_page_line(page, "This is evidence, not a prescription. It is void after a later movement, a");
    dose_page_line(page, "change of dose, or three missed days. One product is never another.");
}

char *tc_dose_page(const json_t *message, const json_t *conversation, int64_t now_us, TcError *error)
{
    if (!look_is(message, "kind", "dose_answer") || look(message, "parts") == NULL) {
        error_set(error, "unsafe_dose", "message", "This is not an opened dose answer. Open one with tc_client_message.");
        return NULL;
    }
    char *standing = tc_dose_standing(message, conversation, now_us);
    bool shown = standing == NULL || g_str_has_prefix(standing, "reassess");
    Page page = { g_string_new(NULL), 0 };
    dose_page_head(&page, message, standing, now_us);
    dose_page_person(&page, look(message, "parts.minimum.person"));
    if (shown)
        dose_page_clinical(&page, look(message, "parts.clinical"), standing != NULL);
    dose_page_foot(&page, message);
    free(standing);
    if (page.lines <= PAGE_LINES)
        return g_string_free(page.text, FALSE);
    g_string_free(page.text, TRUE);
    error_set(error, "unsafe_dose", "parts.clinical.doses",
              "The doses do not fit on one page, and none may be left out. Read the message itself.");
    return NULL;
}
