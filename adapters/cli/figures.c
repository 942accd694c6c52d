/* Equality and naloxone figures, as the area's reporting service has been sent them: added up, with small counts hidden. */
#include "adapters/cli/command.h"
#include "adapters/station/suppress.h"
#include "adapters/cli/table.h"
#include "adapters/cli/when.h"
#include "adapters/station/words.h"

#include <string.h>

enum { COLUMN_WHAT, COLUMN_ANSWER, COLUMN_PEOPLE, COLUMNS };

static const char *what_of(const json_t *rows, size_t row) { return command_text(json_array_get(rows, row), "what"); }

/* The answers to one question are the parts of a whole that may be known: they are hidden among themselves. */
static void hide(const json_t *rows, bool *hidden)
{
    size_t count = json_array_size(rows), first = 0;
    g_autofree long long *counts = g_new(long long, count + 1);
    for (size_t row = 0; row < count; row++)
        counts[row] = json_integer_value(json_object_get(json_array_get(rows, row), "people"));
    for (size_t row = 1; row <= count; row++)
        if (row == count || strcmp(what_of(rows, row), what_of(rows, first)) != 0) {
            suppress(counts + first, row - first, 1, hidden + first);
            first = row;
        }
}

static Table table_of(const json_t *rows, bool exact)
{
    static const char *const names[COLUMNS] = { "what", "answer", "people" };
    Table table = table_new(json_array_size(rows), COLUMNS);
    g_autofree bool *hidden = g_new0(bool, table.rows + 1);
    hide(rows, hidden);
    for (size_t column = 0; column < COLUMNS; column++) {
        table.names[column] = g_strdup(names[column]);
        table.left[column] = column != COLUMN_PEOPLE;
    }
    for (size_t row = 0; row < table.rows; row++) {
        char **cells = &table.cells[row * COLUMNS];
        const json_t *one = json_array_get(rows, row);
        cells[COLUMN_WHAT] = g_strdup(words_of(command_text(one, "what")));
        cells[COLUMN_ANSWER] = g_strdup(words_of(command_text(one, "answer")));
        cells[COLUMN_PEOPLE] = hidden[row] && !exact ? g_strdup(SUPPRESS_SHOWN) : g_strdup_printf("%lld", (long long)json_integer_value(json_object_get(one, "people")));
    }
    return table;
}

int figures_command(int argc, char **argv)
{
    g_autofree char *from = NULL, *until = NULL;
    gboolean csv = FALSE, exact = FALSE;
    int64_t from_us, until_us, now = g_get_real_time();
    int code;
    const GOptionEntry entries[] = {
        { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_("The first day (a year ago)"), "DAY" },
        { "until", 0, 0, G_OPTION_ARG_STRING, &until, N_("The last day (today)"), "DAY" },
        { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("As CSV, for a spreadsheet"), NULL },
        { "exact", 0, 0, G_OPTION_ARG_NONE, &exact, N_("Small numbers as they are: not to be passed on"), NULL },
        { 0 },
    };
    command_parse(&argc, &argv, "", _("Adds up the equality and naloxone figures that were sent here; a count below five is not shown."), entries, 0, 0);
    if (!when_day(from, now - 365 * G_TIME_SPAN_DAY, 0, &from_us) || !when_day(until, now + G_TIME_SPAN_DAY, G_TIME_SPAN_DAY, &until_us))
        return CODE_USAGE;
    json_auto_t *rows = command_ask(json_pack("{s:s, s:I, s:I}", "do", "figures", "from", (json_int_t)from_us, "until", (json_int_t)until_us), &code);
    if (rows == NULL)
        return code;
    if (exact)
        fputs(_(SUPPRESS_EXACT), stderr);
    Table table = table_of(rows, exact);
    table_print(&table, csv);
    table_clear(&table);
    return CODE_OK;
}
