/* The Throughcare SDK: what an adapter needs to take part, in one header.
 *
 * A TcClient is one station of one service. It connects with a passport file, keeps everything in and out in a durable spool (SQLite),
 * seals and opens content, follows the directory, grants wrap requests, keeps receipts and the newest signed head, and comes back by
 * itself after any loss of broker, network or process.
 *
 * Messages are JSON objects (jansson) with the names of proto/throughcare.proto, header fields at the top, sealed parts by name:
 *   { "kind": "dose_request", "recipient": "hmp-oakdale-health", "due_at": "2026-11-24T16:00:00Z",
 *     "dose_request": { "asked_of": "prison" }, "parts": { "minimum": { "person": { "surname": "…" } } } }
 * The SDK adds id, sender, conversation (its own id when none is given), created_at, digests, tokens, seals and wraps. With in_reply_to
 * or supersedes it takes conversation and recipient from that message, where this station has it and they are not given.
 *
 * What comes back are rows, told apart by "row"; each has "at" and, where it speaks of one, "message" and "conversation":
 *   "message"   header fields; "direction" (in, out), "at", "sequence" (place in the log), "sealed" (names of its parts);
 *               "signature": "bad_signature" when it is damaged or forged: then it counts for nothing;
 *               in: "opened", "opened_at", "opened_by"; out: "delivery_state" (waiting, accepted, refused, expired, taken_back), "error"
 *               in the inbox and in conversations also "state" (of its conversation: open, named, cannot, met, not_met, held_again,
 *               declined, withdrawn, recalled; requested, confirmed, answered, need_identity, recalled), "waiting", "versions",
 *               "due_at", of a request "answer_by" (whoever must answer it, by the usual clocks), and "changes": [ { "field", "from",
 *               "to" } ] against the version it supersedes; "related": true for rows
 *               of the conversation that a dose request arose from
 *   "evidence"  "step" (held, opened, not_held, not_answered, escalated, told, not_told, nobody_told, recall_stopped, recall_told …),
 *               "by", "station", "worker", "policy", "role"
 *   "notice"    "policy", "kind", "role", "waiting_for", "since_at", "due_at", "rung"; "told" and "told_at" once answered
 *   "accepted" ("sequence"), "refused" ("error": { "code", "number", "field", "text", "standing" }), "expired" ("text"), "recalled"
 *
 * Thread: a client belongs to the thread that opened it; callbacks run inside tc_client_dispatch on that thread. No global state:
 * several clients may live in one process. Strings in are UTF-8 and borrowed; what is given back says who frees it.
 * Errors never hold personal data or secrets. */
#ifndef THROUGHCARE_H
#define THROUGHCARE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct TcClient TcClient;

/* What went wrong: a code of the table in PROTOCOL.md section 10 (name and number) or one of the SDK's own
 * ("passport", "keys", "spool", "spool_full", "no_key", "not_found", "unsafe_dose", "exclusion_zone"), the field, and what to do. */
typedef struct TcError {
    char code[32];
    char field[96];    /* "parts.clinical.doses[0].mg"; empty when none */
    char text[256];    /* one sentence for a person, then what to do */
} TcError;

typedef enum TcState {
    TC_STATE_CONNECTING,    /* no broker yet; work is taken into the spool */
    TC_STATE_CONNECTED,     /* an active broker answered */
    TC_STATE_DATABASE_AWAY, /* connected, but nothing is accepted for now */
    TC_STATE_REFUSED,       /* the broker will not have this station (blocked, wrong station, version): tell the operator */
} TcState;

typedef enum TcEventType {
    TC_EVENT_MESSAGE,   /* a message for this service; open it with tc_client_message */
    TC_EVENT_EVIDENCE,  /* what became of a message this service sent */
    TC_EVENT_NOTICE,    /* a clock ran out: a person here must be told; answer with tc_client_told */
    TC_EVENT_RECALLED,  /* a message was taken back before it came */
    TC_EVENT_REFUSED,   /* a message this service sent was refused; "error" says why */
    TC_EVENT_ACCEPTED,  /* a message this station sent is safe: its receipt was checked */
    TC_EVENT_EXPIRED,   /* a message waited in the spool for too long to be sent: nothing was sent, a person must know */
    TC_EVENT_KEYS,      /* keys came: more of a message may be opened now */
    TC_EVENT_SENT,      /* another station of this service sent a message: it is known here now, and nothing need be done */
} TcEventType;

typedef struct TcEvent {
    TcEventType type;
    uint64_t number;    /* place in this station's spool; ever growing */
    const char *message;/* message id as text, or NULL; borrowed for the callback */
    const json_t *json; /* the event as shown by tc_client_conversation, without sealed parts; borrowed */
} TcEvent;

