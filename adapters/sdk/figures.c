/* What was counted: figures that came here in messages of their own, added up. Nobody is in them, and nobody comes out. */
#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/open.h"
#include "broker/codes.h"
#include "throughcare.pb-c.h"

#include <string.h>

/* counts: a table of answer -> people for each field of Figures. */
typedef struct Tally { GHashTable *counts[32]; int people; } Tally;

static void tally_add(Tally *tally, const json_t *figures)
{
    const ProtobufCMessageDescriptor *all = &tc__figures__descriptor;
    tally->people++;
    for (unsigned i = 0; i < all->n_fields && i < G_N_ELEMENTS(tally->counts); i++) {
        const char *answer = look_text(figures, all->fields[i].name);
        if (answer == NULL)
            continue;
        if (tally->counts[i] == NULL)
            tally->counts[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        int before = GPOINTER_TO_INT(g_hash_table_lookup(tally->counts[i], answer));
        g_hash_table_insert(tally->counts[i], g_strdup(answer), GINT_TO_POINTER(before + 1));
    }
}

/* In the order of the code list. */
static void tally_tell(const Tally *tally, unsigned at, json_t *rows)
{
    const ProtobufCFieldDescriptor *field = &tc__figures__descriptor.fields[at];
    const ProtobufCEnumDescriptor *codes = field->descriptor;
    for (unsigned i = 0; tally->counts[at] != NULL && i < codes->n_values; i++) {
        g_autofree char *answer = g_ascii_strdown(codes->values[i].name, -1);
        int people = GPOINTER_TO_INT(g_hash_table_lookup(tally->counts[at], answer));
        if (people > 0)
            json_array_append_new(rows, json_pack("{s:s, s:s, s:i}", "what", field->name, "answer", answer, "people", people));
    }
    g_clear_pointer((GHashTable **)&tally->counts[at], g_hash_table_unref);
}

/* Figures recalled by whoever sent them are not counted. */
static void tally_conversation(TcClient *client, const TcId *conversation, int64_t from, int64_t until, Tally *tally)
{
    g_autoptr(GPtrArray) letters = letter_conversation(client, conversation);
    const Letter *first = letters->len == 0 ? NULL : letters->pdata[0];
    if (first == NULL || first->ours || first->rules.kind != KIND_FIGURES || letters->len > 1 || !letter_counts(first) || first->at < from || first->at >= until)
        return;
    json_t *parts = json_object(), *closed = json_object();
    (void)open_parts(client, first, parts, closed);
    const json_t *figures = look(parts, "minimum.figures");
    if (figures != NULL)
        tally_add(tally, figures);
    json_decref(parts);
    json_decref(closed);
}

json_t *tc_client_figures(TcClient *client, int64_t from, int64_t until, TcError *error)
{
    Tally tally = { 0 };
    json_t *rows = json_array();
    g_autoptr(GArray) all = letter_conversations(client);
    for (guint i = 0; i < all->len; i++)
        tally_conversation(client, &g_array_index(all, TcId, i), from, until, &tally);
    json_array_append_new(rows, json_pack("{s:s, s:s, s:i}", "what", "everybody", "answer", "", "people", tally.people));
    for (unsigned i = 0; i < tc__figures__descriptor.n_fields; i++)
        tally_tell(&tally, i, rows);
    if (spool_ok(client->spool, error))
        return rows;
    json_decref(rows);
    return NULL;
}
