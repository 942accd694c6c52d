/* The page of metrics: what stands in memory, in the text form of Prometheus 0.0.4. Plain gauges are rows of one table.
 *
 * What each is for, and what to do when it is not as it should be: deploy/OPERATIONS.md, and the alerts in deploy/throughcare.rules.yml. */
#include "broker/metrics.h"

#include "broker/broker.h"
#include "broker/wallclock.h"
#include "proto/errors.h"

#include <stdio.h>
#include <unistd.h>

static const double bucket_seconds[COUNTS_BUCKETS] = { 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 4, 16 };
static const char *const results[COUNTS_RESULTS] = { "committed", "poison", "retry", "uncertain", "displaced" }; /* BatchResult */

void metrics_commit(Counts *counts, int64_t microseconds)
{
    double seconds = (double)microseconds / G_TIME_SPAN_SECOND;
    counts->commit_seconds += seconds;
    for (size_t i = 0; i < COUNTS_BUCKETS; i++)
        if (seconds <= bucket_seconds[i]) {
            counts->commits[i]++;
            return;
        }
}

void metrics_refused(Counts *counts, int code) { counts->refused[CLAMP(code, 0, COUNTS_CODES - 1)]++; }

static double seconds_since(int64_t at) { return at ? MAX(0, (double)(wallclock_now() - at) / G_TIME_SPAN_SECOND) : 0; }

/* ---- gauges ---- */

