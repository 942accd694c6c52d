/* Sending and taking back: the acts of throughcare.h that begin a message. What they store is committed before they return true. */
#include "adapters/sdk/client.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/letter.h"
#include "adapters/sdk/seal.h"

static void send_give_id(const TcId *id, char text[37])
{
    if (text != NULL)
        tc_uuid_format(id->b, text);
}

/* True: this act was done before, as *id. */
static bool send_done_before(TcClient *client, const char *key, TcId *id)
{
    sqlite3_stmt *row = key == NULL ? NULL : spool_ask(client->spool, SQL_ACT_GET, "t", key);
    if (!spool_next(client->spool, row))
        return false;
    *id = spool_id(row, 0);
    spool_done(row);
    return true;
}

static bool send_store(TcClient *client, const Sealed *sealed, const char *key, TcError *error)
{
    spool_begin(client->spool);
    seal_store(client, sealed);
    if (key != NULL)
        spool_do(client->spool, SQL_ACT_SET, "tu", key, &sealed->id);
    return spool_commit(client->spool, error);
}

bool tc_client_send(TcClient *client, const json_t *message, const char *key, char id[37], TcError *error)
{
    Sealed sealed = { 0 };
    TcId before;
    if (send_done_before(client, key, &before)) {
        send_give_id(&before, id);
        return true;
    }
    bool ok = spool_ok(client->spool, error) && seal_message(client, message, &sealed, error);
    if (ok)
        ok = send_store(client, &sealed, key, error);
    if (ok)
        send_give_id(&sealed.id, id);
    seal_clear(&sealed);
    return ok;
}

bool tc_client_sent(TcClient *client, const char *key, char id[37])
{
    TcId before;
    bool sent = send_done_before(client, key, &before);
    if (sent)
        send_give_id(&before, id);
    return sent;
}

bool tc_client_check(TcClient *client, const json_t *message, TcError *error)
{
    Sealed sealed;
    bool ok = seal_message(client, message, &sealed, error);
    seal_clear(&sealed);
    return ok;
}

/* True: it was never sent, and now never will be. */
static bool send_take_back(TcClient *client, const Letter *letter, TcError *error)
{
    spool_do(client->spool, SQL_ITEM_TAKE_BACK, "ui", &letter->id, client_now(client));
    bool taken = spool_changed(client->spool) > 0;
    return spool_ok(client->spool, error) && taken;
}

static bool send_recall(TcClient *client, const Letter *letter, const char *worker, TcError *error)
{
    char id[TC_UUID_TEXT_LEN + 1], conversation[TC_UUID_TEXT_LEN + 1];
    tc_uuid_format(letter->id.b, id);
    tc_uuid_format(letter->conversation.b, conversation);
    g_autofree char *key = g_strconcat("throughcare recall ", id, NULL);
    json_t *recall = json_pack("{s:s,s:s,s:s,s:s*}", "kind", "recall", "in_reply_to", id, "conversation", conversation, "recipient",
                               letter->header->recipient); /* by request: it follows its message */
    if (worker != NULL)
        json_object_set_new(recall, "worker", json_string(worker));
    bool ok = tc_client_send(client, recall, key, NULL, error);
    json_decref(recall);
    return ok;
}

bool tc_client_recall(TcClient *client, const char *message, const char *worker, TcError *error)
{
    TcError failed = { 0 };
    g_autoptr(Letter) letter = letter_load_text(client, message, error);
    if (letter == NULL)
        return false;
    if (!letter->ours)
        return error_set(error, "not_yours", "message", "Only a message that this service sent can be taken back.");
    if (letter->outbox == OUTBOX_TAKEN_BACK)
        return true;
    if (!letter_counts(letter))
        return error_set(error, "wrong_state", "message", "The message was never taken by the broker, so there is nothing to take back.");
    if (letter->outbox == OUTBOX_WAITING && !letter->sent && send_take_back(client, letter, &failed))
        return true;
    if (failed.code[0] != '\0') {
        if (error != NULL)
            *error = failed;
        return false;
    }
    return send_recall(client, letter, worker, error);
}
