/* Who was told what about a client, and why: everything that this station sent or received about them, for the answer that a person may ask for
 * (UK GDPR Article 15). The client is found by their strong identifiers in what opens here, over all conversations; where a part may speak of
 * somebody else, a person must look before it is shown. */
#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/open.h"
#include "adapters/sdk/seal.h"
#include "adapters/sdk/view.h"

#include <string.h>

enum { PAIR = 2 * sizeof(TcDigest) }; /* a strong token and a date of birth */

/* ---- Is it about this client? ---- */

static json_t *opened_parts(TcClient *client, const Letter *letter)
{
    json_t *parts = json_object(), *closed = json_object();
    if (letter->content != NULL)
        (void)open_parts(client, letter, parts, closed);
    json_decref(closed);
    return parts;
}

static bool share_a_token(const GByteArray *a, const GByteArray *b)
{
    for (guint i = 0; a != NULL && b != NULL && i + PAIR <= a->len; i += PAIR)
        for (guint j = 0; j + PAIR <= b->len; j += PAIR)
            if (memcmp(a->data + i, b->data + j, PAIR) == 0)
                return true;
    return false;
}

static bool is_of(TcClient *client, const GPtrArray *letters, const GByteArray *wanted)
{
    for (guint i = 0; i < letters->len; i++) {
        json_t *parts = opened_parts(client, letters->pdata[i]);
        g_autoptr(GByteArray) tokens = seal_tokens(client, look(parts, "minimum.person"));
        json_decref(parts);
        if (share_a_token(wanted, tokens))
            return true;
    }
    return false;
}

/* ---- What a person must look at first ---- */

static bool has_other_contact(const json_t *parts)
{
    size_t i;
    json_t *channel;
    json_array_foreach ((json_t *)look(parts, "minimum.contacts"), i, channel) {
        const char *owner = look_text(channel, "owner");
        if (owner != NULL && strcmp(owner, "self") != 0 && strcmp(owner, "unknown") != 0 && strcmp(owner, "not_asked") != 0)
            return true;
    }
    return false;
}

static const struct { const char *path, *why; } review[] = {
    { "minimum.staff_risk.note", "risk to staff" }, { "minimum.note", "a note" }, { "clinical.note", "a clinical note" },
    { "clinical.care_plan", "a care plan" }, { "risk.note", "a note on risk" }, { "risk.children", "children" }, { "risk.non_contact", "people not to be met" },
    { "safeguarding", "safeguarding" },
};

static json_t *to_review(const json_t *parts)
{
    json_t *reasons = json_array();
    if (has_other_contact(parts))
        json_array_append_new(reasons, json_string("somebody else's telephone or address"));
    for (size_t i = 0; i < G_N_ELEMENTS(review); i++)
        if (look(parts, review[i].path) != NULL)
            json_array_append_new(reasons, json_string(review[i].why));
    return reasons;
}

/* ---- The rows ---- */

static json_t *row_of(TcClient *client, const Letter *letter)
{
    json_t *row = view_message_row(client, letter), *parts = opened_parts(client, letter);
    json_object_set_new(row, "review", to_review(parts));
    json_object_set_new(row, "readers", json_array());
    json_decref(parts);
    return row;
}

/* Who opened what we sent, and who was asked by a request. */
static void add_readers(TcClient *client, const TcId *conversation, json_t *rows)
{
    sqlite3_stmt *event = spool_ask(client->spool, SQL_EVENT_CONVERSATION, "u", conversation);
    while (spool_next(client->spool, event)) {
        size_t i;
        json_t *row, *evidence = json_loads((const char *)sqlite3_column_text(event, 1), 0, NULL);
        bool read = look_is(evidence, "step", "opened") || look_is(evidence, "step", "asked");
        json_array_foreach (rows, i, row)
            if (read && look_is(row, "id", look_text(evidence, "message")))
                json_array_append_new(json_object_get(row, "readers"), json_pack("{s:s, s:s*, s:s, s:s*}", "service", look_text(evidence, "by"), "worker",
                                                                                 look_text(evidence, "worker"), "step", look_text(evidence, "step"), "at",
                                                                                 look_text(evidence, "at")));
        json_decref(evidence);
    }
}

static void add_conversation(TcClient *client, const TcId *conversation, const GByteArray *wanted, bool sure, json_t *rows)
{
    g_autoptr(GPtrArray) letters = letter_conversation(client, conversation);
    if (!sure && !is_of(client, letters, wanted))
        return;
    for (guint i = 0; i < letters->len; i++)
        if (letter_counts(letters->pdata[i]))
            json_array_append_new(rows, row_of(client, letters->pdata[i]));
    add_readers(client, conversation, rows);
}

json_t *tc_client_disclosures(TcClient *client, const char *message, TcError *error)
{
    g_autoptr(Letter) letter = letter_load_text(client, message, error);
    if (letter == NULL)
        return NULL;
    json_t *parts = opened_parts(client, letter), *rows = json_array();
    g_autoptr(GByteArray) wanted = seal_tokens(client, look(parts, "minimum.person"));
    g_autoptr(GArray) all = letter_conversations(client);
    for (guint i = 0; i < all->len; i++) {
        const TcId *conversation = &g_array_index(all, TcId, i);
        bool sure = tc_id_equal(conversation, &letter->conversation);
        if (sure || wanted != NULL)
            add_conversation(client, conversation, wanted, sure, rows);
    }
    json_decref(parts);
    if (spool_ok(client->spool, error))
        return view_sorted(rows);
    json_decref(rows);
    return NULL;
}
