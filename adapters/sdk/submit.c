#include "adapters/sdk/submit.h"

#include "adapters/sdk/burst.h"
#include "adapters/sdk/connection.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/events.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/receipt.h"

#define SUBMIT_AGAIN_AFTER (5 * G_TIME_SPAN_SECOND)
#define SUBMIT_KEEP (7 * G_TIME_SPAN_DAY)
#define SUBMIT_HELD_WAITS (20 * G_TIME_SPAN_MILLISECOND)
#define SUBMIT_HELD_MOST 64

struct Submit {
    GHashTable *flying; /* by digest: Flight */
    int64_t cursor;     /* newest item handed to the broker in this session */
    uint32_t credit, max_items, max_frame;
    TcId session;
    bool started, away;
    int64_t again_at;   /* nothing goes before this; 0: now */
    uint64_t held_said; /* newest delivery said or being said to be held */
    int64_t held_at;    /* when the next is to be said at the latest; 0: nothing is to be said */
    bool database_gone; /* a receipt said so; told once its transaction is over */
    char waits[64];     /* why nothing goes; "" when nothing holds it up */
};

Submit *submit_new(void)
{
    Submit *submit = g_new0(Submit, 1);
    submit->flying = g_hash_table_new_full(burst_digest_hash, burst_digest_equal, NULL, g_free);
    return submit;
}

void submit_free(Submit *submit)
{
    if (submit == NULL)
        return;
    g_hash_table_unref(submit->flying);
    g_free(submit);
}

void submit_start(TcClient *client, const Tc__Welcome *welcome)
{
    Submit *submit = client->submit;
    submit_stop(client);
    submit->started = true;
    submit->credit = welcome->credit;
    submit->max_items = MIN(welcome->max_items, BURST_ITEMS_MAX);
    submit->max_frame = MIN(welcome->max_frame, BURST_FRAME_MAX);
    memcpy(submit->session.b, welcome->session.data, sizeof submit->session);
}

void submit_stop(TcClient *client)
{
    Submit *submit = client->submit;
    g_hash_table_remove_all(submit->flying);
    submit->started = submit->away = submit->database_gone = false;
    submit->waits[0] = '\0';
    submit->cursor = submit->again_at = submit->held_at = 0;
    submit->held_said = 0;
}

void submit_database(TcClient *client, bool away)
{
    client->submit->away = away;
    client->submit->again_at = away ? client_tick() + SUBMIT_AGAIN_AFTER : 0;
    client_state(client, away ? TC_STATE_DATABASE_AWAY : TC_STATE_CONNECTED,
                 away ? "The broker's database is away: nothing is accepted for now." : "The broker takes messages.");
    client_wake(client);
}

unsigned submit_flying(const TcClient *client) { return g_hash_table_size(client->submit->flying); }
const char *submit_waits(const TcClient *client) { return client->submit->waits; }

int64_t submit_deadline(const TcClient *client)
{
    const Submit *submit = client->submit;
    if (!submit->started)
        return 0;
    return submit->again_at != 0 ? submit->again_at : submit->held_at;
}

/* ---- Out ---- */

/* Waits a while and begins again at the first item that waits. why: NULL when that has been said. */
static void submit_put_off(TcClient *client, const char *why)
{
    Submit *submit = client->submit;
    submit->cursor = 0;
    submit->again_at = client_tick() + SUBMIT_AGAIN_AFTER;
    if (why == NULL)
        return;
    if (strcmp(submit->waits, why) != 0)
        client_log(client, 4, "submissions wait: %s", why);
    g_strlcpy(submit->waits, why, sizeof submit->waits);
}

static void submit_fly(TcClient *client, const Burst *burst)
{
    for (guint i = 0; i < burst->flights->len; i++) {
        Flight *flight = g_memdup2(burst->flights->pdata[i], sizeof *flight);
        g_hash_table_replace(client->submit->flying, &flight->digest, flight);
        client->submit->cursor = MAX(client->submit->cursor, flight->seq);
    }
}

/* That deliveries are held is said for many at once, as long as nothing else goes: each burst costs both sides a signature. */
static bool submit_held_waits(TcClient *client, const Burst *burst)
{
    Submit *submit = client->submit;
    bool alone = burst->held != 0 && burst->flights->len == 1;
    if (!alone || burst->held - submit->held_said >= SUBMIT_HELD_MOST)
        submit->held_at = 0;
    else if (submit->held_at == 0)
        submit->held_at = client_tick() + SUBMIT_HELD_WAITS;
    return submit->held_at > client_tick();
}

