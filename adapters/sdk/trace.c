#include "adapters/sdk/trace.h"

#include "adapters/sdk/connection.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/snapshot.h"
#include "proto/json.h"

#define TRACE_PATIENCE (10 * G_TIME_SPAN_SECOND)

typedef struct Question {
    uint32_t id;
    int type;
    TcId conversation;
    bool known, sent;  /* known: the conversation's id could be read */
    int64_t until;
    TcTraceDone done;
    void *ctx;
} Question;

struct Trace {
    GQueue questions; /* Question *, oldest first */
    uint32_t last_id;
};

Trace *trace_new(void)
{
    Trace *trace = g_new0(Trace, 1);
    g_queue_init(&trace->questions);
    return trace;
}

void trace_free(Trace *trace)
{
    if (trace == NULL)
        return;
    g_queue_clear_full(&trace->questions, g_free);
    g_free(trace);
}

static Question *trace_add(TcClient *client, int type)
{
    Question *question = g_new0(Question, 1);
    question->id = ++client->trace->last_id;
    question->type = type;
    question->until = client_tick() + TRACE_PATIENCE;
    g_queue_push_tail(&client->trace->questions, question);
    client_wake(client);
    return question;
}

void trace_ask(TcClient *client, int type, const char *conversation, TcTraceDone done, void *ctx)
{
    Question *question = trace_add(client, type);
    question->known = conversation != NULL && tc_uuid_parse(conversation, question->conversation.b);
    question->done = done;
    question->ctx = ctx;
}

bool trace_fetches_directory(const TcClient *client)
{
    for (GList *at = client->trace->questions.head; at != NULL; at = at->next)
        if (((const Question *)at->data)->type == TC__QUERY_TYPE__CODE__DIRECTORY)
            return true;
    return false;
}

void trace_want_directory(TcClient *client, uint64_t serial)
{
    if (serial > client->directory->serial && !trace_fetches_directory(client))
        trace_add(client, TC__QUERY_TYPE__CODE__DIRECTORY);
}

/* Takes the question out of the queue first, so that done may ask again. */
static void trace_end(TcClient *client, Question *question, json_t *rows, const TcError *error)
{
    g_queue_remove(&client->trace->questions, question);
    if (question->type == TC__QUERY_TYPE__CODE__DIRECTORY)
        client_unpark(client);
    else if (question->done != NULL)
        question->done(question->ctx, rows, error);
    else
        json_decref(rows);
    g_free(question);
}

static void trace_fail(TcClient *client, Question *question, uint32_t code)
{
    TcError error;
    bool directory = question->type == TC__QUERY_TYPE__CODE__DIRECTORY;
    error_code(&error, code, directory ? "directory" : "conversation");
    if (directory)
        client_log(client, 4, "the directory could not be fetched: %s", error.code);
    trace_end(client, question, NULL, &error);
}

static Question *trace_find(const TcClient *client, uint32_t id)
{
    for (GList *at = client->trace->questions.head; at != NULL; at = at->next)
        if (((Question *)at->data)->id == id)
            return at->data;
    return NULL;
}

static void trace_take_directory(TcClient *client, const Tc__Answer *answer)
{
    TcError error;
    if (answer->directory == NULL)
        return;
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(pack(&answer->directory->base));
    if (!snapshot_take(client, bytes, &error))
        client_log(client, 3, "the broker's directory is not good: %s", error.text);
}

static json_t *trace_rows(const Tc__Answer *answer)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < answer->n_trace; i++)
        json_array_append_new(rows, tc_json_from_message(&answer->trace[i]->base));
    for (size_t i = 0; i < answer->n_coordination; i++)
        json_array_append_new(rows, tc_json_from_message(&answer->coordination[i]->base));
    return rows;
}

void trace_answer(TcClient *client, const Tc__Answer *answer)
{
    Question *question = trace_find(client, answer->id);
    if (question == NULL)
        return;
    if (answer->has_code && answer->code != TC_CODE_OK) {
        trace_fail(client, question, answer->code);
        return;
    }
    bool directory = question->type == TC__QUERY_TYPE__CODE__DIRECTORY;
    if (directory)
        trace_take_directory(client, answer);
    trace_end(client, question, directory ? NULL : trace_rows(answer), NULL);
}

static void trace_send(TcClient *client, Question *question)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Query query = TC__QUERY__INIT;
    query.id = question->id;
    query.type = (Tc__QueryType__Code)question->type;
    query.has_conversation = question->type != TC__QUERY_TYPE__CODE__DIRECTORY;
    query.conversation = pack_bytes(question->conversation.b, 16);
    frame.query = &query;
    question->sent = connection_send(client->connection, &frame);
}

void trace_flush(TcClient *client)
{
    int64_t now = client_tick();
    for (GList *at = client->trace->questions.head, *next; at != NULL; at = next) {
        Question *question = at->data;
        next = at->next;
        if (question->type != TC__QUERY_TYPE__CODE__DIRECTORY && !question->known)
            trace_fail(client, question, TC_CODE_NOT_FOUND);
        else if (now >= question->until)
            trace_fail(client, question, TC_CODE_BUSY);
        else if (!question->sent && connection_up(client->connection))
            trace_send(client, question);
    }
}

int64_t trace_deadline(const TcClient *client)
{
    const Question *oldest = g_queue_peek_head(&client->trace->questions);
    return oldest == NULL ? 0 : oldest->until;
}

void trace_stop(TcClient *client)
{
    for (GList *at = client->trace->questions.head; at != NULL; at = at->next)
        ((Question *)at->data)->sent = false;
}
