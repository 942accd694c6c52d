/* The read connection: questions in order, each a few statements and one Sync, answered in later dispatches. */
#include "broker/store_inner.h"

#define MAX_JOBS_SENT 16

ReadJob *store_read_job(Store *store, unsigned steps, ReadTake take, ReadGive give)
{
    (void)store;
    ReadJob *job = g_new0(ReadJob, 1);
    job->steps = steps;
    job->take = take;
    job->give = give;
    return job;
}

void store_read_queue(Store *store, ReadJob *job)
{
    g_queue_push_tail(&store->jobs, job);
    store_read_flush(store);
}

void store_read_send(Store *store, const char *name, int count, const char *const *values, const int *lengths)
{
    static const int binary[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };
    if (store->read.state == LINK_UP && !PQsendQueryPrepared(store->read.conn, name, count, values, lengths, binary, 1))
        store_link_lost(store, &store->read);
}

void store_read_flush(Store *store)
{
    unsigned sent = 0;
    for (GList *node = store->jobs.head; node && store->read.state == LINK_UP; node = node->next) {
        ReadJob *job = node->data;
        if (++sent > MAX_JOBS_SENT)
            return;
        if (job->sent)
            continue;
        job->sent = true;
        job->send(store, job);
        if (store->read.state == LINK_UP && !PQpipelineSync(store->read.conn))
            store_link_lost(store, &store->read);
    }
    if (store->read.state != LINK_UP)
        return;
    int flushed = PQflush(store->read.conn);
    if (flushed < 0)
        store_link_lost(store, &store->read);
    else
        store_link_watch(store, &store->read, flushed == 1);
}

static void finish(Store *store, bool failed)
{
    ReadJob *job = g_queue_pop_head(&store->jobs);
    job->give(job, failed || job->bad);
    g_free(job);
}

/* One result of the oldest job. */
static void take_result(ReadJob *job, const PGresult *result)
{
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        job->bad = true;
    else if (!job->bad && job->taken < job->steps)
        job->take(job, job->taken++, result);
}

void store_read_reap(Store *store)
{
    while (store->read.state == LINK_UP && !g_queue_is_empty(&store->jobs) && !PQisBusy(store->read.conn)) {
        ReadJob *job = g_queue_peek_head(&store->jobs);
        if (!job->sent)
            return;
        PGresult *result = PQgetResult(store->read.conn);
        if (!result) {
            if (PQstatus(store->read.conn) != CONNECTION_OK)
                store_link_lost(store, &store->read);
            continue;
        }
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
            finish(store, job->taken != job->steps);
        else
            take_result(job, result);
        PQclear(result);
        if (PQstatus(store->read.conn) != CONNECTION_OK)
            store_link_lost(store, &store->read);
    }
}

/* Those asked while failing are kept for the next connection; those before it are told. */
void store_read_fail_all(Store *store)
{
    GQueue old = store->jobs;
    g_queue_init(&store->jobs);
    for (ReadJob *job; (job = g_queue_pop_head(&old)) != NULL;) {
        job->give(job, true);
        g_free(job);
    }
}