/* One burst; false: there is nothing more to send now. */
static bool submit_burst(TcClient *client)
{
    TcError error;
    Submit *submit = client->submit;
    unsigned flying = submit_flying(client), room = submit->credit > flying ? submit->credit - flying : 0;
    g_autoptr(Burst) burst = burst_new(MIN(room, submit->max_items), submit->max_frame);
    if (room > 0 && client->held > submit->held_said)
        burst_add_held(client, burst);
    burst_read(client, burst, submit->cursor, submit->flying);
    if (!spool_ok(client->spool, &error) || (burst->flights->len > 0 && !burst_mark_sent(client, burst, &error))) {
        submit_put_off(client, error.text);
        return false;
    }
    if (submit_held_waits(client, burst) || burst->flights->len == 0)
        return false;
    submit->held_at = 0;
    if (!burst_send(client, burst, &submit->session))
        return false;
    submit->held_said = MAX(submit->held_said, burst->held);
    submit_fly(client, burst);
    return true;
}

void submit_flush(TcClient *client)
{
    Submit *submit = client->submit;
    if (!submit->started || submit->again_at > client_tick())
        return;
    submit->again_at = submit->away ? client_tick() + SUBMIT_AGAIN_AFTER : 0;
    while (submit->started && submit_burst(client) && !submit->away)
        ;
}

/* ---- Back ---- */

/* The same item may be taken later: what stands in its way is not in it. */
static bool submit_is_passing(uint32_t code)
{
    return code == TC_CODE_DATABASE_AWAY || code == TC_CODE_BUSY || code == TC_CODE_DIRECTORY_EXPIRED || code == TC_CODE_CLOCK_STOPPED
           || code == TC_CODE_BAD_SIGNATURE || code == TC_CODE_BLOCKED;
}

static void submit_refused_event(TcClient *client, const Flight *flight, const Tc__Receipt *receipt, int64_t now)
{
    TcError error;
    error_code(&error, receipt->code, receipt->field);
    json_t *row = json_pack("{s:s,s:{s:s,s:i,s:s,s:s}}", "row", "refused", "error", "code", error.code, "number", (int)receipt->code,
                            "field", error.field, "text", error.text);
    if (receipt->standing != NULL)
        json_object_set_new(json_object_get(row, "error"), "standing", json_string(receipt->standing));
    events_add(client, TC_EVENT_REFUSED, now, &flight->message, &flight->conversation, row);
}

static void submit_refused(TcClient *client, const Flight *flight, const Tc__Receipt *receipt)
{
    int64_t now = client_now(client);
    if (submit_is_passing(receipt->code)) {
        submit_put_off(client, tc_errors_name(receipt->code));
        client->submit->database_gone |= receipt->code == TC_CODE_DATABASE_AWAY;
        if (flight->seq == 0)
            client->submit->held_said = 0;
        return;
    }
    client_log(client, 4, "refused type=%d code=%u field=%s", flight->type, receipt->code, receipt->field == NULL ? "" : receipt->field);
    if (flight->type == TC__ITEM_TYPE__CODE__CONFIRMATION)
        spool_do(client->spool, SQL_ITEM_DROP, "i", flight->seq);
    else
        spool_do(client->spool, SQL_ITEM_REFUSE, "iiitt", flight->seq, now, (int64_t)receipt->code, receipt->field, receipt->standing);
    if (flight->type == TC__ITEM_TYPE__CODE__ENVELOPE && spool_changed(client->spool) > 0)
        submit_refused_event(client, flight, receipt, now);
}

static void submit_accepted(TcClient *client, const Flight *flight, const Tc__Receipts *frame, const Tc__Receipt *receipt)
{
    client->submit->waits[0] = '\0';
    if (flight->type == TC__ITEM_TYPE__CODE__CONFIRMATION) {
        spool_do(client->spool, SQL_ITEM_DROP, "i", flight->seq);
        return;
    }
    receipt_keep(client, flight, frame->head, receipt);
    spool_do(client->spool, SQL_ITEM_ACCEPT, "ii", flight->seq, client_now(client));
    if (flight->type != TC__ITEM_TYPE__CODE__ENVELOPE)
        return;
    spool_do(client->spool, SQL_MESSAGE_PLACE, "ui", &flight->message, (int64_t)receipt->sequence);
    json_t *row = json_pack("{s:s,s:I}", "row", "accepted", "sequence", (json_int_t)receipt->sequence);
    events_add(client, TC_EVENT_ACCEPTED, receipt->at, &flight->message, &flight->conversation, row);
}