static double active(const Broker *b, const QueueLengths *l) { (void)l; return store_state(b->store) == STORE_ACTIVE; }
static double standby(const Broker *b, const QueueLengths *l) { (void)l; return store_state(b->store) == STORE_STANDBY; }
static double database_up(const Broker *b, const QueueLengths *l) { (void)l; return store_state(b->store) != STORE_AWAY; }
static double writes_refused(const Broker *b, const QueueLengths *l) { (void)l; return b->writes_refused; }
static double clocks_stopped(const Broker *b, const QueueLengths *l) { (void)l; return b->clocks_stopped; }
static double clock_difference(const Broker *b, const QueueLengths *l) { (void)l; return (double)store_clock_difference(b->store) / G_TIME_SPAN_SECOND; }
static double clocks(const Broker *b, const QueueLengths *l) { (void)l; return clocks_count(b); }
static double clocks_late(const Broker *b, const QueueLengths *l)
{
    (void)l;
    return store_state(b->store) == STORE_ACTIVE && clocks_next(b) != INT64_MAX ? seconds_since(clocks_next(b)) : 0;
}
static double rows(const Broker *b, const QueueLengths *l) { (void)l; return (double)b->committed.sequence; }
static double events(const Broker *b, const QueueLengths *l) { (void)l; return b->incoming.length; }
static double sessions(const Broker *b, const QueueLengths *l) { (void)l; return b->sessions ? g_hash_table_size(b->sessions) : 0; }
static double blocked(const Broker *b, const QueueLengths *l) { (void)l; return g_hash_table_size(b->blocked); }
static double directory_expires(const Broker *b, const QueueLengths *l) { (void)l; return (double)b->directory->expires_at / G_TIME_SPAN_SECOND; }
static double unanswered(const Broker *b, const QueueLengths *l) { (void)b; return (double)l->unanswered; }
static double unanswered_oldest(const Broker *b, const QueueLengths *l) { (void)b; return l->unanswered ? seconds_since(l->oldest_unanswered_at) : 0; }
static double memory(const Broker *b, const QueueLengths *l)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    (void)b, (void)l;
    if (file && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static const struct { const char *name, *help; double (*value)(const Broker *broker, const QueueLengths *lengths); } gauges[] = {
    { "throughcare_active", "1: this broker is the active one.", active },
    { "throughcare_standby", "1: another broker is active, and this one stands by.", standby },
    { "throughcare_database_up", "1: the database is connected.", database_up },
    { "throughcare_writes_refused", "1: the database answers, and takes no batch: its disk is full, for example.", writes_refused },
    { "throughcare_clocks_stopped", "1: the host's clock or the record's is wrong; nothing is accepted and no deadline fires.", clocks_stopped },
    { "throughcare_clock_difference_seconds", "How far the host's clock is ahead of the database's.", clock_difference },
    { "throughcare_clocks", "Running clocks in memory: those that are due soonest.", clocks },
    { "throughcare_clock_late_seconds", "How long ago a clock ran out that has not fired yet.", clocks_late },
    { "throughcare_log_rows", "Rows in the record.", rows },
    { "throughcare_events", "Events that wait to be decided.", events },
    { "throughcare_sessions", "Stations that are connected.", sessions },
    { "throughcare_blocked", "Services and stations that are blocked.", blocked },
    { "throughcare_directory_expires_timestamp_seconds", "When the signed directory expires.", directory_expires },
    { "throughcare_unanswered", "Messages whose answer a person owes, but for what has been overdue for more than a year.", unanswered },
    { "throughcare_unanswered_oldest_seconds", "How long the oldest of them has waited.", unanswered_oldest },
    { "throughcare_memory_bytes", "Resident memory of this process.", memory },
};

/* ---- the page ---- */

static void describe(GString *out, const char *name, const char *type, const char *help)
{
    g_string_append_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_counts(const Counts *counts, GString *out)
{
    describe(out, "throughcare_accepted_total", "counter", "Messages and wraps accepted, each with a receipt.");
    g_string_append_printf(out, "throughcare_accepted_total %" G_GUINT64_FORMAT "\n", counts->accepted);
    describe(out, "throughcare_refused_total", "counter", "Items, frames and connections refused, by code.");
    for (int code = 0; code < COUNTS_CODES; code++)
        if (counts->refused[code])
            g_string_append_printf(out, "throughcare_refused_total{code=\"%s\"} %" G_GUINT64_FORMAT "\n", tc_errors_name((uint32_t)code), counts->refused[code]);
    describe(out, "throughcare_batches_total", "counter", "Batches by what became of them.");
    for (int i = 0; i < COUNTS_RESULTS; i++)
        g_string_append_printf(out, "throughcare_batches_total{result=\"%s\"} %" G_GUINT64_FORMAT "\n", results[i], counts->batches[i]);
}

static void write_commits(const Counts *counts, GString *out)
{
    uint64_t sum = 0;
    describe(out, "throughcare_commit_seconds", "histogram", "From a batch's flush to its commit, standbys included.");
    for (int i = 0; i < COUNTS_BUCKETS; i++)
        g_string_append_printf(out, "throughcare_commit_seconds_bucket{le=\"%g\"} %" G_GUINT64_FORMAT "\n", bucket_seconds[i], sum += counts->commits[i]);
    g_string_append_printf(out, "throughcare_commit_seconds_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT "\n", counts->batches[BATCH_COMMITTED]);
    g_string_append_printf(out, "throughcare_commit_seconds_sum %.6f\nthroughcare_commit_seconds_count %" G_GUINT64_FORMAT "\n", counts->commit_seconds,
                           counts->batches[BATCH_COMMITTED]);
}

static void write_services(const Broker *broker, GString *out)
{
    describe(out, "throughcare_connected", "gauge", "Stations of each service that are connected.");
    for (size_t i = 0; i < broker->directory->service_count; i++) {
        const TcService *service = &broker->directory->services[i];
        unsigned count = 0;
        for (size_t j = 0; j < service->station_count && broker->by_station; j++) {
            g_autofree char *station = g_strdup_printf("%s/%s", service->id, service->stations[j].id);
            count += g_hash_table_contains(broker->by_station, station);
        }
        g_string_append_printf(out, "throughcare_connected{service=\"%s\"} %u\n", service->id, count);
    }
}

static void write_queues(const QueueLengths *lengths, GString *out)
{
    describe(out, "throughcare_queue_waiting", "gauge", "Deliveries that no station of the service holds yet.");
    for (guint i = 0; i < lengths->queues->len; i++) {
        const QueueLength *queue = &g_array_index(lengths->queues, QueueLength, i);
        g_string_append_printf(out, "throughcare_queue_waiting{service=\"%s\"} %" G_GUINT64_FORMAT "\n", queue->service, queue->waiting);
    }
    describe(out, "throughcare_queue_oldest_seconds", "gauge", "How long the oldest of them has waited.");
    for (guint i = 0; i < lengths->queues->len; i++) {
        const QueueLength *queue = &g_array_index(lengths->queues, QueueLength, i);
        g_string_append_printf(out, "throughcare_queue_oldest_seconds{service=\"%s\"} %.3f\n", queue->service, seconds_since(queue->oldest_at));
    }
}

static void write_doors(const Broker *broker, GString *out)
{
    GHashTableIter iter;
    gpointer door;
    describe(out, "throughcare_door_held_back", "gauge", "1: the organisation sends more than its quota, and waits.");
    g_hash_table_iter_init(&iter, broker->doors);
    while (g_hash_table_iter_next(&iter, NULL, &door))
        g_string_append_printf(out, "throughcare_door_held_back{organisation=\"%s\"} %d\n", ((Door *)door)->organisation, ((Door *)door)->held_back);
}

GString *metrics_text(const Broker *broker, const QueueLengths *lengths)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(gauges); i++) {
        describe(out, gauges[i].name, "gauge", gauges[i].help);
        g_string_append_printf(out, "%s %.17g\n", gauges[i].name, gauges[i].value(broker, lengths));
    }
    write_counts(&broker->counts, out);
    write_commits(&broker->counts, out);
    write_services(broker, out);
    write_queues(lengths, out);
    write_doors(broker, out);
    return out;
}
