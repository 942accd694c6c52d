/* Reports of what this service knows, as a table, a picture, and CSV for a spreadsheet: exact for the service itself, with small counts hidden to be passed on. */
#include "adapters/files/cells.h"
#include "adapters/station/suppress.h"
#include "adapters/worklist/chart.h"
#include "adapters/worklist/manage.h"
#include "adapters/worklist/pages.h"
#include "adapters/worklist/report.h"
#include "adapters/worklist/say.h"

#include <glib/gi18n.h>
#include <string.h>

static void add(void *ctx, const Case *it) { report_add(ctx, it); }

static void make(Request *request, Report *report)
{
    Worklist *w = request->worklist;
    report_begin(report, report_find(request_value(request->query, "report")), strcmp(request_value(request->query, "by"), "month") == 0, tc_client_now(w->client));
    caseload_each(w->caseload, add, report);
    report_end(report);
}

/* "16 November 2026", or the month alone. */
static char *period_words(const Report *report, int period)
{
    g_autofree char *day = say_date_of(report->bounds[period], 0), *words = say_short_day(day);
    return report->by_month ? g_strdup(strchr(words, ' ') != NULL ? strchr(words, ' ') + 1 : words) : g_steal_pointer(&words);
}

/* For below a bar: "16/11", or "11/2026". */
static char *period_short(const Report *report, int period)
{
    g_autofree char *day = say_date_of(report->bounds[period], 0);
    return report->by_month ? g_strdup_printf("%.2s/%.4s", day + 5, day) : g_strdup_printf("%.2s/%.2s", day + 8, day + 5);
}

static char *cell_of(gint64 count) { return count < 0 ? g_strdup("") : g_strdup_printf("%" G_GINT64_FORMAT, count); }

static json_t *table_of(const Report *report)
{
    int columns = report_columns(report->kind);
    json_t *heads = json_array(), *rows = json_array();
    for (int column = 0; column < columns; column++)
        json_array_append_new(heads, json_pack("{s:s}", "words", _(report_column(report->kind, column))));
    for (int period = REPORT_PERIODS; period-- > 0;) {
        g_autofree char *words = period_words(report, period);
        json_t *cells = json_array();
        for (int column = 0; column < columns; column++) {
            gint64 count = report->counts[period][column];
            g_autofree char *cell = count < 0 ? g_strdup(_("none")) : cell_of(count);
            json_array_append_new(cells, json_pack("{s:s, s:s}", "words", _(report_column(report->kind, column)), "number", cell));
        }
        json_array_append_new(rows, json_pack("{s:s, s:o}", "period", words, "cells", cells));
    }
    return json_pack("{s:o, s:o}", "heads", heads, "rows", rows);
}

/* The whole with the part that matters most; of waits the longest and the middle. */
static json_t *picture_of(const Report *report)
{
    gint64 whole[REPORT_PERIODS], part[REPORT_PERIODS];
    int first = report->kind == REPORT_WAITS ? 3 : 0, second = report->kind == REPORT_WAITS ? 2 : 1;
    char *labels[REPORT_PERIODS + 1] = { NULL };
    for (int i = 0; i < REPORT_PERIODS; i++) {
        whole[i] = report->counts[i][first];
        part[i] = report->counts[i][second];
        labels[i] = period_short(report, i);
    }
    json_t *picture = chart_bars(whole, part, labels, REPORT_PERIODS);
    for (int i = 0; i < REPORT_PERIODS; i++)
        g_free(labels[i]);
    json_object_set_new(picture, "whole", json_string(_(report_column(report->kind, first))));
    json_object_set_new(picture, "part", json_string(_(report_column(report->kind, second))));
    return picture;
}

static json_t *choices_of(const Report *report)
{
    json_t *list = json_array();
    const char *by = report->by_month ? "month" : "week";
    for (int i = 0; i < REPORT_KINDS; i++) {
        g_autofree char *address = g_strdup_printf("/manage/reports?report=%s&by=%s", report_name((ReportKind)i), by);
        json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "words", _(report_title((ReportKind)i)), "address", address, "here", report->kind == (ReportKind)i));
    }
    return list;
}

void page_reports(Request *request, const char *rest)
{
    Report report;
    (void)rest;
    make(request, &report);
    json_t *view = manage_view(request, _("Reports"), NULL);
    json_object_set_new(view, "choices", choices_of(&report));
    json_object_set_new(view, "report", json_string(report_name(report.kind)));
    json_object_set_new(view, "name", json_string(_(report_title(report.kind))));
    json_object_set_new(view, "tells", json_string(_(report_tells(report.kind))));
    json_object_set_new(view, "by", json_string(report.by_month ? "month" : "week"));
    json_object_set_new(view, "by_month", json_boolean(report.by_month));
    json_object_set_new(view, "table", table_of(&report));
    json_object_set_new(view, "picture", picture_of(&report));
    report_clear(&report);
    reply_page(request, 200, "reports", view);
}

/* ---- CSV ---- */

/* hidden: row by row, the columns of counts only. */
static void hide_small(const Report *report, bool *hidden)
{
    long long counts[REPORT_PERIODS * REPORT_COLUMNS];
    size_t columns = 0, at = 0;
    while (columns < (size_t)report_columns(report->kind) && !report_is_days(report->kind, (int)columns))
        columns++;
    for (int period = 0; period < REPORT_PERIODS; period++)
        for (size_t column = 0; column < columns; column++)
            counts[at++] = report->counts[period][column];
    suppress(counts, REPORT_PERIODS, columns, hidden);
}

static char *csv_cell(const Report *report, int period, int column, const bool *hidden)
{
    int counts = report->kind == REPORT_WAITS ? 2 : report_columns(report->kind);
    if (hidden == NULL)
        return cell_of(report->counts[period][column]);
    if (report_is_days(report->kind, column)) /* a wait of a few would tell of those few */
        return hidden[period * counts] || hidden[period * counts + 1] ? g_strdup("") : cell_of(report->counts[period][column]);
    return hidden[period * counts + column] ? g_strdup(SUPPRESS_SHOWN) : cell_of(report->counts[period][column]);
}

static GString *csv_of(const Report *report, const bool *hidden)
{
    int columns = report_columns(report->kind);
    GString *out = cells_new();
    const char *texts[REPORT_COLUMNS + 2] = { _("Beginning") };
    for (int column = 0; column < columns; column++)
        texts[column + 1] = _(report_column(report->kind, column));
    cells_row_of(out, texts);
    for (int period = 0; period < REPORT_PERIODS; period++) {
        g_autofree char *day = say_date_of(report->bounds[period], 0);
        g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
        const char *row[REPORT_COLUMNS + 2] = { day };
        for (int column = 0; column < columns; column++) {
            g_ptr_array_add(cells, csv_cell(report, period, column, hidden));
            row[column + 1] = cells->pdata[column];
        }
        cells_row_of(out, row);
    }
    return out;
}

void page_reports_csv(Request *request, const char *rest)
{
    Report report;
    bool hidden[REPORT_PERIODS * REPORT_COLUMNS] = { false }, hide = strcmp(request_value(request->query, "small"), "hidden") == 0;
    (void)rest;
    make(request, &report);
    if (hide)
        hide_small(&report, hidden);
    g_autoptr(GString) csv = csv_of(&report, hide ? hidden : NULL);
    g_autofree char *name = g_strdup_printf("%s-by-%s%s.csv", report_name(report.kind), report.by_month ? "month" : "week", hide ? "-to-pass-on" : "");
    report_clear(&report);
    reply_file(request, "text/csv; charset=utf-8", name, csv);
}