/* A first wrap that was refused while its envelope still waits was refused for that: it goes again with it. */
static bool submit_waits_for_envelope(TcClient *client, const Flight *flight)
{
    enum { WAITING = 0 };
    if (flight->paired != 2 || spool_number(client->spool, WAITING + 1, SQL_ITEM_OF_MESSAGE, "u", &flight->message) != WAITING)
        return false;
    submit_put_off(client, NULL);
    return true;
}

static bool submit_take(TcClient *client, const Tc__Receipts *receipts, const Tc__Receipt *receipt, char **why)
{
    TcDigest digest;
    memcpy(digest.b, receipt->digest.data, sizeof digest);
    const Flight *flight = g_hash_table_lookup(client->submit->flying, &digest);
    if (flight == NULL)
        return true;
    if (receipt->outcome == TC__OUTCOME__CODE__REFUSED) {
        if (!submit_waits_for_envelope(client, flight))
            submit_refused(client, flight, receipt);
    }
    else if (!receipt_holds(client, flight, receipts->head, receipt, why))
        return false;
    else
        submit_accepted(client, flight, receipts, receipt);
    return true;
}

static void submit_land(TcClient *client, const Tc__Receipts *receipts)
{
    Submit *submit = client->submit;
    for (size_t i = 0; i < receipts->n_receipts; i++) {
        TcDigest digest;
        memcpy(digest.b, receipts->receipts[i]->digest.data, sizeof digest);
        g_hash_table_remove(submit->flying, &digest);
    }
    if (submit->database_gone)
        submit_database(client, true);
    submit->database_gone = false;
    client_wake(client);
}

bool submit_receipts(TcClient *client, const Tc__Receipts *receipts, char **why)
{
    TcError error;
    bool ok;
    spool_begin(client->spool);
    ok = receipts->head == NULL || receipt_head_holds(client, receipts->head, why);
    for (size_t i = 0; ok && i < receipts->n_receipts; i++)
        ok = submit_take(client, receipts, receipts->receipts[i], why);
    if (!ok) {
        spool_rollback(client->spool);
        return false;
    }
    if (!spool_commit(client->spool, &error)) {
        *why = g_strdup(error.text);
        return false;
    }
    submit_land(client, receipts);
    return true;
}

/* ---- Given up ---- */

static void submit_give_up(TcClient *client, const TcId *message)
{
    TcError error;
    int64_t now = client_now(client);
    spool_begin(client->spool);
    sqlite3_stmt *found = spool_ask(client->spool, SQL_MESSAGE_CONVERSATION_OF, "u", message);
    TcId conversation = { 0 };
    if (spool_next(client->spool, found)) {
        conversation = spool_id(found, 0);
        spool_done(found);
    }
    spool_do(client->spool, SQL_ITEM_EXPIRE, "ui", message, now);
    json_t *row = json_pack("{s:s,s:s}", "row", "expired", "text",
                            "No broker took this message for seven days, so it will not be sent. Tell the recipient by other means.");
    events_add(client, TC_EVENT_EXPIRED, now, message, &conversation, row);
    if (!spool_commit(client->spool, &error))
        client_log(client, 3, "spool %s: %s", error.code, error.text);
    client_log(client, 3, "a message expired in the spool unsent");
}

void submit_expire(TcClient *client)
{
    g_autoptr(GArray) stale = g_array_new(FALSE, FALSE, sizeof(TcId));
    sqlite3_stmt *row = spool_ask(client->spool, SQL_ITEM_STALE, "i", client_now(client) - SUBMIT_KEEP);
    while (spool_next(client->spool, row)) {
        TcId id = spool_id(row, 0);
        g_array_append_val(stale, id);
    }
    for (guint i = 0; i < stale->len; i++)
        submit_give_up(client, &g_array_index(stale, TcId, i));
}
