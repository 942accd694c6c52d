/* How a station stands, as JSON: its connection, what waits and why, the directory, the keys' age, the newest head. No personal data. */
#include "adapters/sdk/client.h"
#include "adapters/sdk/connection.h"
#include "adapters/sdk/letter.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/submit.h"
#include "proto/json.h"

#define STATUS_KEY_LIFE (90 * G_TIME_SPAN_DAY)

static const char *const status_states[] = {
    [TC_STATE_CONNECTING] = "connecting", [TC_STATE_CONNECTED] = "connected", [TC_STATE_DATABASE_AWAY] = "database_away",
    [TC_STATE_REFUSED] = "refused",
};

static const char *status_why(const TcClient *client)
{
    if (client->state != TC_STATE_CONNECTED)
        return client->why;
    if (submit_waits(client)[0] != '\0')
        return submit_waits(client);
    return tc_directory_expired(client->directory, client_now(client)) ? "directory_expired" : "on their way";
}

static json_t *status_waiting(TcClient *client)
{
    static const char *const names[] = { "", "messages", "wraps", "confirmations" };
    json_t *waiting = json_pack("{s:i,s:i,s:i}", names[1], 0, names[2], 0, names[3], 0);
    int64_t oldest = 0, count = 0;
    sqlite3_stmt *row = spool_ask(client->spool, SQL_ITEM_COUNTS, "");
    while (spool_next(client->spool, row)) {
        int type = sqlite3_column_int(row, 0);
        int64_t made_at = sqlite3_column_int64(row, 2);
        json_object_set_new(waiting, names[type], json_integer(sqlite3_column_int64(row, 1)));
        oldest = oldest == 0 || made_at < oldest ? made_at : oldest;
        count += sqlite3_column_int64(row, 1);
    }
    json_object_set_new(waiting, "in_flight", json_integer(submit_flying(client)));
    if (oldest != 0)
        json_object_set_new(waiting, "oldest_at", look_of_time(oldest));
    if (count != 0)
        json_object_set_new(waiting, "why", json_string(status_why(client)));
    return waiting;
}

static json_t *status_messages(TcClient *client)
{
    static const char *const names[] = { "waiting", "accepted", "refused", "expired", "taken_back" };
    static const char *const directions[] = { [DIRECTION_IN] = "received", [DIRECTION_OUT] = "sent", [DIRECTION_OUT_ELSEWHERE] = "sent_elsewhere" };
    json_t *messages = json_pack("{s:i,s:i,s:i,s:i}", directions[DIRECTION_IN], 0, "received_opened", 0, directions[DIRECTION_OUT], 0,
                                 directions[DIRECTION_OUT_ELSEWHERE], 0);
    sqlite3_stmt *row = spool_ask(client->spool, SQL_MESSAGE_COUNTS, "");
    while (spool_next(client->spool, row)) {
        int direction = sqlite3_column_int(row, 0);
        json_object_set_new(messages, directions[direction], json_integer(sqlite3_column_int64(row, 1)));
        if (direction == DIRECTION_IN)
            json_object_set_new(messages, "received_opened", json_integer(sqlite3_column_int64(row, 2)));
    }
    row = spool_ask(client->spool, SQL_ITEM_STATES, "");
    while (spool_next(client->spool, row))
        json_object_set_new(messages, names[sqlite3_column_int(row, 0)], json_integer(sqlite3_column_int64(row, 1)));
    return messages;
}

static json_t *status_directory(const TcClient *client)
{
    const TcDirectory *directory = client->directory;
    json_t *json = json_pack("{s:s,s:I,s:b,s:b}", "name", directory->name, "serial", (json_int_t)directory->serial, "made_up",
                             directory->made_up, "expired", tc_directory_expired(directory, client_now(client)));
    json_object_set_new(json, "expires_at", look_of_time(directory->expires_at));
    return json;
}

/* Keys by age: the newest sealing key should be younger than ninety days. */
static json_t *status_keys(const TcClient *client)
{
    size_t count = tc_keys_sealing_count(client->keys);
    int64_t made_at = tc_keys_sealing_made_at(client->keys, count - 1);
    json_t *json = json_pack("{s:i,s:b}", "sealing", (int)count, "rotation_due", client_now(client) - made_at > STATUS_KEY_LIFE);
    json_object_set_new(json, "newest_made_at", look_of_time(CLAMP(made_at, 0, client_now(client))));
    return json;
}

static json_t *status_head(const TcClient *client)
{
    json_t *json = json_pack("{s:I,s:I}", "batch", (json_int_t)client->head.batch, "last_sequence", (json_int_t)client->head.last_sequence);
    json_object_set_new(json, "at", look_of_time(client->head.at));
    json_object_set_new(json, "last_hash", look_of_hex(client->head.last_hash.b, 32));
    return json;
}

json_t *tc_client_status(TcClient *client)
{
    TcError error = { 0 };
    json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:I}", "service", client->passport->service, "station", client->passport->station,
                             "state", status_states[client->state], "why", client->why, "broker", connection_broker(client->connection),
                             "held", (json_int_t)client->held, "events_open",
                             (json_int_t)spool_number(client->spool, 0, SQL_EVENT_OPEN_COUNT, ""), "spool_bytes",
                             (json_int_t)spool_size(client->spool));
    json_object_set_new(json, "waiting", status_waiting(client));
    json_object_set_new(json, "messages", status_messages(client));
    json_object_set_new(json, "directory", status_directory(client));
    json_object_set_new(json, "keys", status_keys(client));
    if (client->has_head)
        json_object_set_new(json, "head", status_head(client));
    if (!spool_ok(client->spool, &error))
        json_object_set_new(json, "error", json_pack("{s:s,s:s}", "code", error.code, "text", error.text));
    return json;
}

static json_t *status_service(const TcService *service)
{
    g_autofree char *kind = tc_json_code_name(&tc__service_kind__code__descriptor, service->kind);
    json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", service->id, "name", service->name, "kind", kind, "organisation",
                             service->organisation->code, "area", service->area);
    if (service->prison != NULL)
        json_object_set_new(json, "prison", json_string(service->prison));
    return json;
}

json_t *tc_client_directory(TcClient *client)
{
    const TcDirectory *directory = client->directory;
    json_t *json = status_directory(client), *areas = json_array(), *services = json_array();
    json_object_set_new(json, "issued_at", look_of_time(directory->issued_at));
    for (size_t i = 0; i < directory->area_count; i++)
        json_array_append_new(areas, json_pack("{s:s,s:s,s:s}", "code", directory->areas[i].code, "name", directory->areas[i].name,
                                               "spoc", directory->areas[i].spoc));
    for (size_t i = 0; i < directory->service_count; i++)
        json_array_append_new(services, status_service(&directory->services[i]));
    json_object_set_new(json, "areas", areas);
    json_object_set_new(json, "services", services);
    return json;
}
