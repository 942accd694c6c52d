#include "adapters/sdk/burst.h"

#include "adapters/sdk/connection.h"
#include "adapters/sdk/pack.h"
#include "proto/merkle.h"
#include "proto/sign.h"

/* Of a frame: its own tags and the signature. Of an item: its tag and length. */
enum { BURST_FRAME_OVERHEAD = 128, BURST_ITEM_OVERHEAD = 16 };
enum { COLUMN_SEQ, COLUMN_TYPE, COLUMN_DIGEST, COLUMN_MESSAGE, COLUMN_PAIRED, COLUMN_BODY, COLUMN_SALT, COLUMN_TOKENS, COLUMN_SENT,
       COLUMN_CONVERSATION, COLUMN_CONTENT };

guint burst_digest_hash(gconstpointer digest)
{
    guint32 word;
    memcpy(&word, digest, sizeof word);
    return word;
}

gboolean burst_digest_equal(gconstpointer a, gconstpointer b)
{
    return tc_digest_equal(a, b);
}

static void burst_item_free(gpointer data)
{
    Tc__Item *item = data;
    for (size_t i = 0; i < item->n_tokens; i++)
        g_free(item->tokens[i]);
    g_free(item->tokens);
    g_free(item);
}

Burst *burst_new(size_t room, size_t max_bytes)
{
    Burst *burst = g_new0(Burst, 1);
    burst->items = g_ptr_array_new_with_free_func(burst_item_free);
    burst->flights = g_ptr_array_new_with_free_func(g_free);
    burst->held_bytes = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    burst->room = room;
    burst->max_bytes = max_bytes > BURST_FRAME_OVERHEAD ? max_bytes - BURST_FRAME_OVERHEAD : 0;
    return burst;
}

void burst_free(Burst *burst)
{
    if (burst == NULL)
        return;
    g_ptr_array_unref(burst->items);
    g_ptr_array_unref(burst->flights);
    g_ptr_array_unref(burst->held_bytes);
    g_free(burst);
}

static ProtobufCBinaryData burst_borrow(Burst *burst, GBytes *bytes)
{
    gsize len = 0;
    const void *data = bytes == NULL ? NULL : g_bytes_get_data(bytes, &len);
    if (bytes != NULL)
        g_ptr_array_add(burst->held_bytes, bytes);
    return pack_bytes(data, len);
}

static void burst_add(Burst *burst, Tc__Item *item, const Flight *flight)
{
    burst->bytes += protobuf_c_message_get_packed_size(&item->base) + BURST_ITEM_OVERHEAD;
    g_ptr_array_add(burst->items, item);
    g_ptr_array_add(burst->flights, g_memdup2(flight, sizeof *flight));
}

void burst_add_held(TcClient *client, Burst *burst)
{
    Tc__Confirmation held = TC__CONFIRMATION__INIT;
    Flight flight = { .type = TC__ITEM_TYPE__CODE__CONFIRMATION };
    Tc__Item *item = g_new(Tc__Item, 1);
    held.step = TC__STEP__CODE__HELD;
    held.service = client->passport->service;
    held.station = client->passport->station;
    held.has_upto = true;
    held.upto = client->held;
    held.at = client_now(client);
    tc__item__init(item);
    item->type = TC__ITEM_TYPE__CODE__CONFIRMATION;
    item->body = burst_borrow(burst, g_byte_array_free_to_bytes(pack(&held.base)));
    tc_digest_item((uint8_t)item->type, item->body.data, item->body.len, &flight.digest);
    burst->held = client->held;
    burst_add(burst, item, &flight);
}

static void burst_tokens(Burst *burst, Tc__Item *item, sqlite3_stmt *row)
{
    item->token_salt = burst_borrow(burst, spool_bytes(row, COLUMN_SALT));
    item->has_token_salt = item->token_salt.data != NULL;
    ProtobufCBinaryData tokens = burst_borrow(burst, spool_bytes(row, COLUMN_TOKENS));
    item->tokens = g_new0(Tc__Token *, tokens.len / 64 + 1);
    for (size_t at = 0; at + 64 <= tokens.len; at += 64) {
        Tc__Token *token = g_new(Tc__Token, 1);
        tc__token__init(token);
        token->strong = pack_bytes(tokens.data + at, 32);
        token->born = pack_bytes(tokens.data + at + 32, 32);
        item->tokens[item->n_tokens++] = token;
    }
}