typedef struct TcCallbacks {
    /* The connection changed. why: one sentence. May be NULL. */
    void (*state)(void *ctx, TcState state, const char *why);
    /* Something came, and is durable in the spool. Return true when it is dealt with: it never comes again. Return false, or lose
     * the process: it comes again (after a second, or at the next start), before anything newer. May be NULL: nothing is kept back. */
    bool (*event)(void *ctx, const TcEvent *event);
    /* One line for the log, free of personal data: level 3 error, 4 warning, 6 information. May be NULL. */
    void (*log)(void *ctx, int level, const char *line);
} TcCallbacks;

/* What a passport and a key file hold: adapters/README.md and throughcare/keys.h.
 * Opens passport, keys and spool, and verifies the directory kept there (or beside the passport). Does not wait for a broker.
 * NULL and *error on failure. Close with tc_client_close. */
TcClient *tc_client_open(const char *passport, const char *software, const TcCallbacks *callbacks, void *ctx, TcError *error);
void tc_client_close(TcClient *client);

/* For one's own loop: poll fd for reading, wait at most timeout (ms, -1: no limit), call dispatch. Dispatch never blocks. */
int  tc_client_fd(const TcClient *client);
int  tc_client_timeout(const TcClient *client);
void tc_client_dispatch(TcClient *client);
/* Or let the SDK loop until tc_client_stop (which a callback or a signal handler may call). */
void tc_client_run(TcClient *client);
void tc_client_stop(TcClient *client);

/* Checks, seals, signs and spools a message; it is durable here when this returns true, and goes out when a broker takes it.
 * key: the adapter's own name for this act (or NULL): a second send with the same key changes nothing and gives the first id.
 * id: 37 bytes for the message id as text, or NULL. */
bool tc_client_send(TcClient *client, const json_t *message, const char *key, char id[37], TcError *error);
/* Was something sent under this key? id: as tc_client_send gave it. */
bool tc_client_sent(TcClient *client, const char *key, char id[37]);
/* Checks as tc_client_send does, and sends nothing. */
bool tc_client_check(TcClient *client, const json_t *message, TcError *error);
/* Takes a message back: unsent here, it is never sent; else a recall goes out. */
bool tc_client_recall(TcClient *client, const char *message, const char *worker, TcError *error);

/* A message with its sealed parts opened in memory: its row, with "signature" (good, bad_signature, wrong_digest), "parts" by name,
 * "closed" (parts that could not be opened: { "clinical": { "code": "no_key" | "damaged" | …, "text" } }), "changes" with those in opened
 * parts; "alerts": what a reader must not miss, [ { "code", "about", "text", "facts" } ], for messages that came from
 * others (about: "client", or "message" of what holds of what it says alone); and for a dose answer
 * "differs": facts of identity (date_of_birth, nhs_number) in which it and its request contradict.
 * Keys that are missing and due here are asked for; the same call opens them once they came.
 * New reference; NULL and *error. Opening alone tells nobody: see tc_client_opened. */
json_t *tc_client_message(TcClient *client, const char *message, TcError *error);
/* A worker opened it: evidence goes to the sender, once. worker: a reference such as "w-017". */
bool tc_client_opened(TcClient *client, const char *message, const char *worker, TcError *error);
/* A notice did (or did not) reach a person's means of contact. event: TcEvent.number of the notice. */
bool tc_client_told(TcClient *client, uint64_t event, const char *worker, bool told, TcError *error);

/* What the spool knows; no broker needed. New references.
 * inbox: messages for this service, newest version first, each with header fields, "waiting" (true while an answer is due from here),
 *        "due_at", "opened", "state"; filter (or NULL): { "kind", "waiting": true, "release_date": "2026-11-23", "sent": true
 *        (what this service sent instead), "limit" }. What another of its stations sent has "another_station": true.
 * conversation: every message, piece of evidence and notice of one conversation in order.
 * status: "service", "station", "state" (connecting, connected, database_away, refused), "why", "broker", "held", "events_open",
 *        "spool_bytes"; "waiting": { "messages", "wraps", "confirmations", "in_flight", "oldest_at", "why" }; "messages": { "received",
 *        "received_opened", "sent", "sent_elsewhere" (by this service's other stations), "waiting", "accepted", "refused", "expired", "taken_back" }; "directory": { "name", "serial",
 *        "expires_at", "expired", "made_up" }; "keys": { "sealing", "newest_made_at", "rotation_due" }; "head". */
