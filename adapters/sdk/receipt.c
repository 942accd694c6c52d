#include "adapters/sdk/receipt.h"

#include "adapters/sdk/look.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/witness.h"
#include "proto/json.h"
#include "proto/merkle.h"
#include "proto/unpack.h"

enum { RECEIPT_PATH_MAX = 32 };

bool receipt_head_holds(TcClient *client, const Tc__Head *head, char **why)
{
    return witness_receipts(client, head, why);
}

static int receipt_event(int type)
{
    return type == TC__ITEM_TYPE__CODE__WRAP ? TC__AUDIT_EVENT__CODE__WRAPPED : TC__AUDIT_EVENT__CODE__ACCEPTED;
}

static bool receipt_climbs(const TcClient *client, const Flight *flight, const Tc__Head *head, const Tc__Receipt *receipt)
{
    TcDigest leaf, root;
    uint8_t path[RECEIPT_PATH_MAX * TC_MERKLE_LEN];
    TcAuditRow row = { .sequence = receipt->sequence, .at = receipt->at, .event = (uint32_t)receipt_event(flight->type),
                       .service = client->passport->service, .conversation = flight->conversation, .message = flight->message,
                       .digest = flight->digest, .detail = "" };
    if (receipt->previous.len != sizeof row.previous || receipt->n_path > RECEIPT_PATH_MAX || receipt->sequence > head->last_sequence)
        return false;
    memcpy(row.previous.b, receipt->previous.data, sizeof row.previous);
    for (size_t i = 0; i < receipt->n_path; i++)
        memcpy(path + i * TC_MERKLE_LEN, receipt->path[i].data, TC_MERKLE_LEN);
    tc_digest_audit(&row, &leaf);
    return tc_merkle_climb(leaf.b, receipt->index, receipt->count, path, receipt->n_path, root.b)
           && memcmp(root.b, head->root.data, sizeof root) == 0;
}

bool receipt_holds(const TcClient *client, const Flight *flight, const Tc__Head *head, const Tc__Receipt *receipt, char **why)
{
    if (flight->type == TC__ITEM_TYPE__CODE__CONFIRMATION)
        return true;
    bool whole = head != NULL && receipt->has_sequence && receipt->has_at && receipt->has_previous && receipt->has_index && receipt->has_count;
    if (whole && receipt_climbs(client, flight, head, receipt))
        return true;
    *why = g_strdup("A receipt does not prove what it says, so the message counts as not accepted. Tell the operator now.");
    return false;
}

void receipt_keep(TcClient *client, const Flight *flight, const Tc__Head *head, const Tc__Receipt *receipt)
{
    g_autoptr(GByteArray) packed = pack(&receipt->base);
    spool_do(client->spool, SQL_RECEIPT_ADD, "diuib", &flight->digest, (int64_t)flight->type, &flight->message, (int64_t)head->batch,
             packed->data, (size_t)packed->len);
}

static json_t *receipt_unpacked(const TcClient *client, sqlite3_stmt *row, int column, const ProtobufCMessageDescriptor *type)
{
    size_t len = (size_t)sqlite3_column_bytes(row, column);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(len));
    const ProtobufCMessage *message = spool_unpack(client->spool, arena, type, sqlite3_column_blob(row, column), len, TC_UNKNOWN_REFUSED);
    return message == NULL ? NULL : tc_json_from_message(message);
}

static json_t *receipt_json(const TcClient *client, sqlite3_stmt *row)
{
    TcId message = spool_id(row, 1), conversation = spool_id(row, 4);
    json_t *json = receipt_unpacked(client, row, 3, &tc__receipt__descriptor);
    bool wrap = sqlite3_column_int(row, 0) == TC__ITEM_TYPE__CODE__WRAP;
    if (json == NULL)
        return NULL;
    json_object_del(json, "outcome");
    json_object_set_new(json, "type", json_string(wrap ? "wrap" : "envelope"));
    json_object_set_new(json, "event", json_string(wrap ? "wrapped" : "accepted"));
    json_object_set_new(json, "service", json_string(client->passport->service));
    json_object_set_new(json, "message", look_of_id(&message));
    json_object_set_new(json, "conversation", look_of_id(&conversation));
    json_object_set_new(json, "batch", json_integer(sqlite3_column_int64(row, 2)));
    return json;
}

json_t *receipt_list(TcClient *client)
{
    json_t *list = json_object(), *receipts = json_array(), *heads = json_array();
    sqlite3_stmt *row = spool_ask(client->spool, SQL_RECEIPT_LIST, "");
    while (spool_next(client->spool, row))
        json_array_append_new(receipts, receipt_json(client, row));
    row = spool_ask(client->spool, SQL_HEAD_LIST, "");
    while (spool_next(client->spool, row))
        json_array_append_new(heads, receipt_unpacked(client, row, 0, &tc__head__descriptor));
    json_object_set_new(list, "authority", look_of_hex(client->passport->authority.b, 32));
    json_object_set_new(list, "broker", look_of_id(&client->directory->broker));
    json_object_set_new(list, "service", json_string(client->passport->service));
    json_object_set_new(list, "station", json_string(client->passport->station));
    json_object_set_new(list, "receipts", receipts);
    json_object_set_new(list, "heads", heads);
    return list;
}
