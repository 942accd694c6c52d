#include "adapters/worklist/answerable.h"

enum { KEPT_MAX = 5000 };
#define GOOD_FOR (10 * G_TIME_SPAN_SECOND) /* what was said elsewhere about the client, a court order say, changes it too */

#define LIKELY_FOR G_TIME_SPAN_MINUTE     /* so long it is shown without saying that it is being checked */
#define LISTED_FOR (10 * G_TIME_SPAN_MINUTE) /* so long nothing is asked for a list that shows the client */

typedef struct Known { json_t *rows; size_t seen; int64_t asked_at, answered_at; bool asking; } Known; /* seen: rows of the conversation when it was asked */

struct Answerables { TcClient *client; GHashTable *known; }; /* conversation -> Known */

static void known_free(gpointer data)
{
    json_decref(((Known *)data)->rows);
    g_free(data);
}

Answerables *answerables_new(TcClient *client)
{
    Answerables *answerables = g_new0(Answerables, 1);
    answerables->client = client;
    answerables->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    return answerables;
}

void answerables_free(Answerables *answerables)
{
    if (answerables == NULL)
        return;
    g_hash_table_unref(answerables->known);
    g_free(answerables);
}

/* A refusal, or no answer in time, leaves what was known. */
static void answered(void *ctx, json_t *rows, const TcError *error)
{
    Known *known = ctx;
    (void)error;
    known->asking = false;
    if (rows == NULL)
        return;
    json_decref(known->rows);
    known->rows = rows;
    known->answered_at = g_get_monotonic_time();
}

static gboolean is_idle(gpointer key, gpointer value, gpointer ctx)
{
    (void)key, (void)ctx;
    return !((Known *)value)->asking;
}

const json_t *answerables_known(const Answerables *answerables, const Case *it)
{
    const Known *known = g_hash_table_lookup(answerables->known, it->conversation);
    return known != NULL ? known->rows : NULL;
}

const json_t *answerables_newest(const Answerables *answerables, const GPtrArray *cases)
{
    const json_t *newest = NULL;
    for (guint i = 0; i < cases->len; i++) {
        const json_t *rows = answerables_known(answerables, cases->pdata[i]), *last = json_array_get(rows, json_array_size(rows) - 1);
        if (last != NULL && (newest == NULL || facts_time(last, "at") > facts_time(newest, "at")))
            newest = last;
    }
    return newest;
}

void answerables_prepare(Answerables *answerables, const Case *it)
{
    const Known *known = g_hash_table_lookup(answerables->known, it->conversation);
    if (known == NULL || g_get_monotonic_time() - known->asked_at > LISTED_FOR)
        (void)answerables_rows(answerables, it);
}

bool answerables_checking(const Answerables *answerables, const Case *it)
{
    const Known *known = g_hash_table_lookup(answerables->known, it->conversation);
    return known == NULL || known->rows == NULL || (known->asking && g_get_monotonic_time() - known->answered_at > LIKELY_FOR);
}

const json_t *answerables_rows(Answerables *answerables, const Case *it)
{
    Known *known = g_hash_table_lookup(answerables->known, it->conversation);
    int64_t now = g_get_monotonic_time();
    if (known == NULL) {
        if (g_hash_table_size(answerables->known) >= KEPT_MAX)
            g_hash_table_foreach_remove(answerables->known, is_idle, NULL);
        known = g_new0(Known, 1);
        g_hash_table_insert(answerables->known, g_strdup(it->conversation), known);
    }
    if (!known->asking && (known->asked_at == 0 || known->seen != json_array_size(it->rows) || now - known->asked_at > GOOD_FOR)) {
        known->asking = true;
        known->asked_at = now;
        known->seen = json_array_size(it->rows);
        tc_client_answerable(answerables->client, it->conversation, answered, known);
    }
    return known->rows;
}
