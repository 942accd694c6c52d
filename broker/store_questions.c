/* The other questions of the read connection: queues, receipts, traces, heads, clocks, weeks, refusals. */
#include "broker/codes.h"
#include "broker/store_rows.h"

#include <stdio.h>

#define WEEK_US (7 * G_TIME_SPAN_DAY)
#define WEEKS_AHEAD 8

/* What most questions ask with: a text and up to two numbers. */
typedef struct Ask { char text[64]; int64_t a, b; unsigned most; } Ask;

typedef struct Work {
    Ask ask;
    union {
        WindowAnswer window; ReceiptAnswer receipt; HeldAnswer held; TraceAnswer trace; HeadAnswer head; ClocksAnswer clocks;
        QueuesAnswer queues; PartitionsAnswer partitions;
    };
    TcId id;
    GStringChunk *strings;
    GPtrArray *results;      /* PGresult that answers point into */
    StoredWrap *wraps;       /* of a window */
    Store *store;
} Work;

static PGresult *keep(Work *work, const PGresult *result)
{
    PGresult *copy = PQcopyResult(result, PG_COPYRES_TUPLES | PG_COPYRES_ATTRS);
    g_ptr_array_add(work->results, copy);
    return copy;
}

static void clear_result(void *result) { PQclear(result); }

static ReadJob *work_job(Store *store, unsigned steps, ReadTake take, ReadGive give, void (*send)(Store *, ReadJob *), void (*done)(void), void *ctx)
{
    ReadJob *job = store_read_job(store, steps, take, give);
    Work *work = g_new0(Work, 1);
    work->strings = g_string_chunk_new(256);
    work->results = g_ptr_array_new_with_free_func(clear_result);
    work->store = store;
    job->answer = work;
    job->send = send;
    job->done = done;
    job->ctx = ctx;
    return job;
}

static void work_free(Work *work)
{
    g_string_chunk_free(work->strings);
    g_ptr_array_unref(work->results);
    g_free(work->wraps);
    g_free(work);
}

#define DONE(f) ((void (*)(void))(void *)(f))
#define GIVE(type, job, answer_) ((type)(void *)(job)->done)((job)->ctx, answer_)

/* Sends a statement with a text (unless NULL) and some numbers. */
static void send_ask(Store *store, const char *name, const char *text, int count, const int64_t *numbers)
{
    uint64_t wire[3];
    const char *values[4];
    int lengths[4], n = 0;
    if (text) {
        values[n] = text;
        lengths[n++] = (int)strlen(text);
    }
    for (int i = 0; i < count; i++) {
        wire[i] = GUINT64_TO_BE((uint64_t)numbers[i]);
        values[n] = (const char *)&wire[i];
        lengths[n++] = 8;
    }
    store_read_send(store, name, n, values, lengths);
}

/* ---- windows ---- */

static void send_window(Store *store, ReadJob *job)
{
    Work *w = job->answer;
    int64_t numbers[2] = { w->ask.a, w->ask.b };
    send_ask(store, "window_deliveries", w->ask.text, 2, numbers);
    send_ask(store, "window_wraps", w->ask.text, 2, numbers);
}

static void take_delivery(Work *w, const PGresult *r, int row)
{
    StoredDelivery d = { .number = (uint64_t)row_int(r, row, 0), .type = (int)row_int(r, row, 1), .at = row_int(r, row, 2),
                         .message = row_uuid(r, row, 3), .body = row_span(r, row, 4), .header = row_span(r, row, 5),
                         .content = row_span(r, row, 6), .sequence = (uint64_t)row_int(r, row, 12),
                         .recalled_before_held = row_int(r, row, 13) != 0, .withheld = row_int(r, row, 14) != 0 };
    rows_provenance(r, row, 7, &d.provenance);
    g_array_append_val(w->window.deliveries, d);
}

/* Wraps come in order of number: each delivery's are one stretch of an array made once. */
static void take_wraps(Work *w, const PGresult *r)
{
    int count = PQntuples(r), row = 0;
    StoredWrap *wraps = g_new0(StoredWrap, (gsize)MAX(count, 1));
    for (int i = 0; i < count; i++) {
        wraps[i].body = row_span(r, i, 1);
        rows_provenance(r, i, 2, &wraps[i].provenance);
    }
    for (guint i = 0; i < w->window.deliveries->len; i++) {
        StoredDelivery *d = &g_array_index(w->window.deliveries, StoredDelivery, i);
        int first = row;
        while (row < count && (uint64_t)row_int(r, row, 0) == d->number)
            row++;
        d->wraps = wraps + first;
        d->wrap_count = (size_t)(row - first);
    }
    w->wraps = wraps;
}

