/* The desk: what a person at this service asks through the local socket, answered from the SDK. One JSON object in, one out.
 *
 *   {"do": "inbox", "filter": {…}} · "conversation" "id" · "show" "id" · "opened" "id" "worker" · "send" "message" ["key"] · "check" "message"
 *   "recall" "id" "worker" · "trace" "id" · "status" · "directory" · "receipts" · "dose" "id" (the printable page)
 *
 * An answer is {"ok": true, "result": …} or {"ok": false, "error": {"code", "field", "text"}}. "trace" is answered later, by the broker. */
#ifndef SERVICE_DESK_H
#define SERVICE_DESK_H

#include "throughcare/throughcare.h"

/* Takes ownership of the answer. Called once a question, perhaps after desk_ask has returned. */
typedef void (*DeskAnswer)(void *ctx, json_t *answer);

/* question: borrowed. */
void desk_ask(TcClient *client, const json_t *question, DeskAnswer answer, void *ctx);

#endif
