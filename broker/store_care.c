/* Questions about who is answerable: a client's whole history, and the clients whose coordinator is gone. */
#include "broker/store_rows.h"

enum { CARE_AT = 17, CARE_FROM = 18 };

typedef struct CareWork { TcId conversation; CareAnswer care; GPtrArray *good; OrphansAnswer orphans; } CareWork;

static ReadJob *care_job(Store *store, unsigned steps, ReadTake take, ReadGive give, void (*send)(Store *, ReadJob *))
{
    ReadJob *job = store_read_job(store, steps, take, give);
    job->answer = g_new0(CareWork, 1);
    job->send = send;
    return job;
}

/* ---- A client's history ---- */

static void send_care(Store *store, ReadJob *job)
{
    CareWork *work = job->answer;
    Column column = { 0 };
    column_begin(&column, COLUMN_UUID);
    column_uuid_always(&column, &work->conversation);
    column_end(&column);
    const char *array[] = { (const char *)column.bytes->data };
    int array_length[] = { (int)column.bytes->len };
    store_read_send(store, "load_heads", 1, array, array_length);
    column_clear(&column);
    const char *one[] = { (const char *)work->conversation.b };
    int one_length[] = { (int)sizeof work->conversation.b };
    store_read_send(store, "care_rows", 1, one, one_length);
}

static void take_care(ReadJob *job, unsigned step, const PGresult *result)
{
    CareWork *work = job->answer;
    if (step == 0) {
        if (PQntuples(result) == 1)
            rows_conversation(result, 0, &work->care.head);
        return;
    }
    for (int row = 0; row < PQntuples(result); row++) {
        CarePlain plain = { .at = row_int(result, row, CARE_AT) };
        rows_care(result, row, &plain.care);
        row_text(result, row, CARE_FROM, plain.from, sizeof plain.from);
        g_array_append_val(work->care.rows, plain);
    }
}

static void give_care(ReadJob *job, bool failed)
{
    CareWork *work = job->answer;
    work->care.failed = failed;
    ((CareDone)(void *)job->done)(job->ctx, &work->care);
    g_array_unref(work->care.rows);
    g_free(work);
}

void store_care(Store *store, const TcId *conversation, CareDone done, void *ctx)
{
    ReadJob *job = care_job(store, 2, take_care, give_care, send_care);
    CareWork *work = job->answer;
    work->conversation = *conversation;
    work->care.rows = g_array_new(FALSE, FALSE, sizeof(CarePlain));
    job->done = (void (*)(void))(void *)done;
    job->ctx = ctx;
    store_read_queue(store, job);
}

/* ---- Clients whose coordinator is gone ---- */

static void send_orphans(Store *store, ReadJob *job)
{
    CareWork *work = job->answer;
    Column column = { 0 };
    column_begin(&column, COLUMN_TEXT);
    for (guint i = 0; i < work->good->len; i++)
        column_text(&column, work->good->pdata[i]);
    column_end(&column);
    const char *array[] = { (const char *)column.bytes->data };
    int length[] = { (int)column.bytes->len };
    store_read_send(store, "care_orphans", 1, array, length);
    column_clear(&column);
}

static void take_orphans(ReadJob *job, unsigned step, const PGresult *result)
{
    CareWork *work = job->answer;
    (void)step;
    for (int row = 0; row < PQntuples(result); row++) {
        TcId client = row_uuid(result, row, 0);
        g_array_append_val(work->orphans.clients, client);
    }
}

static void give_orphans(ReadJob *job, bool failed)
{
    CareWork *work = job->answer;
    work->orphans.failed = failed;
    ((OrphansDone)(void *)job->done)(job->ctx, &work->orphans);
    g_array_unref(work->orphans.clients);
    g_ptr_array_unref(work->good);
    g_free(work);
}

void store_orphans(Store *store, const GPtrArray *good, OrphansDone done, void *ctx)
{
    ReadJob *job = care_job(store, 1, take_orphans, give_orphans, send_orphans);
    CareWork *work = job->answer;
    work->good = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < good->len; i++)
        g_ptr_array_add(work->good, g_strdup(good->pdata[i]));
    work->orphans.clients = g_array_new(FALSE, FALSE, sizeof(TcId));
    job->done = (void (*)(void))(void *)done;
    job->ctx = ctx;
    store_read_queue(store, job);
}
