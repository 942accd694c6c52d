#include "adapters/sdk/letter.h"

#include "adapters/sdk/error.h"
#include "broker/decode_group.h"
#include "proto/unpack.h"

enum { COLUMN_ID, COLUMN_DIRECTION, COLUMN_HEADER, COLUMN_CONTENT, COLUMN_PROVENANCE, COLUMN_SEQUENCE, COLUMN_AT,
       COLUMN_OPENED_AT, COLUMN_OPENED_BY, COLUMN_ROW, COLUMN_STATE, COLUMN_SENT, COLUMN_CODE, COLUMN_FIELD, COLUMN_STANDING, COLUMN_GOOD };

void letter_free(Letter *letter)
{
    if (letter == NULL)
        return;
    g_clear_pointer(&letter->header_bytes, g_bytes_unref);
    g_clear_pointer(&letter->content, g_bytes_unref);
    g_clear_pointer(&letter->provenance, g_bytes_unref);
    tc_arena_unref(letter->arena);
    g_free(letter->opened_by);
    g_free(letter->field);
    g_free(letter->standing);
    g_free(letter);
}

static TcId letter_id(const ProtobufCBinaryData *bytes)
{
    TcId id;
    memcpy(id.b, bytes->data, sizeof id);
    return id;
}

void letter_rules(const Tc__Header *from, Message *to)
{
    *to = (Message){ .id = letter_id(&from->id), .conversation = letter_id(&from->conversation), .kind = (int)from->kind,
                     .sender = from->sender, .worker = from->worker, .recipient = from->recipient,
                     .created_at = from->created_at };
    decode_group_request(from->request, &to->request);
    if (from->has_in_reply_to)
        to->in_reply_to = letter_id(&from->in_reply_to);
    if (from->has_supersedes)
        to->supersedes = letter_id(&from->supersedes);
    to->event_at = from->has_event_at ? from->event_at : 0;
    to->due_at = from->has_due_at ? from->due_at : 0;
    to->legal_basis = from->has_legal_basis ? (int)from->legal_basis : 0;
    to->sharing_reason = from->has_sharing_reason ? (int)from->sharing_reason : 0;
    to->statutory = from->has_statutory && from->statutory;
    for (size_t i = 0; i < MIN(from->n_parts, G_N_ELEMENTS(to->parts)); i++)
        to->parts[to->part_count++].part = (int)from->parts[i]->part;
    to->urgency = from->has_urgency ? (int)from->urgency : 0;
    decode_group_read(from, to);
}

static void letter_columns(Letter *letter, sqlite3_stmt *row)
{
    letter->id = spool_id(row, COLUMN_ID);
    letter->ours = sqlite3_column_int(row, COLUMN_DIRECTION) != DIRECTION_IN;
    letter->here = sqlite3_column_int(row, COLUMN_DIRECTION) == DIRECTION_OUT;
    letter->header_bytes = spool_bytes(row, COLUMN_HEADER);
    letter->content = spool_bytes(row, COLUMN_CONTENT);
    letter->provenance = spool_bytes(row, COLUMN_PROVENANCE);
    letter->sequence = sqlite3_column_int64(row, COLUMN_SEQUENCE);
    letter->at = sqlite3_column_int64(row, COLUMN_AT);
    letter->opened_at = sqlite3_column_int64(row, COLUMN_OPENED_AT);
    letter->opened_by = g_strdup((const char *)sqlite3_column_text(row, COLUMN_OPENED_BY));
    letter->row = sqlite3_column_int64(row, COLUMN_ROW);
    letter->good = sqlite3_column_int(row, COLUMN_GOOD) != 0;
    letter->outbox = letter->here ? (Outbox)sqlite3_column_int(row, COLUMN_STATE) : OUTBOX_ACCEPTED;
    letter->sent = !letter->here || sqlite3_column_int(row, COLUMN_SENT) != 0;
    letter->code = (uint32_t)sqlite3_column_int(row, COLUMN_CODE);
    letter->field = g_strdup((const char *)sqlite3_column_text(row, COLUMN_FIELD));
    letter->standing = g_strdup((const char *)sqlite3_column_text(row, COLUMN_STANDING));
}

/* NULL: the header cannot be read, which the check at its arrival rules out unless the file was changed or memory is out. */
static Letter *letter_read(TcClient *client, sqlite3_stmt *row)
{
    gsize len;
    g_autoptr(Letter) letter = g_new0(Letter, 1);
    letter_columns(letter, row);
    const void *bytes = g_bytes_get_data(letter->header_bytes, &len);
    letter->arena = tc_arena_new(tc_unpack_budget(len));
    letter->header = (Tc__Header *)spool_unpack(client->spool, letter->arena, &tc__header__descriptor, bytes, len, TC_UNKNOWN_REFUSED);
    if (letter->header == NULL)
        return NULL;
    letter_rules(letter->header, &letter->rules);
    letter->conversation = letter->rules.conversation;
    return g_steal_pointer(&letter);
}

Letter *letter_load(TcClient *client, const TcId *id, TcError *error)
{
    Letter *letter = NULL;
    sqlite3_stmt *row = spool_ask(client->spool, SQL_MESSAGE_GET, "u", id);
    if (spool_next(client->spool, row)) {
        letter = letter_read(client, row);
        spool_done(row);
    }
    if (letter == NULL && spool_ok(client->spool, error))
        error_set(error, "not_found", "message", "This station has no such message. Check the id.");
    return letter;
}

Letter *letter_load_text(TcClient *client, const char *id, TcError *error)
{
    TcId bytes;
    if (id != NULL && tc_uuid_parse(id, bytes.b))
        return letter_load(client, &bytes, error);
    error_set(error, "not_found", "message", "This is not a message id. It looks like 019aa3f2-7c1e-7d20-8a54-1f6e0c9b2d31.");
    return NULL;
}

GPtrArray *letter_conversation(TcClient *client, const TcId *conversation)
{
    GPtrArray *letters = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
    sqlite3_stmt *row = spool_ask(client->spool, SQL_MESSAGE_CONVERSATION, "u", conversation);
    while (spool_next(client->spool, row)) {
        Letter *letter = letter_read(client, row);
        if (letter != NULL)
            g_ptr_array_add(letters, letter);
    }
    return letters;
}

GArray *letter_conversations(TcClient *client)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(TcId));
    sqlite3_stmt *row = spool_ask(client->spool, SQL_MESSAGE_CONVERSATIONS, "");
    while (spool_next(client->spool, row)) {
        TcId id = spool_id(row, 0);
        g_array_append_val(list, id);
    }
    return list;
}

bool letter_counts(const Letter *letter)
{
    return letter->here ? letter->outbox < OUTBOX_REFUSED : letter->good;
}
