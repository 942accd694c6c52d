/* Reports without identifiers: counts and times of everybody together, from the database's own functions (deploy/migrations/009_reports.sql), with
 * small counts hidden. As a table, as CSV, or as JSON. */
#include "adapters/cli/command.h"
#include "adapters/station/suppress.h"
#include "adapters/cli/table.h"
#include "adapters/cli/when.h"
#include "adapters/station/words.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPORT_INT8 = 20, REPORT_TEXT = 25 }; /* type oids */

static const struct { const char *name, *ask, *help; } reports[] = {
    { "funnel", "SELECT * FROM throughcare.report_funnel($1, $2)", N_("from referral to twelve weeks in treatment, and how many are lost before each step") },
    { "waits", "SELECT * FROM throughcare.report_waits($1, $2)", N_("how long people wait: offered, attended, started") },
    { "clocks", "SELECT * FROM throughcare.report_clocks($1, $2)", N_("every clock: in time, ran out, still running") },
    { "continuity", "SELECT * FROM throughcare.report_continuity($1, $2)", N_("in treatment within 21 days of release, by prison") },
    { "releases", "SELECT * FROM throughcare.report_releases($1, $2)", N_("where releases stand, by prison and weekday") },
    { "doses", "SELECT * FROM throughcare.report_doses($1, $2)", N_("dose requests: answered, late, how fast") },
    { "reengagement", "SELECT * FROM throughcare.report_reengagement($1, $2)", N_("drop-outs: tried in time, back, lost") },
    { "sharing", "SELECT * FROM throughcare.report_sharing($1, $2)", N_("what was shared although the client had not agreed, and why") },
    { "deaths", "SELECT * FROM throughcare.report_deaths($1, $2)", N_("counted apart") },
};

/* ---- what is shown ---- */

static bool is_count(const PGresult *result, int column) { return PQftype(result, column) == REPORT_INT8; }

static bool *hidden_counts(const PGresult *result, size_t rows, size_t columns, size_t *many)
{
    size_t count_columns = 0;
    for (size_t column = 0; column < columns; column++)
        count_columns += is_count(result, (int)column);
    long long *counts = g_new(long long, rows * count_columns + 1);
    bool *hidden = g_new0(bool, rows * count_columns + 1);
    for (size_t row = 0, at = 0; row < rows; row++)
        for (size_t column = 0; column < columns; column++)
            if (is_count(result, (int)column))
                counts[at++] = atoll(PQgetvalue(result, (int)row, (int)column));
    suppress(counts, rows, count_columns, hidden);
    g_free(counts);
    *many = count_columns;
    return hidden;
}

/* A time of a hidden count would tell of those few: it is hidden with it. */
static void fill_row(Table *table, const PGresult *result, size_t row, const bool *hidden, bool exact)
{
    size_t count = 0;
    for (size_t column = 0; column < table->columns; column++) {
        bool counts = is_count(result, (int)column);
        bool hide = !exact && (counts ? hidden[count] : !table->left[column] && hidden[0]);
        const char *value = PQgetvalue(result, (int)row, (int)column);
        table->cells[row * table->columns + column] = g_strdup(hide ? (counts ? SUPPRESS_SHOWN : "") : value);
        count += counts;
    }
}

static Table table_of(const PGresult *result, bool exact)
{
    Table table = table_new((size_t)PQntuples(result), (size_t)PQnfields(result));
    size_t many;
    for (size_t column = 0; column < table.columns; column++) {
        table.names[column] = g_strdup(PQfname(result, (int)column));
        table.left[column] = PQftype(result, (int)column) == REPORT_TEXT;
    }
    g_autofree bool *hidden = hidden_counts(result, table.rows, table.columns, &many);
    for (size_t row = 0; row < table.rows; row++)
        fill_row(&table, result, row, hidden + row * many, exact);
    return table;
}

/* ---- the question ---- */

static PGresult *ask(PGconn *conn, const char *sql, int64_t from, int64_t until)
{
    char first[32], second[32];
    const char *values[] = { first, second };
    g_snprintf(first, sizeof first, "%" G_GINT64_FORMAT, from);
    g_snprintf(second, sizeof second, "%" G_GINT64_FORMAT, until);
    PGresult *result = PQexecParams(conn, sql, 2, NULL, values, NULL, NULL, 0);
    if (PQresultStatus(result) == PGRES_TUPLES_OK)
        return result;
    command_fail("%s", PQerrorMessage(conn));
    PQclear(result);
    return NULL;
}

static int show(PGresult *result, bool csv, bool exact)
{
    Table table = table_of(result, exact);
    if (exact)
        fputs(_(SUPPRESS_EXACT), stderr);
    table_print(&table, csv);
    table_clear(&table);
    PQclear(result);
    return CODE_OK;
}

static const char *sql_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(reports); i++)
        if (strcmp(name, reports[i].name) == 0)
            return reports[i].ask;
    command_fail(_("there is no report \"%s\". There are:"), name);
    for (size_t i = 0; i < G_N_ELEMENTS(reports); i++)
        fprintf(stderr, "  %-14s %s\n", reports[i].name, _(reports[i].help));
    return NULL;
}

int report_command(int argc, char **argv)
{
    g_autofree char *conninfo = NULL, *from = NULL, *until = NULL;
    gboolean csv = FALSE, exact = FALSE;
    int64_t from_us, until_us;
    const GOptionEntry entries[] = {
        { "conninfo", 0, 0, G_OPTION_ARG_STRING, &conninfo, N_("How to reach the database, as the role throughcare_report"), "WORDS" },
        { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_("The first day (a year ago)"), "DAY" },
        { "until", 0, 0, G_OPTION_ARG_STRING, &until, N_("The last day (today)"), "DAY" },
        { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("As CSV, for a spreadsheet"), NULL },
        { "exact", 0, 0, G_OPTION_ARG_NONE, &exact, N_("Small numbers as they are: not to be passed on"), NULL },
        { 0 },
    };
    command_parse(&argc, &argv, "funnel|waits|clocks|continuity|releases|doses|reengagement|deaths",
                  _("Counts and times of everybody together, without identifiers; a count below five is not shown."), entries, 1, 1);
    int64_t now = g_get_real_time();
    const char *sql = sql_of(argv[1]);
    if (sql == NULL || !when_day(from, now - 365 * G_TIME_SPAN_DAY, 0, &from_us) || !when_day(until, now, G_TIME_SPAN_DAY, &until_us))
        return CODE_USAGE;
    if (conninfo == NULL)
        return command_fail(_("--conninfo is needed: how to reach the database, as the role throughcare_report.")), CODE_USAGE;
    PGconn *conn = PQconnectdb(conninfo);
    bool good = PQstatus(conn) == CONNECTION_OK || (command_fail("%s", PQerrorMessage(conn)), false);
    PGresult *result = good ? ask(conn, sql, from_us, until_us) : NULL;
    PQfinish(conn);
    return result == NULL ? CODE_PROBLEM : show(result, csv, exact);
}
