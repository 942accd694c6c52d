#include "adapters/sdk/snapshot.h"

#include "adapters/sdk/error.h"
#include "adapters/sdk/open.h"
#include "proto/linkage.h"

#include <sodium.h>

#define SNAPSHOT_WARNING (3 * G_TIME_SPAN_DAY)

/* The linkage key is wrapped to one of this service's sealing keys; with none that opens it, messages go without tokens. */
static void snapshot_take_linkage(TcClient *client)
{
    const TcService *self = tc_directory_service(client->directory, client->passport->service);
    g_clear_pointer(&client->linkage, sodium_free);
    if (self == NULL || self->linkage_enc == NULL)
        return;
    uint8_t *key = sodium_malloc(TC_LINKAGE_KEY_LEN);
    if (key == NULL)
        g_error("no locked memory left for the linkage key");
    for (size_t i = tc_keys_sealing_count(client->keys); i-- > 0 && client->linkage == NULL;) {
        TcDigest reader;
        memcpy(reader.b, tc_keys_sealing_public(client->keys, i), sizeof reader);
        if (tc_linkage_unwrap(&client->passport->authority, self->id, &reader, tc_keys_sealing_secret(client->keys, reader.b),
                              self->linkage_enc, self->linkage_sealed, key))
            client->linkage = key;
    }
    if (client->linkage == NULL) {
        sodium_free(key);
        client_log(client, 4, "no sealing key here opens this service's linkage key: messages go without linkage tokens");
    }
}

static bool snapshot_keep(TcClient *client, const TcDirectory *directory, TcError *error)
{
    gsize len;
    const void *bytes = g_bytes_get_data(directory->signed_bytes, &len);
    spool_begin(client->spool);
    spool_do(client->spool, SQL_SNAPSHOT_ADD, "ib", (int64_t)directory->serial, bytes, len);
    spool_do(client->spool, SQL_SNAPSHOT_TRIM, "i", (int64_t)directory->serial);
    return spool_commit(client->spool, error);
}

/* What could not be verified may be signed by a key that is known now. */
static void snapshot_look_again(TcClient *client)
{
    g_autoptr(GArray) doubtful = g_array_new(FALSE, FALSE, sizeof(TcId));
    sqlite3_stmt *row = spool_ask(client->spool, SQL_MESSAGE_NOT_GOOD, "");
    while (spool_next(client->spool, row)) {
        TcId id = spool_id(row, 0);
        g_array_append_val(doubtful, id);
    }
    for (guint i = 0; i < doubtful->len; i++) {
        g_autoptr(Letter) letter = letter_load(client, &g_array_index(doubtful, TcId, i), NULL);
        if (letter != NULL)
            open_look(client, letter);
    }
}

bool snapshot_take(TcClient *client, GBytes *signed_snapshot, TcError *error)
{
    g_autofree char *problem = NULL;
    g_autoptr(TcDirectory) directory = tc_directory_open(signed_snapshot, &client->passport->authority, &problem);
    if (directory == NULL)
        return error_set(error, "passport", "directory", "%s", problem);
    if (client->directory != NULL && directory->serial <= client->directory->serial)
        return true;
    if (!snapshot_keep(client, directory, error))
        return false;
    tc_directory_unref(client->directory);
    client->directory = g_steal_pointer(&directory);
    snapshot_take_linkage(client);
    snapshot_look_again(client);
    client_log(client, 6, "directory serial=%" G_GUINT64_FORMAT, client->directory->serial);
    return true;
}

bool snapshot_load(TcClient *client, TcError *error)
{
    TcError beside = { 0 };
    g_autofree char *text = NULL;
    gsize len = 0;
    sqlite3_stmt *row = spool_ask(client->spool, SQL_SNAPSHOT_NEWEST, "");
    g_autoptr(GBytes) kept = NULL;
    if (spool_next(client->spool, row)) {
        kept = spool_bytes(row, 0);
        spool_done(row);
    }
    if (kept != NULL && !snapshot_take(client, kept, &beside))
        client_log(client, 3, "the directory in the spool is not good: %s", beside.text);
    if (g_file_get_contents(client->passport->directory, &text, &len, NULL)) {
        g_autoptr(GBytes) bytes = g_bytes_new(text, len);
        if (!snapshot_take(client, bytes, &beside))
            client_log(client, 3, "the directory beside the passport is not good: %s", beside.text);
    }
    if (client->directory != NULL)
        return true;
    return beside.code[0] != '\0'
               ? error_set(error, "passport", "directory", "%s", beside.text)
               : error_set(error, "passport", "directory", "There is no directory beside the passport. Get it from the authority.");
}

void snapshot_watch(TcClient *client, int64_t tick)
{
    int64_t left = client->directory->expires_at - client_now(client);
    if (left > SNAPSHOT_WARNING || (client->expiry_told_at != 0 && tick - client->expiry_told_at < G_TIME_SPAN_DAY))
        return;
    client->expiry_told_at = tick;
    if (left <= 0)
        client_log(client, 3, "the directory has expired: new messages wait until the authority signs a new one");
    else
        client_log(client, 4, "the directory expires in %" G_GINT64_FORMAT " hours: ask the authority for a new one", left / G_TIME_SPAN_HOUR);
}
