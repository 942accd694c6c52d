/* Questions of a station: the directory, a conversation it is a party to, a signed head, its own queue. */
#include "broker/authorise.h"
#include "broker/broker.h"
#include "broker/codes.h"
#include "broker/wallclock.h"
#include "proto/errors.h"

#include <string.h>

#define ANSWER_LIMIT (900 * 1024)

typedef struct Asked { Broker *broker; uint64_t session; uint32_t id; } Asked;

static Asked *asked_new(Session *session, const QueryIn *query)
{
    Asked *asked = g_new(Asked, 1);
    *asked = (Asked){ session->door->broker, session->id, query->id };
    return asked;
}

static void give(Asked *asked, GByteArray *frame)
{
    Session *session = session_find(asked->broker, asked->session);
    if (session)
        session_send(session, frame);
    else
        g_byte_array_unref(frame);
    g_free(asked);
}

/* Only a party may see what is on record of a conversation; to anybody else it does not matter whether there is anything. 0: it may. */
static int refusal_for(const Asked *asked, bool failed, const Head *head)
{
    const Session *session = session_find(asked->broker, asked->session);
    if (failed)
        return TC_CODE_DATABASE_AWAY;
    if (!head->version)
        return TC_CODE_NOT_FOUND;
    return !session || authorise_relation(head, session->service) == RELATION_NONE ? TC_CODE_NOT_A_PARTY : 0;
}

static void on_trace(void *ctx, const TraceAnswer *answer)
{
    Asked *asked = ctx;
    int code = refusal_for(asked, answer->failed, &answer->head);
    const TraceRowPlain *rows = (const TraceRowPlain *)(const void *)answer->rows->data;
    give(asked, code ? encode_answer_refused(asked->id, code) : encode_answer_trace(asked->id, rows, answer->rows->len, ANSWER_LIMIT));
}

static void on_care(void *ctx, const CareAnswer *answer)
{
    Asked *asked = ctx;
    int code = refusal_for(asked, answer->failed, &answer->head);
    const CarePlain *rows = (const CarePlain *)(const void *)answer->rows->data;
    give(asked, code ? encode_answer_refused(asked->id, code) : encode_answer_care(asked->id, rows, answer->rows->len, ANSWER_LIMIT));
}

static void on_head(void *ctx, const HeadAnswer *answer)
{
    Asked *asked = ctx;
    SignedHead head = { .head = answer->head };
    memcpy(head.signature, answer->signature, sizeof head.signature);
    give(asked, answer->found && !answer->failed ? encode_answer_head(asked->id, &head) : encode_answer_refused(asked->id, TC_CODE_NOT_FOUND));
}

static void on_queues(void *ctx, const QueuesAnswer *answer)
{
    Asked *asked = ctx;
    QueueOut out = { .service = "", .connected = true };
    Session *session = session_find(asked->broker, asked->session);
    if (session)
        out.service = session->service;
    if (answer->queues->len) {
        const QueuePlain *queue = &g_array_index(answer->queues, QueuePlain, 0);
        out.waiting = queue->waiting;
        out.oldest_at = queue->waiting ? queue->oldest_at : 0;
    }
    give(asked, answer->failed ? encode_answer_refused(asked->id, TC_CODE_DATABASE_AWAY) : encode_answer_queues(asked->id, &out, 1, ANSWER_LIMIT));
}

void query_answer(Session *session, const QueryIn *query)
{
    Broker *broker = session->door->broker;
    bool away = store_state(broker->store) != STORE_ACTIVE || !broker->proved;
    if (query->type == QUERY_DIRECTORY)
        session_send(session, encode_answer_directory(query->id, broker->directory));
    else if (away)
        session_send(session, encode_answer_refused(query->id, TC_CODE_DATABASE_AWAY));
    else if (query->type == QUERY_TRACE)
        store_trace(broker->store, &query->conversation, on_trace, asked_new(session, query));
    else if (query->type == QUERY_COORDINATION)
        store_care(broker->store, &query->conversation, on_care, asked_new(session, query));
    else if (query->type == QUERY_HEAD)
        store_head(broker->store, query->batch, on_head, asked_new(session, query));
    else
        store_queues(broker->store, session->service, wallclock_now(), on_queues, asked_new(session, query));
}