static void take_window(ReadJob *job, unsigned step, const PGresult *result)
{
    Work *w = job->answer;
    PGresult *kept = keep(w, result);
    if (step == 1)
        take_wraps(w, kept);
    else
        for (int row = 0; row < PQntuples(kept); row++)
            take_delivery(w, kept, row);
}

static void give_window(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->window.failed = failed;
    GIVE(WindowDone, job, &w->window);
    g_array_unref(w->window.deliveries);
    work_free(w);
}

void store_window(Store *store, const char *service, uint64_t after, unsigned limit, WindowDone done, void *ctx)
{
    ReadJob *job = work_job(store, 2, take_window, give_window, send_window, DONE(done), ctx);
    Work *w = job->answer;
    g_strlcpy(w->ask.text, service, sizeof w->ask.text);
    w->ask.a = (int64_t)after;
    w->ask.b = MIN(limit, 256);
    w->window = (WindowAnswer){ .service = w->ask.text, .after = after, .deliveries = g_array_new(FALSE, FALSE, sizeof(StoredDelivery)) };
    store_read_queue(store, job);
}

/* ---- first receipts again ---- */

static void send_receipt(Store *store, ReadJob *job)
{
    Work *w = job->answer;
    send_ask(store, "receipt_rows", NULL, 1, &w->ask.b);
    send_ask(store, "head_row", NULL, 1, &w->ask.b);
}

static void take_audit_row(Work *w, const PGresult *r, int row)
{
    TcAuditRow *a = &w->receipt.row;
    *a = (TcAuditRow){ .sequence = (uint64_t)row_int(r, row, 0), .at = row_int(r, row, 1), .event = (uint32_t)row_int(r, row, 2),
                       .service = g_string_chunk_insert(w->strings, PQgetvalue(r, row, 3)), .conversation = row_uuid(r, row, 4),
                       .message = row_uuid(r, row, 5), .detail = g_string_chunk_insert(w->strings, PQgetvalue(r, row, 7)) };
    row_digest(r, row, 6, &a->digest);
    row_digest(r, row, 8, &a->previous);
    w->receipt.index = (uint32_t)row;
    w->receipt.found = true;
}

static void take_receipt(ReadJob *job, unsigned step, const PGresult *r)
{
    Work *w = job->answer;
    int count = PQntuples(r);
    if (step == 1) {
        if (count == 1)
            rows_head(r, 0, &w->receipt.head, w->receipt.signature);
        w->receipt.found = w->receipt.found && count == 1;
        return;
    }
    if (!count)
        return;
    g_autofree uint8_t *leaves = g_malloc((size_t)count * 32);
    for (int row = 0; row < count; row++) {
        TcDigest hash;
        row_digest(r, row, 9, &hash);
        memcpy(leaves + (size_t)row * 32, hash.b, 32);
        if (row_int(r, row, 0) == w->ask.a)
            take_audit_row(w, r, row);
    }
    w->receipt.count = (uint32_t)count;
    w->receipt.tree = tc_merkle_new(leaves, (size_t)count);
}

static void give_receipt(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->receipt.failed = failed;
    GIVE(ReceiptDone, job, &w->receipt);
    if (w->receipt.tree)
        tc_merkle_free(w->receipt.tree);
    work_free(w);
}

void store_receipt(Store *store, uint64_t sequence, uint64_t batch, ReceiptDone done, void *ctx)
{
    ReadJob *job = work_job(store, 2, take_receipt, give_receipt, send_receipt, DONE(done), ctx);
    ((Work *)job->answer)->ask.a = (int64_t)sequence;
    ((Work *)job->answer)->ask.b = (int64_t)batch;
    store_read_queue(store, job);
}

/* ---- a stretch of a queue ---- */