static Tc__Item *burst_item(Burst *burst, sqlite3_stmt *row)
{
    Tc__Item *item = g_new(Tc__Item, 1);
    tc__item__init(item);
    item->type = (Tc__ItemType__Code)sqlite3_column_int(row, COLUMN_TYPE);
    item->body = burst_borrow(burst, spool_bytes(row, COLUMN_BODY));
    if (item->type != TC__ITEM_TYPE__CODE__ENVELOPE)
        return item;
    item->content = burst_borrow(burst, spool_bytes(row, COLUMN_CONTENT));
    item->has_content = item->content.data != NULL;
    item->has_retry = item->retry = sqlite3_column_int(row, COLUMN_SENT) != 0;
    burst_tokens(burst, item, row);
    return item;
}

static Flight burst_flight(sqlite3_stmt *row)
{
    Flight flight = { .seq = sqlite3_column_int64(row, COLUMN_SEQ), .type = sqlite3_column_int(row, COLUMN_TYPE),
                      .paired = sqlite3_column_int(row, COLUMN_PAIRED), .message = spool_id(row, COLUMN_MESSAGE),
                      .conversation = spool_id(row, COLUMN_CONVERSATION) };
    if (sqlite3_column_bytes(row, COLUMN_DIGEST) == sizeof flight.digest)
        memcpy(flight.digest.b, sqlite3_column_blob(row, COLUMN_DIGEST), sizeof flight.digest);
    return flight;
}

/* Takes back the last item: an envelope whose wrap does not fit. */
static void burst_part_envelope(Burst *burst)
{
    guint last = burst->flights->len - 1;
    const Flight *flight = burst->flights->pdata[last];
    if (burst->last_unsent == flight->seq)
        burst->last_unsent = flight->seq - 1;
    g_ptr_array_remove_index(burst->items, last);
    g_ptr_array_remove_index(burst->flights, last);
}

/* False: it does not fit any more. */
static bool burst_take(Burst *burst, sqlite3_stmt *row)
{
    Flight flight = burst_flight(row);
    Tc__Item *item = burst_item(burst, row);
    size_t size = protobuf_c_message_get_packed_size(&item->base) + BURST_ITEM_OVERHEAD;
    if (burst->items->len == burst->room || burst->bytes + size > burst->max_bytes) {
        burst_item_free(item);
        return false;
    }
    if (sqlite3_column_int(row, COLUMN_SENT) == 0) {
        burst->first_unsent = burst->first_unsent == 0 ? flight.seq : burst->first_unsent;
        burst->last_unsent = flight.seq;
    }
    burst_add(burst, item, &flight);
    return true;
}

void burst_read(TcClient *client, Burst *burst, int64_t cursor, GHashTable *flying)
{
    bool whole = true; /* the last envelope has its wrap */
    bool expired = tc_directory_expired(client->directory, client_now(client));
    sqlite3_stmt *row = spool_ask(client->spool, SQL_ITEM_WINDOW, "ii", cursor, (int64_t)expired);
    while (spool_next(client->spool, row)) {
        Flight flight = burst_flight(row);
        if (g_hash_table_contains(flying, &flight.digest))
            continue;
        if (!burst_take(burst, row)) {
            spool_done(row);
            break;
        }
        whole = flight.paired != 1;
    }
    if (!whole)
        burst_part_envelope(burst);
}

bool burst_mark_sent(TcClient *client, const Burst *burst, TcError *error)
{
    if (burst->first_unsent == 0 || burst->last_unsent < burst->first_unsent)
        return true;
    spool_do(client->spool, SQL_ITEM_SENT, "ii", burst->first_unsent, burst->last_unsent);
    return spool_ok(client->spool, error);
}

static void burst_sign(TcClient *client, const Burst *burst, const TcId *session, uint8_t signature[TC_SIGN_LEN])
{
    TcDigest root, over;
    size_t count = burst->flights->len;
    g_autofree uint8_t *leaves = g_malloc(count * sizeof(TcDigest));
    for (size_t i = 0; i < count; i++)
        memcpy(leaves + i * sizeof(TcDigest), ((const Flight *)burst->flights->pdata[i])->digest.b, sizeof(TcDigest));
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaves, count);
    memcpy(root.b, tc_merkle_root(tree), sizeof root);
    tc_digest_submission(&client->passport->authority, &client->directory->broker, session, &root, &over);
    tc_sign_digest(tc_keys_signing_secret(client->keys), over.b, signature);
}

bool burst_send(TcClient *client, const Burst *burst, const TcId *session)
{
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Submit submit = TC__SUBMIT__INIT;
    uint8_t signature[TC_SIGN_LEN];
    burst_sign(client, burst, session, signature);
    submit.items = (Tc__Item **)burst->items->pdata;
    submit.n_items = burst->items->len;
    submit.signature = pack_bytes(signature, sizeof signature);
    frame.submit = &submit;
    return connection_send(client->connection, &frame);
}
