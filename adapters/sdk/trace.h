/* Questions to the broker and their answers: the trace of a conversation, or who is answerable for its client, for whoever asked, and the directory for ourselves. */
#ifndef SDK_TRACE_H
#define SDK_TRACE_H

#include "adapters/sdk/client.h"

Trace *trace_new(void);
void trace_free(Trace *trace); /* takes NULL */

/* type: TRACE or COORDINATION of a conversation. */
void trace_ask(TcClient *client, int type, const char *conversation, TcTraceDone done, void *ctx);
/* Fetches the directory when the broker's is newer and it is not being fetched already. */
void trace_want_directory(TcClient *client, uint64_t serial);
/* While this is so, deliveries wait. */
bool trace_fetches_directory(const TcClient *client);
void trace_answer(TcClient *client, const Tc__Answer *answer);
/* The session is gone: questions are put again to the next, until they are too old. */
void trace_stop(TcClient *client);
/* Sends what has not been sent, and ends what has waited too long. */
void trace_flush(TcClient *client);
int64_t trace_deadline(const TcClient *client);

#endif
