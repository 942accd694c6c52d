/* store_load: everything that decide needs and memory lacks, in one turn of the read connection. */
#include "broker/decode_availability.h"
#include "broker/store_rows.h"

enum { STEP_HEADS, STEP_MESSAGES, STEP_WRAPS, STEP_TOKENS, STEP_CONFIRMATIONS, STEP_NOTICES, STEP_CARES, STEP_AVAILABILITIES, STEP_SETTLED, STEP_COUNT };

static GArray *copy_of(const GArray *array, size_t size)
{
    GArray *copy = g_array_new(FALSE, FALSE, (guint)size);
    if (array)
        g_array_append_vals(copy, array->data, array->len);
    return copy;
}

typedef struct LoadWork { LoadQuestion question; LoadAnswer answer; GStringChunk *strings; } LoadWork;

static void send_columns(Store *store, const char *name, Column *columns, int count)
{
    const char *values[4];
    int lengths[4];
    for (int i = 0; i < count; i++) {
        column_end(&columns[i]);
        values[i] = (const char *)columns[i].bytes->data;
        lengths[i] = (int)columns[i].bytes->len;
    }
    store_read_send(store, name, count, values, lengths);
    for (int i = 0; i < count; i++)
        column_clear(&columns[i]);
}

static void send_ids(Store *store, const char *name, const GArray *ids)
{
    Column column = { 0 };
    column_begin(&column, COLUMN_UUID);
    for (guint i = 0; i < ids->len; i++)
        column_uuid_always(&column, &g_array_index(ids, TcId, i));
    send_columns(store, name, &column, 1);
}

static void send_tokens(Store *store, const GArray *tokens)
{
    Column column = { 0 };
    column_begin(&column, COLUMN_BYTEA);
    for (guint i = 0; i < tokens->len; i++)
        column_bytes(&column, g_array_index(tokens, TokenPair, i).strong.b, 32);
    send_columns(store, "load_tokens", &column, 1);
}

static void send_confirmations(Store *store, const GArray *rows)
{
    static const TcId none;
    Column columns[4] = { 0 };
    static const ColumnType types[4] = { COLUMN_UUID, COLUMN_INT8, COLUMN_TEXT, COLUMN_INT2 };
    for (int i = 0; i < 4; i++)
        column_begin(&columns[i], types[i]);
    for (guint i = 0; i < rows->len; i++) {
        const ConfirmationRow *row = &g_array_index(rows, ConfirmationRow, i);
        column_uuid_always(&columns[0], row->delivery ? &none : &row->message);
        column_int(&columns[1], (int64_t)row->delivery);
        column_text(&columns[2], row->service);
        column_int(&columns[3], row->step);
    }
    send_columns(store, "load_confirmations", columns, 4);
}

static void send_notices(Store *store, const GArray *keys)
{
    Column columns[2] = { 0 };
    column_begin(&columns[0], COLUMN_TEXT);
    column_begin(&columns[1], COLUMN_INT8);
    for (guint i = 0; i < keys->len; i++) {
        const NoticeKey *key = &g_array_index(keys, NoticeKey, i);
        column_text(&columns[0], key->service);
        column_int(&columns[1], (int64_t)key->number);
    }
    send_columns(store, "load_notices", columns, 2);
}

static void send_load(Store *store, ReadJob *job)
{
    const LoadQuestion *question = &((LoadWork *)job->answer)->question;
    send_ids(store, "load_heads", question->conversations);
    send_ids(store, "load_messages", question->messages);
    send_ids(store, "load_wraps", question->wraps);
    send_tokens(store, question->tokens);
    send_confirmations(store, question->confirmations);
    send_notices(store, question->notices);
    send_ids(store, "load_care", question->clients);
    const char *said[] = { question->availabilities ? "\1" : "\0" }, *settled[] = { question->settled ? "\1" : "\0" };
    const int length[] = { 1 };
    store_read_send(store, "load_availability", 1, said, length);
    store_read_send(store, "load_settled", 1, settled, length);
}

static void take_token(LoadAnswer *answer, const PGresult *result, int row)
{
    TokenMatch match = { .client = row_uuid(result, row, 1) };
    row_digest(result, row, 0, &match.strong);
    row_digest(result, row, 2, &match.born);
    g_array_append_val(answer->tokens, match);
}

static void take_confirmation(LoadWork *work, const PGresult *result, int row)
{
    ConfirmationRow found = { .message = row_uuid(result, row, 0), .delivery = (uint64_t)row_int(result, row, 1),
                              .service = g_string_chunk_insert(work->strings, PQgetvalue(result, row, 2)),
                              .step = (int)row_int(result, row, 3) };
    g_array_append_val(work->answer.confirmations, found);
}

