#include "adapters/sdk/events.h"

#include "adapters/sdk/look.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_AT_ONCE = 64 };
#define EVENTS_AGAIN_AFTER G_TIME_SPAN_SECOND

void events_add(TcClient *client, TcEventType type, int64_t at, const TcId *message, const TcId *conversation, json_t *json)
{
    if (message != NULL && !tc_id_is_none(message) && type != TC_EVENT_MESSAGE && type != TC_EVENT_SENT)
        json_object_set_new(json, "message", look_of_id(message));
    if (conversation != NULL && !tc_id_is_none(conversation))
        json_object_set_new(json, "conversation", look_of_id(conversation));
    if (json_object_get(json, "at") == NULL)
        json_object_set_new(json, "at", look_of_time(at));
    char *text = json_dumps(json, JSON_COMPACT);
    bool unheard = client->callbacks.event == NULL;
    spool_do(client->spool, SQL_EVENT_ADD, "iiuuti", (int64_t)type, at, message, conversation, text, (int64_t)unheard);
    free(text);
    json_decref(json);
    client_wake(client);
}

static bool events_read(TcClient *client, TcEvent *event, TcId *message, json_t **json)
{
    sqlite3_stmt *row = spool_ask(client->spool, SQL_EVENT_NEXT, "");
    if (!spool_next(client->spool, row))
        return false;
    event->number = (uint64_t)sqlite3_column_int64(row, 0);
    event->type = (TcEventType)sqlite3_column_int(row, 1);
    *message = spool_id(row, 2);
    *json = json_loads((const char *)sqlite3_column_text(row, 3), 0, NULL);
    spool_done(row);
    return true;
}

/* False: there is none, or the adapter puts it off. */
static bool events_hand_out_one(TcClient *client)
{
    TcEvent event = { 0 };
    TcId id;
    json_t *json = NULL;
    char text[TC_UUID_TEXT_LEN + 1];
    if (!events_read(client, &event, &id, &json))
        return false;
    tc_uuid_format(id.b, text);
    event.message = tc_id_is_none(&id) ? NULL : text;
    event.json = json;
    bool done = client->callbacks.event == NULL || client->callbacks.event(client->ctx, &event);
    json_decref(json);
    if (!done) {
        client->event_again_at = client_tick() + EVENTS_AGAIN_AFTER;
        return false;
    }
    spool_do(client->spool, SQL_EVENT_DONE, "i", (int64_t)event.number);
    return true;
}

bool events_hand_out(TcClient *client)
{
    TcError error;
    int count = 0;
    if (client->event_again_at > client_tick())
        return false;
    client->event_again_at = 0;
    while (count < EVENTS_AT_ONCE && !client->stopping && events_hand_out_one(client))
        count++;
    if (!spool_ok(client->spool, &error)) {
        client_log(client, 3, "spool %s: %s", error.code, error.text);
        client->event_again_at = client_tick() + EVENTS_AGAIN_AFTER;
    }
    return count == EVENTS_AT_ONCE;
}
