/* What people did, said to the broker: a worker opened a message, a notice reached somebody or did not. Each is said once. */
#include "adapters/sdk/client.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/letter.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/seal.h"
#include "proto/limits.h"

#include <stdlib.h>

static bool confirm_worker_good(const char *worker, TcError *error)
{
    size_t len = worker == NULL ? 0 : strlen(worker);
    return (len > 0 && len <= 64 && tc_limits_form_holds(TC_FORM_NAME, worker, len))
           || error_set(error, "bad_text", "worker", "Give the worker's reference, such as w-017: 1 to 64 of A-Z a-z 0-9 . _ -, never a name.");
}

static void confirm_item(TcClient *client, Tc__Confirmation *confirmation, const TcId *message)
{
    confirmation->service = client->passport->service;
    confirmation->station = client->passport->station;
    confirmation->at = client_now(client);
    g_autoptr(GByteArray) body = pack(&confirmation->base);
    seal_item(client, TC__ITEM_TYPE__CODE__CONFIRMATION, message, 0, body, NULL);
}

bool tc_client_opened(TcClient *client, const char *message, const char *worker, TcError *error)
{
    Tc__Confirmation confirmation = TC__CONFIRMATION__INIT;
    g_autoptr(Letter) letter = letter_load_text(client, message, error);
    if (letter == NULL || !confirm_worker_good(worker, error))
        return false;
    if (letter->ours)
        return error_set(error, "not_yours", "message", "This service sent the message; only its recipient opens it.");
    confirmation.step = TC__STEP__CODE__OPENED;
    confirmation.has_message = true;
    confirmation.message = pack_bytes(letter->id.b, sizeof letter->id);
    confirmation.worker = (char *)worker;
    spool_begin(client->spool);
    spool_do(client->spool, SQL_MESSAGE_OPEN, "uit", &letter->id, client_now(client), worker);
    if (spool_changed(client->spool) > 0)
        confirm_item(client, &confirmation, &letter->id);
    client_wake(client);
    return spool_commit(client->spool, error);
}

/* The notice's row, or NULL and *error. New reference. */
static json_t *confirm_notice(TcClient *client, uint64_t event, TcError *error)
{
    json_t *json = NULL;
    sqlite3_stmt *row = spool_ask(client->spool, SQL_EVENT_GET, "i", (int64_t)event);
    if (spool_next(client->spool, row)) {
        if (sqlite3_column_int(row, 0) == TC_EVENT_NOTICE)
            json = json_loads((const char *)sqlite3_column_text(row, 1), 0, NULL);
        spool_done(row);
    }
    if (json == NULL && spool_ok(client->spool, error))
        error_set(error, "not_found", "event", "There is no such notice.");
    return json;
}

static bool confirm_told(TcClient *client, uint64_t event, json_t *notice, const char *worker, bool told, TcError *error)
{
    Tc__Confirmation confirmation = TC__CONFIRMATION__INIT;
    confirmation.step = told ? TC__STEP__CODE__TOLD : TC__STEP__CODE__NOT_TOLD;
    confirmation.has_delivery = true;
    confirmation.delivery = (uint64_t)json_integer_value(json_object_get(notice, "delivery"));
    confirmation.worker = told ? (char *)worker : NULL;
    json_object_set_new(notice, "told", json_boolean(told));
    json_object_set_new(notice, "told_at", look_of_time(client_now(client)));
    char *text = json_dumps(notice, JSON_COMPACT);
    spool_begin(client->spool);
    spool_do(client->spool, SQL_EVENT_JSON, "it", (int64_t)event, text);
    confirm_item(client, &confirmation, NULL);
    free(text);
    client_wake(client);
    return spool_commit(client->spool, error);
}

bool tc_client_told(TcClient *client, uint64_t event, const char *worker, bool told, TcError *error)
{
    json_t *notice = worker != NULL && !confirm_worker_good(worker, error) ? NULL : confirm_notice(client, event, error);
    if (notice == NULL)
        return false;
    const json_t *before = json_object_get(notice, "told");
    bool said = before != NULL && json_is_true(before) == told;
    bool ok = said || confirm_told(client, event, notice, worker, told, error);
    json_decref(notice);
    return ok;
}