static void send_held(Store *store, ReadJob *job)
{
    Work *w = job->answer;
    int64_t numbers[2] = { w->ask.a, w->ask.b };
    send_ask(store, "held_messages", w->ask.text, 2, numbers);
}

static void take_held(ReadJob *job, unsigned step, const PGresult *r)
{
    (void)step;
    for (int row = 0; row < PQntuples(r); row++) {
        MessageRef ref;
        rows_ref(r, row, &ref);
        g_array_append_val(((Work *)job->answer)->held.messages, ref);
    }
}

static void give_held(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->held.failed = failed;
    GIVE(HeldDone, job, &w->held);
    g_array_unref(w->held.messages);
    work_free(w);
}

void store_held(Store *store, const char *service, uint64_t after, uint64_t upto, HeldDone done, void *ctx)
{
    ReadJob *job = work_job(store, 1, take_held, give_held, send_held, DONE(done), ctx);
    Work *w = job->answer;
    g_strlcpy(w->ask.text, service, sizeof w->ask.text);
    w->ask.a = (int64_t)after;
    w->ask.b = (int64_t)upto;
    w->held.messages = g_array_new(FALSE, FALSE, sizeof(MessageRef));
    store_read_queue(store, job);
}

/* ---- a conversation's rows ---- */

static void send_trace(Store *store, ReadJob *job)
{
    Work *w = job->answer;
    Column column = { 0 };
    column_begin(&column, COLUMN_UUID);
    column_uuid_always(&column, &w->id);
    column_end(&column);
    const char *array[] = { (const char *)column.bytes->data };
    int array_length[] = { (int)column.bytes->len };
    store_read_send(store, "load_heads", 1, array, array_length);
    column_clear(&column);
    const char *one[] = { (const char *)w->id.b };
    int one_length[] = { 16 };
    store_read_send(store, "trace_rows", 1, one, one_length);
}

static void take_trace(ReadJob *job, unsigned step, const PGresult *r)
{
    Work *w = job->answer;
    if (step == 0) {
        if (PQntuples(r) == 1)
            rows_conversation(r, 0, &w->trace.head);
        return;
    }
    for (int row = 0; row < PQntuples(r); row++) {
        TraceRowPlain plain = { .sequence = (uint64_t)row_int(r, row, 0), .at = row_int(r, row, 1), .event = (int)row_int(r, row, 2),
                                .service = g_string_chunk_insert(w->strings, PQgetvalue(r, row, 3)), .message = row_uuid(r, row, 4),
                                .kind = (int)row_int(r, row, 5), .detail = g_string_chunk_insert(w->strings, PQgetvalue(r, row, 6)) };
        g_array_append_val(w->trace.rows, plain);
    }
}

static void give_trace(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->trace.failed = failed;
    GIVE(TraceDone, job, &w->trace);
    g_array_unref(w->trace.rows);
    work_free(w);
}

void store_trace(Store *store, const TcId *conversation, TraceDone done, void *ctx)
{
    ReadJob *job = work_job(store, 2, take_trace, give_trace, send_trace, DONE(done), ctx);
    Work *w = job->answer;
    w->id = *conversation;
    w->trace.rows = g_array_new(FALSE, FALSE, sizeof(TraceRowPlain));
    store_read_queue(store, job);
}

/* ---- heads of the log ---- */

static void send_head(Store *store, ReadJob *job) { send_ask(store, "head_row", NULL, 1, &((Work *)job->answer)->ask.a); }

static void take_head(ReadJob *job, unsigned step, const PGresult *r)
{
    (void)step;
    Work *w = job->answer;
    w->head.found = PQntuples(r) == 1;
    if (w->head.found)
        rows_head(r, 0, &w->head.head, w->head.signature);
}

static void give_head(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->head.failed = failed;
    GIVE(HeadDone, job, &w->head);
    work_free(w);
}

void store_head(Store *store, uint64_t batch, HeadDone done, void *ctx)
{
    ReadJob *job = work_job(store, 1, take_head, give_head, send_head, DONE(done), ctx);
    ((Work *)job->answer)->ask.a = (int64_t)batch;
    store_read_queue(store, job);
}

/* ---- clocks ---- */

static void send_clocks(Store *store, ReadJob *job)
{
    Work *w = job->answer;
    int64_t numbers[3] = { w->ask.a, w->ask.b, w->ask.most };
    send_ask(store, "clocks_running", NULL, 3, numbers);
}

