/* Who else among the clients that this station knows may be the person of a message: a look through everything that opens here, for a worker
 * to judge. Nothing is linked by it. */
#include "adapters/sdk/alike.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/open.h"
#include "adapters/sdk/view.h"

static void match_one(TcClient *client, const TcId *conversation, const json_t *person, json_t *rows)
{
    const Letter *said = NULL;
    g_autoptr(GPtrArray) letters = letter_conversation(client, conversation);
    json_t *other = open_person(client, letters, &said), *reasons = other == NULL ? NULL : alike_reasons(person, other);
    if (json_array_size(reasons) > 0) {
        json_t *row = view_message_row(client, said);
        json_object_set(row, "person", other);
        json_object_set(row, "reasons", reasons);
        json_array_append_new(rows, row);
    }
    json_decref(reasons);
    json_decref(other);
}

bool tc_people_alike(const json_t *one, const json_t *other)
{
    json_auto_t *reasons = alike_reasons(one, other);
    return json_array_size(reasons) > 0;
}

json_t *tc_client_matches(TcClient *client, const char *message, TcError *error)
{
    const Letter *said = NULL;
    g_autoptr(Letter) letter = letter_load_text(client, message, error);
    if (letter == NULL)
        return NULL;
    g_autoptr(GPtrArray) letters = letter_conversation(client, &letter->conversation);
    json_t *person = open_person(client, letters, &said), *rows = json_array();
    g_autoptr(GArray) all = letter_conversations(client);
    for (guint i = 0; person != NULL && i < all->len; i++)
        if (!tc_id_equal(&g_array_index(all, TcId, i), &letter->conversation))
            match_one(client, &g_array_index(all, TcId, i), person, rows);
    json_decref(person);
    if (spool_ok(client->spool, error))
        return view_sorted(rows);
    json_decref(rows);
    return NULL;
}
