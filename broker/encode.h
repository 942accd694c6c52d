/* From plain structs to the frames a broker sends, and to the sub-messages kept as delivery bodies.
 *
 * Every frame function gives a new GByteArray with exactly the bytes to send, written in one pass from the memory the arguments
 * point to; the caller frees it (or hands it to zmq_msg_init_data). Arguments are borrowed for the call. Nothing here fails: what
 * is encoded comes from this program or its database. Only this file and decode.c see generated types. */
#ifndef BROKER_ENCODE_H
#define BROKER_ENCODE_H

#include "broker/store.h"
#include "proto/directory.h"

#define ENCODE_VERSION 1

typedef struct SignedHead { TcHead head; uint8_t signature[64]; } SignedHead; /* batch 0: none */

typedef struct WelcomeOut {
    TcId broker, session;
    uint32_t credit, max_frame, max_items;
    int64_t now_at;
    uint64_t directory_serial, last_delivery;
    SignedHead head;                    /* batch 0: absent */
} WelcomeOut;

typedef struct ReceiptOut {
    TcDigest digest;                    /* of the item */
    Refusal refusal;                    /* code 0: accepted */
    const TcAuditRow *row;              /* accepted envelope or wrap: its row; NULL: a receipt without proof */
    const TcMerkle *tree;               /* of the row's batch; needed with row */
    uint32_t index;                     /* the row's leaf */
} ReceiptOut;

typedef struct FaultOut { int code; const char *field; /* NULL: none */ bool session_ends; uint32_t retry_after_ms; /* 0: absent */ } FaultOut;
typedef struct AnnounceOut { uint64_t directory_serial; SignedHead head; bool database_away; int64_t directory_expires_at; /* 0: absent */ } AnnounceOut;
typedef struct QueueOut { const char *service; uint64_t waiting; int64_t oldest_at; /* 0: absent */ bool connected; } QueueOut;

GByteArray *encode_welcome(const WelcomeOut *welcome);
/* head: of the batch that the accepted receipts' rows are in; NULL or batch 0 when there are none. At most 1 024 receipts. */
GByteArray *encode_receipts(const SignedHead *head, const ReceiptOut *receipts, size_t count);
/* One Deliver frame with as many of the deliveries, in order, as fit limit bytes (but at least one); *taken says how many. */
GByteArray *encode_deliver(const StoredDelivery *deliveries, size_t count, size_t limit, size_t *taken);
GByteArray *encode_fault(const FaultOut *fault);
GByteArray *encode_announce(const AnnounceOut *announce);

/* Answers. code 0: none. Rows beyond 1 000, or beyond limit bytes, are cut. */
GByteArray *encode_answer_refused(uint32_t id, int code);
GByteArray *encode_answer_directory(uint32_t id, const TcDirectory *directory);
GByteArray *encode_answer_head(uint32_t id, const SignedHead *head);
GByteArray *encode_answer_trace(uint32_t id, const TraceRowPlain *rows, size_t count, size_t limit);
GByteArray *encode_answer_care(uint32_t id, const CarePlain *rows, size_t count, size_t limit);
GByteArray *encode_answer_queues(uint32_t id, const QueueOut *queues, size_t count, size_t limit);

/* Bodies of deliveries, kept as they are sent. The bytes are owned by chunk. */
typedef struct EvidenceOut {
    int step;
    const TcId *messages; size_t message_count;      /* at most 256 */
    const char *by, *station, *worker;               /* station, worker: NULL: absent */
    int64_t at;
    int policy, role, why;                           /* 0: absent; why: CandidateReason.Code */
    const ConsentScope *consent;                     /* NULL: absent */
} EvidenceOut;
typedef struct WrapRequestOut { TcId message; const char *service; TcDigest key_id; const int *parts; size_t part_count; } WrapRequestOut;
typedef struct NoticeOut {
    TcId clock, conversation, message;
    int policy, kind, role;
    const char *waiting_for;
    int64_t since_at, due_at;
    uint32_t rung;
} NoticeOut;
Span encode_evidence(GStringChunk *chunk, const EvidenceOut *evidence);
Span encode_wrap_request(GStringChunk *chunk, const WrapRequestOut *request);
Span encode_notice(GStringChunk *chunk, const NoticeOut *notice);

#endif