int64_t store_clocks_until(const GArray *clocks, unsigned most, int64_t asked)
{
    return clocks->len < most ? asked : g_array_index(clocks, ClockDue, clocks->len - 1).due_at - 1;
}

static void take_clocks(ReadJob *job, unsigned step, const PGresult *r)
{
    (void)step;
    for (int row = 0; row < PQntuples(r); row++) {
        ClockDue clock;
        rows_clock(r, row, &clock);
        g_array_append_val(((Work *)job->answer)->clocks.clocks, clock);
    }
}

static void give_clocks(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->clocks.failed = failed;
    GIVE(ClocksDone, job, &w->clocks);
    g_array_unref(w->clocks.clocks);
    work_free(w);
}

void store_clocks(Store *store, int64_t after, int64_t before, unsigned most, ClocksDone done, void *ctx)
{
    ReadJob *job = work_job(store, 1, take_clocks, give_clocks, send_clocks, DONE(done), ctx);
    Work *w = job->answer;
    w->ask.a = after;
    w->ask.b = before;
    w->ask.most = most;
    w->clocks.clocks = g_array_new(FALSE, FALSE, sizeof(ClockDue));
    store_read_queue(store, job);
}

/* ---- what waits ---- */

/* What waits for answers is the operator's to know, not every station's. */
static void send_queues(Store *store, ReadJob *job)
{
    Work *w = job->answer;
    send_ask(store, "queues_waiting", w->ask.text, 0, NULL);
    if (!w->ask.text[0])
        send_ask(store, "queues_unanswered", NULL, 1, &w->ask.a);
}

static void take_queues(ReadJob *job, unsigned step, const PGresult *r)
{
    Work *w = job->answer;
    if (step == 1) {
        w->queues.unanswered = (uint64_t)row_int(r, 0, 0);
        w->queues.oldest_unanswered_at = row_int(r, 0, 1);
        return;
    }
    for (int row = 0; row < PQntuples(r); row++) {
        QueuePlain queue = { .service = g_string_chunk_insert(w->strings, PQgetvalue(r, row, 0)), .waiting = (uint64_t)row_int(r, row, 1),
                             .oldest_at = row_int(r, row, 2) };
        g_array_append_val(w->queues.queues, queue);
    }
}

static void give_queues(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->queues.failed = failed;
    GIVE(QueuesDone, job, &w->queues);
    g_array_unref(w->queues.queues);
    work_free(w);
}

void store_queues(Store *store, const char *service, int64_t now, QueuesDone done, void *ctx)
{
    ReadJob *job = work_job(store, service ? 1 : 2, take_queues, give_queues, send_queues, DONE(done), ctx);
    Work *w = job->answer;
    g_strlcpy(w->ask.text, service ? service : "", sizeof w->ask.text);
    w->ask.a = now;
    w->queues.queues = g_array_new(FALSE, FALSE, sizeof(QueuePlain));
    store_read_queue(store, job);
}

/* ---- weeks ---- */

enum { WEEKS_MAKE, WEEKS_DROP, WEEKS_OLDEST, WEEKS_STEPS };

static void send_weeks(Store *store, ReadJob *job)
{
    Work *w = job->answer;
    int64_t now = w->ask.a, keep_from = now - (int64_t)store->retention_weeks * WEEK_US;
    int64_t make[2] = { now - WEEK_US, MAX(now, g_get_real_time()) + WEEKS_AHEAD * WEEK_US }; /* a story may begin in the past */
    send_ask(store, "weeks_make", NULL, 2, make);
    send_ask(store, "weeks_drop", NULL, 1, &keep_from);
    send_ask(store, "weeks_oldest", NULL, 0, NULL);
}

static void add_act(Work *w, int event, int64_t start, int64_t rows, const TcDigest *digest)
{
    AdminAct act = { .audit_event = event };
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(start / G_TIME_SPAN_SECOND);
    g_autofree char *text = g_date_time_format(day, "%Y-%m-%d");
    g_snprintf(act.subject, sizeof act.subject, "message/%s", text);
    if (digest) {
        char hex[65];
        for (int i = 0; i < 32; i++)
            g_snprintf(hex + 2 * i, 3, "%02x", digest->b[i]);
        g_snprintf(act.detail, sizeof act.detail, "rows %" G_GINT64_FORMAT " digest %s", rows, hex);
    }
    g_array_append_val(w->partitions.acts, act);
}

