#include "adapters/sdk/receive.h"

#include "adapters/sdk/events.h"
#include "adapters/sdk/open.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/view.h"
#include "adapters/sdk/wrap.h"
#include "proto/json.h"

static TcId receive_id(const ProtobufCBinaryData *bytes)
{
    TcId id;
    memcpy(id.b, bytes->data, sizeof id);
    return id;
}

static TcId receive_conversation_of(TcClient *client, const TcId *message)
{
    TcId conversation = { 0 };
    sqlite3_stmt *row = spool_ask(client->spool, SQL_MESSAGE_CONVERSATION_OF, "u", message);
    if (spool_next(client->spool, row)) {
        conversation = spool_id(row, 0);
        spool_done(row);
    }
    return conversation;
}

/* ---- Messages and wraps ---- */

static void receive_wraps(TcClient *client, const TcId *message, const Tc__Delivery *delivery)
{
    for (size_t i = 0; i < delivery->n_wraps; i++) {
        g_autoptr(GByteArray) provenance = pack(&delivery->wraps[i]->provenance->base);
        spool_do(client->spool, SQL_WRAP_ADD, "ubb", message, delivery->wraps[i]->body.data, delivery->wraps[i]->body.len,
                 provenance->data, (size_t)provenance->len);
    }
}

/* Only a message that is what it says counts, and is worth asking keys for. */
static void receive_look(TcClient *client, Letter *letter)
{
    letter->good = open_look(client, letter);
    if (letter->good)
        wrap_ask(client, letter, open_take_keys(client, letter));
    else
        client_log(client, 3, "a message said to be from %s is damaged, forged, or signed by a key that is not known yet", letter->header->sender);
}

static void receive_store(TcClient *client, const Tc__Delivery *delivery, const Tc__Header *header, Direction direction)
{
    Message rules;
    const Tc__MessageDelivery *message = delivery->message;
    g_autoptr(GByteArray) provenance = pack(&message->provenance->base);
    letter_rules(header, &rules);
    spool_do(client->spool, SQL_MESSAGE_ADD, "uiuiuubbbii", &rules.id, (int64_t)direction, &rules.conversation, (int64_t)rules.kind,
             &rules.in_reply_to, &rules.supersedes, message->header.data, message->header.len,
             message->has_content ? message->content.data : NULL, message->has_content ? message->content.len : (size_t)0,
             provenance->data, (size_t)provenance->len, (int64_t)message->sequence, delivery->at);
}

static void receive_message(TcClient *client, const Tc__Delivery *delivery)
{
    TcError none;
    const Tc__MessageDelivery *message = delivery->message;
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(message->header.len));
    const Tc__Header *header = (const Tc__Header *)spool_unpack(client->spool, arena, &tc__header__descriptor, message->header.data, message->header.len, TC_UNKNOWN_REFUSED);
    if (header == NULL && !spool_ok(client->spool, &none))
        return;
    if (header == NULL) {
        client_log(client, 3, "delivery %" G_GUINT64_FORMAT " has a header that cannot be read: it is left out", delivery->number);
        return;
    }
    TcId id = receive_id(&header->id), conversation = receive_id(&header->conversation);
    bool ours = strcmp(header->sender, client->passport->service) == 0;
    receive_store(client, delivery, header, ours ? DIRECTION_OUT_ELSEWHERE : DIRECTION_IN);
    bool is_new = spool_changed(client->spool) > 0;
    if (ours && !is_new)
        return; /* sent here: its receipt says what became of it, and its keys are here */
    receive_wraps(client, &id, delivery);
    g_autoptr(Letter) letter = letter_load(client, &id, NULL);
    if (letter == NULL || !is_new)
        return;
    receive_look(client, letter);
    events_add(client, ours ? TC_EVENT_SENT : TC_EVENT_MESSAGE, delivery->at, &id, &conversation, view_message_row(client, letter));
}

static void receive_more_wraps(TcClient *client, const Tc__Delivery *delivery)
{
    for (size_t i = 0; i < delivery->n_wraps; i++) {
        const ProtobufCBinaryData *body = &delivery->wraps[i]->body;
        g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(body->len));
        const Tc__Wrap *wrap = (const Tc__Wrap *)spool_unpack(client->spool, arena, &tc__wrap__descriptor, body->data, body->len, TC_UNKNOWN_REFUSED);
        if (wrap == NULL)
            continue;
        TcId id = receive_id(&wrap->message);
        g_autoptr(GByteArray) provenance = pack(&delivery->wraps[i]->provenance->base);
        spool_do(client->spool, SQL_WRAP_ADD, "ubb", &id, body->data, body->len, provenance->data, (size_t)provenance->len);
        g_autoptr(Letter) letter = letter_load(client, &id, NULL);
        if (letter == NULL)
            continue;
        open_take_keys(client, letter);
        events_add(client, TC_EVENT_KEYS, delivery->at, &id, &letter->conversation, json_pack("{s:s}", "row", "keys"));
    }
}

