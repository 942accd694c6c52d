/* What the broker counts of itself, as Prometheus reads it: numbers, states and the ids of services; nothing of any client.
 *
 * Counting is always on and costs an addition. Serving is on when [metrics] listen is set: one page, on a loopback address. It is made of what is
 * in memory, and of queue lengths asked for every fifteen seconds, or every two minutes where counting them takes seconds: however often somebody asks for it, the database does not feel it. */
#ifndef BROKER_METRICS_H
#define BROKER_METRICS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { COUNTS_CODES = 1024, COUNTS_RESULTS = 5, COUNTS_BUCKETS = 13 };

typedef struct Counts {
    uint64_t accepted;                /* items */
    uint64_t refused[COUNTS_CODES];   /* items, frames and sessions, by TcCode */
    uint64_t batches[COUNTS_RESULTS]; /* by BatchResult */
    uint64_t commits[COUNTS_BUCKETS]; /* by how long they took, each bucket alone; what took longer than the last is only among the batches */
    double commit_seconds;
} Counts;

typedef struct QueueLength { char service[65]; uint64_t waiting; int64_t oldest_at; } QueueLength;
typedef struct QueueLengths { GArray *queues; /* QueueLength */ uint64_t unanswered; int64_t oldest_unanswered_at; } QueueLengths;

struct Broker;

/* metrics.c: NULL with a problem: cannot listen there. Freed after the store, which answers what it still owes. */
struct Metrics *metrics_new(struct Broker *broker, char **problem);
void metrics_free(struct Metrics *metrics);
void metrics_keep_house(struct Metrics *metrics);

/* metrics_text.c */
void metrics_commit(Counts *counts, int64_t microseconds);         /* one more commit, which took so long */
void metrics_refused(Counts *counts, int code);
GString *metrics_text(const struct Broker *broker, const QueueLengths *lengths);

#endif