static void take_row(LoadWork *work, unsigned step, const PGresult *result, int row)
{
    LoadAnswer *answer = &work->answer;
    if (step == STEP_HEADS) {
        Head head;
        rows_conversation(result, row, &head);
        g_array_append_val(answer->heads, head);
    } else if (step == STEP_MESSAGES) {
        MessageRef ref;
        rows_ref(result, row, &ref);
        g_array_append_val(answer->messages, ref);
    } else if (step == STEP_WRAPS) {
        WrapRef wrap = { .id = row_uuid(result, row, 0), .sequence = (uint64_t)row_int(result, row, 2), .batch = (uint64_t)row_int(result, row, 3) };
        row_digest(result, row, 1, &wrap.digest);
        g_array_append_val(answer->wraps, wrap);
    } else if (step == STEP_TOKENS) {
        take_token(answer, result, row);
    } else if (step == STEP_CONFIRMATIONS) {
        take_confirmation(work, result, row);
    } else if (step == STEP_AVAILABILITIES) {
        AvailabilityPlain said;
        row_text(result, row, 0, said.service, sizeof said.service);
        decode_availability(row_span(result, row, 1), &said.availability);
        g_array_append_val(answer->availabilities, said);
    } else if (step == STEP_SETTLED) {
        SettledRow settled = { row_uuid(result, row, 0), row_uuid(result, row, 1) };
        g_array_append_val(answer->settled, settled);
    } else if (step == STEP_CARES) {
        Care care;
        rows_care(result, row, &care);
        g_array_append_val(answer->cares, care);
    } else {
        NoticeRef notice = { .clock = row_uuid(result, row, 2), .conversation = row_uuid(result, row, 3) };
        row_text(result, row, 0, notice.key.service, sizeof notice.key.service);
        notice.key.number = (uint64_t)row_int(result, row, 1);
        g_array_append_val(answer->notices, notice);
    }
}

static void take_load(ReadJob *job, unsigned step, const PGresult *result)
{
    for (int row = 0; row < PQntuples(result); row++)
        take_row(job->answer, step, result, row);
}

static void free_work(LoadWork *work)
{
    GArray *all[] = { work->question.conversations, work->question.messages, work->question.wraps, work->question.tokens,
                      work->question.confirmations, work->question.notices, work->question.clients, work->answer.heads, work->answer.messages,
                      work->answer.wraps, work->answer.tokens, work->answer.confirmations, work->answer.notices,
                      work->answer.cares };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_unref(all[i]);
    g_clear_pointer(&work->answer.availabilities, g_array_unref);
    g_clear_pointer(&work->answer.settled, g_array_unref);
    g_string_chunk_free(work->strings);
    g_free(work);
}

static void give_load(ReadJob *job, bool failed)
{
    LoadWork *work = job->answer;
    work->answer.failed = failed;
    ((LoadDone)(void *)job->done)(job->ctx, &work->answer);
    free_work(work);
}

/* The question is copied; names in it too. */
static void copy_question(LoadWork *work, const LoadQuestion *q)
{
    work->question = (LoadQuestion){ copy_of(q->conversations, sizeof(TcId)), copy_of(q->messages, sizeof(TcId)), copy_of(q->wraps, sizeof(TcId)),
                                     copy_of(q->tokens, sizeof(TokenPair)), copy_of(q->confirmations, sizeof(ConfirmationRow)),
                                     copy_of(q->notices, sizeof(NoticeKey)), copy_of(q->clients, sizeof(TcId)), q->availabilities, q->settled };
    for (guint i = 0; i < work->question.confirmations->len; i++) {
        ConfirmationRow *row = &g_array_index(work->question.confirmations, ConfirmationRow, i);
        row->service = g_string_chunk_insert(work->strings, row->service);
    }
}

void store_load(Store *store, const LoadQuestion *question, LoadDone done, void *ctx)
{
    ReadJob *job = store_read_job(store, STEP_COUNT, take_load, give_load);
    LoadWork *work = g_new0(LoadWork, 1);
    work->strings = g_string_chunk_new(1024);
    copy_question(work, question);
    work->answer = (LoadAnswer){ .heads = g_array_new(FALSE, FALSE, sizeof(Head)), .messages = g_array_new(FALSE, FALSE, sizeof(MessageRef)),
        .wraps = g_array_new(FALSE, FALSE, sizeof(WrapRef)), .tokens = g_array_new(FALSE, FALSE, sizeof(TokenMatch)),
        .confirmations = g_array_new(FALSE, FALSE, sizeof(ConfirmationRow)), .notices = g_array_new(FALSE, FALSE, sizeof(NoticeRef)),
        .cares = g_array_new(FALSE, FALSE, sizeof(Care)) };
    if (question->availabilities)
        work->answer.availabilities = g_array_new(FALSE, FALSE, sizeof(AvailabilityPlain));
    if (question->settled)
        work->answer.settled = g_array_new(FALSE, FALSE, sizeof(SettledRow));
    job->answer = work;
    job->send = send_load;
    job->done = (void (*)(void))(void *)done;
    job->ctx = ctx;
    store_read_queue(store, job);
}