/* ---- The rest ---- */

/* One event for each message it speaks of, so that an adapter need not look into lists. */
static void receive_evidence(TcClient *client, const Tc__Delivery *delivery)
{
    for (size_t i = 0; i < delivery->evidence->n_messages; i++) {
        TcId id = receive_id(&delivery->evidence->messages[i]), conversation = receive_conversation_of(client, &id);
        json_t *row = tc_json_from_message(&delivery->evidence->base);
        json_object_del(row, "messages");
        json_object_set_new(row, "row", json_string("evidence"));
        events_add(client, TC_EVENT_EVIDENCE, delivery->at, &id, &conversation, row);
    }
}

static void receive_notice(TcClient *client, const Tc__Delivery *delivery)
{
    TcId id = receive_id(&delivery->notice->message), conversation = receive_id(&delivery->notice->conversation);
    json_t *row = tc_json_from_message(&delivery->notice->base);
    json_object_set_new(row, "row", json_string("notice"));
    json_object_set_new(row, "delivery", json_integer((json_int_t)delivery->number));
    events_add(client, TC_EVENT_NOTICE, delivery->at, &id, &conversation, row);
}

static void receive_recalled(TcClient *client, const Tc__Delivery *delivery)
{
    TcId id = receive_id(&delivery->recalled), conversation = receive_conversation_of(client, &id);
    json_t *row = json_pack("{s:s}", "row", "recalled");
    events_add(client, TC_EVENT_RECALLED, delivery->at, &id, &conversation, row);
}

static void receive_one(TcClient *client, const Tc__Delivery *delivery)
{
    if (delivery->type == TC__DELIVERY_TYPE__CODE__MESSAGE && delivery->message != NULL)
        receive_message(client, delivery);
    else if (delivery->type == TC__DELIVERY_TYPE__CODE__WRAPS)
        receive_more_wraps(client, delivery);
    else if (delivery->type == TC__DELIVERY_TYPE__CODE__EVIDENCE && delivery->evidence != NULL)
        receive_evidence(client, delivery);
    else if (delivery->type == TC__DELIVERY_TYPE__CODE__WRAP_REQUEST && delivery->wrap_request != NULL)
        wrap_grant(client, delivery->number, delivery->wrap_request);
    else if (delivery->type == TC__DELIVERY_TYPE__CODE__NOTICE && delivery->notice != NULL)
        receive_notice(client, delivery);
    else if (delivery->type == TC__DELIVERY_TYPE__CODE__RECALLED && delivery->has_recalled)
        receive_recalled(client, delivery);
    else if (delivery->type == TC__DELIVERY_TYPE__CODE__WITHHELD)
        client_log(client, 6, "delivery %" G_GUINT64_FORMAT " was withheld: the client did not agree", delivery->number);
    else
        client_log(client, 3, "delivery %" G_GUINT64_FORMAT " says nothing that this version knows", delivery->number);
}

bool receive_deliveries(TcClient *client, const Tc__Deliver *deliver, char **why)
{
    TcError error;
    uint64_t held = client->held;
    spool_begin(client->spool);
    for (size_t i = 0; i < deliver->n_deliveries; i++) {
        const Tc__Delivery *delivery = deliver->deliveries[i];
        if (delivery->number <= held)
            continue;
        if (delivery->number != held + 1) {
            spool_rollback(client->spool);
            *why = g_strdup("The broker left out a delivery; it is asked for again.");
            return false;
        }
        held = delivery->number;
        receive_one(client, delivery);
    }
    spool_do(client->spool, SQL_MARK_SET, "ti", "held", (int64_t)held);
    if (!spool_commit(client->spool, &error)) {
        *why = g_strdup(error.text);
        return false;
    }
    client->held = held;
    client_wake(client);
    return true;
}

void receive_load(TcClient *client)
{
    client->held = (uint64_t)spool_number(client->spool, 0, SQL_MARK_GET, "t", "held");
}
