/* Reports of what this service's own spool knows, period by period: counts of cases, never a client. Pure but for London's time zone; one thread.
 *
 * A row's first count is its whole, the others are parts of it (as adapters/station/suppress.h wants it); a column of days is no count. */
#ifndef WORKLIST_REPORT_H
#define WORKLIST_REPORT_H

#include "adapters/worklist/caseload.h"

enum { REPORT_PERIODS = 12, REPORT_COLUMNS = 6 };

typedef enum ReportKind { REPORT_RELEASES, REPORT_REFERRALS, REPORT_WAITS, REPORT_ATTENDANCE, REPORT_DROP_OUTS, REPORT_CLOCKS, REPORT_KINDS } ReportKind;

typedef struct Report {
    ReportKind kind;
    bool by_month;
    int64_t now, bounds[REPORT_PERIODS + 1];            /* the beginnings of the periods, oldest first, and the end of the last */
    gint64 counts[REPORT_PERIODS][REPORT_COLUMNS];      /* of columns of days: -1 where there is none */
    GArray *days[REPORT_PERIODS];                       /* int: waits, of which the middle and the longest are shown */
} Report;

/* The last twelve weeks (from Monday) or months up to now; all zero. */
void report_begin(Report *report, ReportKind kind, bool by_month, int64_t now);
void report_add(Report *report, const Case *it);
/* Works out what is no sum; after it nothing is added. */
void report_end(Report *report);
void report_clear(Report *report);

/* How many columns it has; whether one is of days, not counts. */
int report_columns(ReportKind kind);
bool report_is_days(ReportKind kind, int column);
/* Names for the address ("releases"), and words not yet translated: of the report, what it tells, of a column. */
const char *report_name(ReportKind kind);
const char *report_title(ReportKind kind);
const char *report_tells(ReportKind kind);
const char *report_column(ReportKind kind, int column);
/* The report of a name; the first when there is none of that name. */
ReportKind report_find(const char *name);

#endif
