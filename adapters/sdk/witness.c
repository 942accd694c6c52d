#include "adapters/sdk/witness.h"

#include "adapters/sdk/pack.h"
#include "proto/sign.h"
#include "proto/unpack.h"

void witness_read(const Tc__Head *from, TcHead *to)
{
    *to = (TcHead){ .batch = from->batch, .last_sequence = from->last_sequence, .at = from->at };
    memcpy(to->root.b, from->root.data, sizeof to->root);
    memcpy(to->previous.b, from->previous.data, sizeof to->previous);
    memcpy(to->last_hash.b, from->last_hash.data, sizeof to->last_hash);
}

static bool witness_refuse(char **why, const char *text)
{
    *why = g_strdup(text);
    return false;
}

static bool witness_same(const TcHead *a, const TcHead *b)
{
    return a->batch == b->batch && a->last_sequence == b->last_sequence && a->at == b->at && tc_digest_equal(&a->root, &b->root)
           && tc_digest_equal(&a->previous, &b->previous) && tc_digest_equal(&a->last_hash, &b->last_hash);
}

static bool witness_signed(const TcClient *client, const TcHead *head, const uint8_t *signature)
{
    TcDigest over;
    const TcDirectory *directory = client->directory;
    tc_digest_head(&client->passport->authority, &directory->broker, head, &over);
    for (size_t i = 0; i < directory->broker_signing_key_count; i++) {
        const TcKeySpan *span = &directory->broker_signing_keys[i];
        if (span->from_at <= head->at && (span->until_at == 0 || head->at < span->until_at)
            && tc_sign_verify(span->key.b, over.b, signature))
            return true;
    }
    return false;
}

/* A head that is kept; false: that batch's head is not. */
static bool witness_stored(TcClient *client, uint64_t batch, TcHead *head)
{
    sqlite3_stmt *row = spool_ask(client->spool, SQL_HEAD_GET, "i", (int64_t)batch);
    if (!spool_next(client->spool, row))
        return false;
    size_t len = (size_t)sqlite3_column_bytes(row, 0);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(len));
    const Tc__Head *stored = (const Tc__Head *)spool_unpack(client->spool, arena, &tc__head__descriptor, sqlite3_column_blob(row, 0), len,
                                                            TC_UNKNOWN_REFUSED);
    spool_done(row);
    if (stored != NULL)
        witness_read(stored, head);
    return stored != NULL;
}

/* Whether two heads can belong to one log: an earlier one ends before a later one, and a neighbour goes on where it ended. */
static bool witness_follows(const TcHead *earlier, const TcHead *later)
{
    if (later->last_sequence < earlier->last_sequence)
        return false;
    return later->batch != earlier->batch + 1 || tc_digest_equal(&later->previous, &earlier->last_hash);
}

static bool witness_agrees(TcClient *client, const TcHead *head, char **why)
{
    TcHead known;
    if (witness_stored(client, head->batch, &known) && !witness_same(&known, head))
        return witness_refuse(why, "The broker shows two different heads for one batch: its log was forked. Tell the operator now.");
    if ((head->batch > 0 && witness_stored(client, head->batch - 1, &known) && !witness_follows(&known, head))
        || (witness_stored(client, head->batch + 1, &known) && !witness_follows(head, &known))
        || (client->has_head && head->batch > client->head.batch && !witness_follows(&client->head, head))
        || (client->has_head && head->batch < client->head.batch && !witness_follows(head, &client->head)))
        return witness_refuse(why, "The broker's log does not go on where it was: it was changed. Tell the operator now.");
    return true;
}

static void witness_keep(TcClient *client, const Tc__Head *packed, const TcHead *head)
{
    g_autoptr(GByteArray) bytes = pack(&packed->base);
    spool_do(client->spool, SQL_HEAD_ADD, "ib", (int64_t)head->batch, bytes->data, (size_t)bytes->len);
    if (client->has_head && head->batch <= client->head.batch)
        return;
    client->head = *head;
    client->has_head = true;
}

bool witness_receipts(TcClient *client, const Tc__Head *packed, char **why)
{
    TcHead head;
    witness_read(packed, &head);
    if (!witness_signed(client, &head, packed->signature.data))
        return witness_refuse(why, "The head of the broker's log is not signed by the broker. Tell the operator now.");
    if (!witness_agrees(client, &head, why))
        return false;
    witness_keep(client, packed, &head);
    return true;
}

bool witness_newest(TcClient *client, const Tc__Head *packed, char **why)
{
    TcHead head;
    TcError error;
    if (packed == NULL)
        return !client->has_head || witness_refuse(why, "The broker's log is empty, and it was not before. Tell the operator now.");
    witness_read(packed, &head);
    if (client->has_head && witness_same(&client->head, &head))
        return true;
    if (client->has_head && head.batch < client->head.batch)
        return witness_refuse(why, "The broker's log went back: what it had accepted is gone. Tell the operator now.");
    TcHead before = client->head;
    bool had = client->has_head;
    spool_begin(client->spool);
    bool ok = witness_receipts(client, packed, why);
    spool_do(client->spool, SQL_HEAD_TRIM, "i", (int64_t)head.batch);
    if (!ok)
        spool_rollback(client->spool);
    else if (!spool_commit(client->spool, &error))
        ok = witness_refuse(why, error.text);
    if (!ok) {
        client->head = before;
        client->has_head = had;
    }
    return ok;
}

void witness_load(TcClient *client)
{
    sqlite3_stmt *row = spool_ask(client->spool, SQL_HEAD_NEWEST, "");
    if (!spool_next(client->spool, row))
        return;
    size_t len = (size_t)sqlite3_column_bytes(row, 0);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(len));
    const Tc__Head *head = (const Tc__Head *)spool_unpack(client->spool, arena, &tc__head__descriptor, sqlite3_column_blob(row, 0), len,
                                                          TC_UNKNOWN_REFUSED);
    spool_done(row);
    client->has_head = head != NULL;
    if (head != NULL)
        witness_read(head, &client->head);
}