static void take_weeks(ReadJob *job, unsigned step, const PGresult *r)
{
    Work *w = job->answer;
    if (step == WEEKS_OLDEST)
        w->partitions.oldest_id_at = row_int(r, 0, 0);
    for (int row = 0; step == WEEKS_MAKE && row < PQntuples(r); row++)
        add_act(w, AUDIT_PARTITION_MADE, row_int(r, row, 0), 0, NULL);
    for (int row = 0; step == WEEKS_DROP && row < PQntuples(r); row++) {
        TcDigest digest;
        row_digest(r, row, 2, &digest);
        add_act(w, AUDIT_PARTITION_DROPPED, row_int(r, row, 0), row_int(r, row, 1), &digest);
    }
}

static void give_weeks(ReadJob *job, bool failed)
{
    Work *w = job->answer;
    w->partitions.failed = failed;
    GIVE(PartitionsDone, job, &w->partitions);
    g_array_unref(w->partitions.acts);
    work_free(w);
}

void store_partitions(Store *store, PartitionsDone done, void *ctx)
{
    ReadJob *job = work_job(store, WEEKS_STEPS, take_weeks, give_weeks, send_weeks, DONE(done), ctx);
    Work *w = job->answer;
    w->ask.a = g_get_real_time() + store->clock_shift;
    w->partitions.acts = g_array_new(FALSE, FALSE, sizeof(AdminAct));
    store_read_queue(store, job);
}

/* ---- the database's clock ---- */

static void send_clock(Store *store, ReadJob *job)
{
    ((Work *)job->answer)->ask.a = g_get_real_time();
    send_ask(store, "clock_now", NULL, 0, NULL);
}

static void take_clock(ReadJob *job, unsigned step, const PGresult *r)
{
    (void)step;
    Work *w = job->answer;
    int64_t here = (w->ask.a + g_get_real_time()) / 2; /* the answer was made somewhere between */
    w->store->clock_difference = here - row_int(r, 0, 0);
    w->store->clock_offset = g_get_real_time() - g_get_monotonic_time();
}

static void give_clock(ReadJob *job, bool failed)
{
    (void)failed;
    work_free(job->answer);
}

void store_read_clock(Store *store)
{
    store_read_queue(store, work_job(store, 1, take_clock, give_clock, send_clock, NULL, NULL));
}

/* ---- refusals ---- */

static void send_refusals(Store *store, ReadJob *job)
{
    Column *columns = job->question;
    const char *values[4];
    int lengths[4];
    for (int i = 0; i < 4; i++) {
        column_end(&columns[i]);
        values[i] = (const char *)columns[i].bytes->data;
        lengths[i] = (int)columns[i].bytes->len;
    }
    store_read_send(store, "put_refusals", 4, values, lengths);
}

static void take_nothing(ReadJob *job, unsigned step, const PGresult *r) { (void)job, (void)step, (void)r; }

static void give_refusals(ReadJob *job, bool failed)
{
    (void)failed; /* counts are worth less than waiting for them */
    Column *columns = job->question;
    for (int i = 0; i < 4; i++)
        column_clear(&columns[i]);
    g_free(columns);
    work_free(job->answer);
}

void store_count_refusals(Store *store, const GArray *counts)
{
    static const ColumnType types[4] = { COLUMN_TEXT, COLUMN_INT4, COLUMN_INT8, COLUMN_INT4 };
    if (!counts->len || store->read.state != LINK_UP)
        return;
    ReadJob *job = work_job(store, 1, take_nothing, give_refusals, send_refusals, NULL, NULL);
    Column *columns = g_new0(Column, 4);
    for (int i = 0; i < 4; i++)
        column_begin(&columns[i], types[i]);
    for (guint i = 0; i < counts->len; i++) {
        const RefusalCount *count = &g_array_index(counts, RefusalCount, i);
        column_text(&columns[0], count->who);
        column_int(&columns[1], count->code);
        column_int(&columns[2], count->minute_at);
        column_int(&columns[3], count->count);
    }
    job->question = columns;
    store_read_queue(store, job);
}
