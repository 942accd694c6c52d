/* From bytes that a client sent to plain structs, with every rule of shape checked. Pure; the only reader of generated types
 * (with encode.c).
 *
 * A frame that cannot be read is refused as a whole; one bad item in a good submission carries its own refusal and spoils none of
 * its neighbours. Texts and bytes of a FrameIn lie in its own arena, not in the bytes given, and live until the last frame_unref;
 * an Event keeps a reference. Linkage tokens come out under the broker's own HMAC; the ones received are wiped.
 * Sealed content is read as far as the list of its parts and never opened. Memory is bounded by the frame's length. */
#ifndef BROKER_DECODE_H
#define BROKER_DECODE_H

#include "broker/item.h"
#include "proto/check.h"
#include "proto/directory.h"

#define DECODE_MAX_FRAME (1024 * 1024)
#define DECODE_MAX_ITEMS 256
#define DECODE_TOKEN_KEY_LEN 32

typedef enum FrameKind { FRAME_HELLO = 1, FRAME_SUBMIT, FRAME_QUERY } FrameKind;

typedef struct HelloIn {
    uint32_t version_min, version_max, credit;
    const char *service, *station, *software; /* software: "" when absent */
    uint64_t held, directory_serial;
} HelloIn;

typedef struct QueryIn {
    uint32_t id;
    int type;            /* QUERY_* of codes.h */
    TcId conversation;   /* TRACE; none: absent */
    uint64_t batch;      /* HEAD; 0: the newest */
} QueryIn;

typedef struct ItemIn {
    Item item;           /* kind and digest are always set; the rest only without refusal */
    Refusal refusal;     /* of shape; code 0: none */
} ItemIn;

typedef struct SubmitIn {
    ItemIn *items; size_t count;
    TcDigest root;       /* of the tree over the item digests */
    uint8_t signature[64];
} SubmitIn;

typedef struct FrameIn {
    FrameKind kind;
    union { HelloIn hello; SubmitIn submit; QueryIn query; };
    /*< private >*/
    void *arena; gatomicrefcount references;
} FrameIn;

/* token_key: the broker's own, DECODE_TOKEN_KEY_LEN bytes. NULL with problem set (code, field; free of personal data) when the frame
 * cannot be read: the session ends with a Fault. A frame that only a broker may send is malformed. */
FrameIn *decode_frame(GBytes *bytes, const uint8_t *token_key, TcProblem *problem) G_GNUC_WARN_UNUSED_RESULT;
FrameIn *frame_ref(FrameIn *frame);
void frame_unref(FrameIn *frame); /* takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrameIn, frame_unref)

/* Checks a submission's one signature with the keys that the directory has in force for the service, and gives every item its
 * provenance. A refusal (bad_signature) stands for all items. frame: of kind FRAME_SUBMIT. */
Refusal decode_verify(FrameIn *frame, const TcDirectory *directory, const TcService *service, const TcId *session, int64_t now);

#endif