json_t *tc_client_inbox(TcClient *client, const json_t *filter, TcError *error);
json_t *tc_client_conversation(TcClient *client, const char *conversation, TcError *error);
/* Who was told what about the client of a message, over all conversations that this station knows: messages in order, each with "readers"
 * ([ { "service", "worker", "step" (opened, asked), "at" } ], of what was sent from here) and "review" (why a person must look before it is shown). */
json_t *tc_client_disclosures(TcClient *client, const char *message, TcError *error);
/* Other conversations here whose client may be the one of a message: each with "person" and "reasons" (plain words), for a worker to judge.
 * It opens all that this station holds: seconds where there are thousands. */
json_t *tc_client_matches(TcClient *client, const char *message, TcError *error);
/* May these two, each as the Person of a message, be one? By numbers, names and birthdays as they are written in real life; for a worker to judge, and never a link. Pure; any thread. */
bool tc_people_alike(const json_t *one, const json_t *other);
/* What came here in messages of kind figures in [from, until), added up: [ { "what", "answer", "people" } ], the first of "everybody". The numbers are
 * exact: small ones must be hidden before they are shown (throughcare figures does). It opens all of them. */
json_t *tc_client_figures(TcClient *client, int64_t from, int64_t until, TcError *error);
json_t *tc_client_status(TcClient *client);
/* The verified directory as JSON: name, serial, issued_at, expires_at, expired, made_up, "areas": [ { code, name, spoc } ], "services":
 * [ { id, name, kind, organisation, area, prison } ]; no keys. New reference. */
json_t *tc_client_directory(TcClient *client);
/* Receipts of messages this station sent, and the signed heads it has seen, as JSON for `throughcare audit prove|verify`: "authority",
 * "broker", "service", "station"; "receipts": [ { "type" (envelope, wrap), "event" (accepted, wrapped), "service", "message",
 * "conversation", "digest", "sequence", "at", "previous", "index", "count", "path", "batch" } ], which is all an audit row's hash needs;
 * "heads": [ { "batch", "last_sequence", "at", "root", "previous", "last_hash", "signature" } ]. New reference. */
json_t *tc_client_receipts(TcClient *client);

/* Asks the broker for its own record of a conversation; done runs in a later dispatch with a new reference, or NULL and *error. */
typedef void (*TcTraceDone)(void *ctx, json_t *rows, const TcError *error);
void tc_client_trace(TcClient *client, const char *conversation, TcTraceDone done, void *ctx);
/* The same for who was answerable for the client of a conversation, oldest first: [ { "version", "at", "step" (taken_up, passed,
 * transferred, resumed, handed_back, noted), "coordinator", "worker", "residual", "prescriber", "from", "in_custody", "on_order", "died", "message" } ]. */
void tc_client_answerable(TcClient *client, const char *conversation, TcTraceDone done, void *ctx);

/* Microseconds since 1970 UTC, as this client has it: the host's clock, but in a made-up area shifted by the file that the environment's
 * THROUGHCARE_TIME_SHIFT names. What an adapter works out of "now" and "today" comes from here. */
int64_t tc_client_now(TcClient *client);

/* Small durable notes of the adapter's own, in the same spool ("row:A1234BC" -> conversation). value NULL removes.
 * get: new string, free with free(); NULL when there is none. */
bool  tc_client_note_set(TcClient *client, const char *name, const char *value, TcError *error);
char *tc_client_note_get(TcClient *client, const char *name);

/* What is done between these two is durable only when tc_client_keep returns true: many small acts then cost the disk one write. Tell nobody of them before.
 * False and *error: none of them has happened, whatever they said, and what was worked out from them must be worked out anew. Nothing is sent or
 * received meanwhile; not within a callback, and not twice. */
void  tc_client_gather(TcClient *client);
bool  tc_client_keep(TcClient *client, TcError *error);

/* The same for what nobody may read who finds the spool: sealed under the station's storage key and bound to its name (the name is not sealed).
 * get: NULL also when it was sealed under another key, or is not what was set. */
bool  tc_client_secret_set(TcClient *client, const char *name, const char *value, TcError *error);
char *tc_client_secret_get(TcClient *client, const char *name);

/* How a confirmed dose answer stands at a time: NULL while it may be relied on, else why not, in plain words ("reassess, do not
 * continue: …"). message: as given by tc_client_message; conversation: the rows of every
 * conversation known to be about the client, a doubt before what decides it. Rules: DOMAIN "Dose request and answer". Caller frees with free(). */
char *tc_dose_standing(const json_t *message, const json_t *conversation, int64_t now_us);
/* The one-page dose answer as text of at most 60 lines of 78 columns; caller frees with free(). NULL and *error. */
char *tc_dose_page(const json_t *message, const json_t *conversation, int64_t now_us, TcError *error);

#ifdef __cplusplus
}
#endif
#endif
