/* Questions about everybody who was told anything of a client, and about what is on its way to them. */
#include "broker/store_rows.h"

enum { STEP_HOLDERS, STEP_QUEUED, STEP_COUNT };

typedef struct HoldersWork { HoldersQuestion question; HoldersAnswer answer; } HoldersWork;

static void put_clients(Column *column, const HoldersQuestion *question)
{
    column_begin(column, COLUMN_UUID);
    for (size_t i = 0; i < G_N_ELEMENTS(question->clients); i++)
        column_uuid(column, &question->clients[i]);
    column_end(column);
}

static void send_holders(Store *store, ReadJob *job)
{
    const HoldersQuestion *question = &((HoldersWork *)job->answer)->question;
    Column columns[3] = { 0 };
    put_clients(&columns[0], question);
    column_begin(&columns[1], COLUMN_TEXT);
    column_begin(&columns[2], COLUMN_INT8);
    for (guint i = 0; i < question->services->len; i++) {
        column_text(&columns[1], question->services->pdata[i]);
        column_int(&columns[2], (int64_t)g_array_index(question->floors, uint64_t, i));
    }
    column_end(&columns[1]);
    column_end(&columns[2]);
    const char *values[G_N_ELEMENTS(columns)];
    int lengths[G_N_ELEMENTS(columns)];
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        values[i] = (const char *)columns[i].bytes->data;
        lengths[i] = (int)columns[i].bytes->len;
    }
    store_read_send(store, "load_holders", 1, values, lengths);
    store_read_send(store, "load_queued", 3, values, lengths);
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
        column_clear(&columns[i]);
}

static void take_holders(ReadJob *job, unsigned step, const PGresult *result)
{
    HoldersAnswer *answer = &((HoldersWork *)job->answer)->answer;
    for (int row = 0; row < PQntuples(result); row++) {
        if (step == STEP_HOLDERS) {
            HolderPlain holder = { .message = row_uuid(result, row, 1) };
            row_text(result, row, 0, holder.service, sizeof holder.service);
            g_array_append_val(answer->holders, holder);
            continue;
        }
        QueuedPlain queued = { .number = (uint64_t)row_int(result, row, 2), .message = row_uuid(result, row, 3), .governed = (unsigned)row_int(result, row, 4) };
        row_text(result, row, 0, queued.recipient, sizeof queued.recipient);
        row_text(result, row, 1, queued.sender, sizeof queued.sender);
        g_array_append_val(answer->queued, queued);
    }
}

static void give_holders(ReadJob *job, bool failed)
{
    HoldersWork *work = job->answer;
    work->answer.failed = failed;
    ((HoldersDone)(void *)job->done)(job->ctx, &work->answer);
    g_array_unref(work->answer.holders);
    g_array_unref(work->answer.queued);
    g_ptr_array_unref(work->question.services);
    g_array_unref(work->question.floors);
    g_free(work);
}

void store_holders(Store *store, const HoldersQuestion *question, HoldersDone done, void *ctx)
{
    ReadJob *job = store_read_job(store, STEP_COUNT, take_holders, give_holders);
    HoldersWork *work = g_new0(HoldersWork, 1);
    work->question = (HoldersQuestion){ { question->clients[0], question->clients[1] }, g_ptr_array_new_with_free_func(g_free), g_array_new(FALSE, FALSE, sizeof(uint64_t)) };
    for (guint i = 0; i < question->services->len; i++)
        g_ptr_array_add(work->question.services, g_strdup(question->services->pdata[i]));
    g_array_append_vals(work->question.floors, question->floors->data, question->floors->len);
    work->answer = (HoldersAnswer){ .holders = g_array_new(FALSE, FALSE, sizeof(HolderPlain)), .queued = g_array_new(FALSE, FALSE, sizeof(QueuedPlain)) };
    job->answer = work;
    job->send = send_holders;
    job->done = (void (*)(void))(void *)done;
    job->ctx = ctx;
    store_read_queue(store, job);
}
