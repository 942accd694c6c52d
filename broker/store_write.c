/* The write connection: batches as pipelined statements under one Sync each, and what became of them.
 *
 * A batch is its chain row, one multi-row insert a table that has rows, and a Sync: one implicit transaction. An insert's own OK
 * comes before the commit, so nothing but a clean PGRES_PIPELINE_SYNC counts. A batch is taken by store_submit and given back by
 * the batch callback, in order. What is ready goes at once: the database checks the chain while the rows are put together, and inserts
 * them while the head is signed. */
#include "broker/store_inner.h"
#include "broker/failpoint.h"
#include "broker/table.h"

static void send_prepared(Store *store, const char *name, int count, const char *const *values, const int *lengths)
{
    static const int binary[STORE_FEW * TABLE_MAX_COLUMNS] = { [0 ... STORE_FEW * TABLE_MAX_COLUMNS - 1] = 1 };
    if (!PQsendQueryPrepared(store->write.conn, name, count, values, lengths, binary, 1))
        store_link_lost(store, &store->write);
}

static void send_chain(Store *store, const Batch *batch)
{
    uint64_t no = GUINT64_TO_BE(batch->head.batch), prev = GUINT64_TO_BE(batch->head.batch - 1);
    uint64_t last = GUINT64_TO_BE(batch->head.last_sequence), at = GUINT64_TO_BE((uint64_t)batch->head.at);
    const char *values[] = { (char *)&no, (char *)&prev, (char *)batch->head.previous.b, (char *)batch->head.last_hash.b,
                             (char *)&last, (char *)&at, (char *)batch->head.root.b };
    const int lengths[] = { 8, 8, 32, 32, 8, 8, 32 };
    send_prepared(store, "put_batch", G_N_ELEMENTS(values), values, lengths);
}

/* Few rows: each value a parameter, row by row. */
static void send_few(Store *store, const Table *table, const Column *columns)
{
    const char *values[STORE_FEW * TABLE_MAX_COLUMNS];
    int lengths[STORE_FEW * TABLE_MAX_COLUMNS];
    char name[64];
    for (unsigned i = 0; i < table->column_count; i++) {
        size_t at = 0;
        for (unsigned row = 0; row < columns[0].count; row++) {
            unsigned k = row * table->column_count + i;
            values[k] = column_next(&columns[i], &at, &lengths[k]);
        }
    }
    g_snprintf(name, sizeof name, "%s_%u", table->statement, columns[0].count);
    send_prepared(store, name, (int)(columns[0].count * table->column_count), values, lengths);
}

static void send_many(Store *store, const Table *table, Column *columns)
{
    const char *values[TABLE_MAX_COLUMNS];
    int lengths[TABLE_MAX_COLUMNS];
    for (unsigned i = 0; i < table->column_count; i++) {
        column_end(&columns[i]);
        values[i] = (const char *)columns[i].bytes->data;
        lengths[i] = (int)columns[i].bytes->len;
    }
    send_prepared(store, table->statement, (int)table->column_count, values, lengths);
}

static void send_table(Store *store, const Table *table, const Batch *batch)
{
    static Column columns[TABLE_MAX_COLUMNS]; /* one thread; the buffers are used again */
    for (unsigned i = 0; i < table->column_count; i++)
        column_begin(&columns[i], table->types[i]);
    table->fill(columns, batch);
    if (!columns[0].count || store->write.state != LINK_UP)
        return;
    if (columns[0].count <= STORE_FEW)
        send_few(store, table, columns);
    else
        send_many(store, table, columns);
}

static void push(Store *store)
{
    if (store->write.state == LINK_UP && PQflush(store->write.conn) < 0)
        store_link_lost(store, &store->write);
}

void store_begin(Store *store, const Batch *batch)
{
    g_assert(store_ready(store));
    store->begun = batch;
    failpoint("before_flush");
    send_chain(store, batch);
    push(store);
    for (unsigned i = 0; i + 1 < table_count && store->write.state == LINK_UP; i++)
        send_table(store, &tables[i], batch);
    push(store);
}

void store_submit(Store *store, Batch *batch)
{
    if (store->begun != batch)
        store_begin(store, batch);
    store->begun = NULL;
    store->synced[store->in_flight_count] = false;
    store->in_flight[store->in_flight_count++] = batch;
    if (store->write.state == LINK_UP)
        send_table(store, &tables[table_count - 1], batch);
    if (store->write.state != LINK_UP)
        return; /* lost meanwhile: dispatch gives the batch back */
    store->synced[store->in_flight_count - 1] = true;
    if (!PQpipelineSync(store->write.conn))
        store_link_lost(store, &store->write);
    else
        store_link_watch(store, &store->write, PQflush(store->write.conn) == 1);
    failpoint("after_flush");
}

bool store_ready(const Store *store) { return store->state == STORE_ACTIVE && store->write.state == LINK_UP && store->in_flight_count < 2; }
size_t store_in_flight(const Store *store) { return store->in_flight_count; }

/* Takes the oldest batch out of flight and gives it back. */
static void give_back(Store *store, BatchResult result)
{
    Batch *batch = store->in_flight[0];
    char sqlstate[8];
    g_strlcpy(sqlstate, store->sqlstate, sizeof sqlstate);
    store->in_flight[0] = store->in_flight[1];
    store->synced[0] = store->synced[1];
    store->in_flight[--store->in_flight_count] = NULL;
    store->sqlstate[0] = store->constraint[0] = '\0';
    store->warned = false;
    if (result == BATCH_COMMITTED)
        failpoint("after_commit");
    store->callbacks.batch(store->callbacks.ctx, batch, result, sqlstate);
}

/* Poison is only what the data itself caused; all else may work the next time. */
static BatchResult result_of(const Store *store)
{
    if (!store->sqlstate[0])
        return BATCH_COMMITTED;
    if (g_str_has_prefix(store->constraint, "batch_"))
        return BATCH_DISPLACED;
    if (g_str_has_prefix(store->sqlstate, "22") || g_str_has_prefix(store->sqlstate, "23"))
        return BATCH_POISON;
    return BATCH_RETRY;
}

static void note_error(Store *store, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE), *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    if (store->sqlstate[0])
        return; /* the first one is the cause */
    g_strlcpy(store->sqlstate, state ? state : "XX000", sizeof store->sqlstate);
    g_strlcpy(store->constraint, constraint ? constraint : "", sizeof store->constraint);
}

void store_write_reap(Store *store)
{
    while (store->write.state == LINK_UP && (store->in_flight_count || store->beat) && !PQisBusy(store->write.conn)) {
        PGresult *result = PQgetResult(store->write.conn);
        if (!result) {
            if (PQstatus(store->write.conn) != CONNECTION_OK)
                return store_link_lost(store, &store->write);
            continue; /* the end of one statement's results */
        }
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_FATAL_ERROR)
            note_error(store, result);
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC && store->beat) {
            store->beat = false; /* it was said when nothing was in flight, so its answer is the first */
            continue;
        }
        if (status == PGRES_PIPELINE_SYNC && store->warned && !store->sqlstate[0])
            return store_link_lost(store, &store->write); /* as if it were lost: what is in the database is read again under a lock taken anew */
        if (status == PGRES_PIPELINE_SYNC)
            give_back(store, result_of(store));
        else if (PQstatus(store->write.conn) != CONNECTION_OK)
            return store_link_lost(store, &store->write);
    }
}

void store_write_fail_all(Store *store)
{
    while (store->in_flight_count) {
        bool synced = store->synced[0];
        give_back(store, synced ? BATCH_UNCERTAIN : BATCH_RETRY);
    }
}
