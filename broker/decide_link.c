/* That two conversations speak of one client, without knowing who. A strong token links only with an agreeing date of birth; else
 * it is a possible match, for a person to look at. A link gives nobody access to anything. */
#include "broker/decide_work.h"

#include "broker/authorise.h"
#include "proto/uuid.h"

/* Derived from the first token, so that two conversations that arrive together meet in one client. */
static TcId decide_link_new_client(const Work *work)
{
    const TokenPair *token = &work->event->tokens[0];
    TcId strong, born;
    memcpy(strong.b, token->strong.b, sizeof strong.b);
    memcpy(born.b, token->born.b, sizeof born.b);
    return decide_id("throughcare client 1", 0, &strong, &born, 0);
}

static void decide_link_row(Work *work, const TcId *client, const TcId *message, int event)
{
    char text[TC_UUID_TEXT_LEN + 1];
    LinkRow row = { *client, work->head->conversation, *message, event == AUDIT_POSSIBLE_MATCH };
    g_array_append_val(work->decision->links, row);
    tc_uuid_format(client->b, text);
    decide_audit(work, &(AuditNote){ event, work->event->service, *message, decide_text(work, text) });
}

/* Everybody who takes part learns of it, for it may be the wrong client's dose that they wait for. Load
 * leaves out what a worker has decided. */
static void decide_link_doubt(Work *work, const TcId *client, const TcId *message)
{
    Head *head = work->head;
    const char *parties[PARTIES_MAX];
    head->possible = *client;
    decide_link_row(work, client, message, AUDIT_POSSIBLE_MATCH);
    size_t count = authorise_parties(head, "", parties);
    for (size_t i = 0; i < count; i++)
        decide_evidence(work, decide_text(work, parties[i]),
                        (EvidenceOut){ .step = STEP_POSSIBLE_MATCH, .messages = message, .message_count = 1, .by = work->event->service });
}

static void decide_link_keep_tokens(Work *work)
{
    for (size_t i = 0; i < work->event->token_count; i++) {
        const TokenPair *token = &work->event->tokens[i];
        TokenRow row = { token->strong, token->born, work->head->client, work->head->conversation };
        g_array_append_val(work->decision->tokens, row);
    }
}

/* The client of the conversation that it arises from; else whom the tokens say; else somebody not seen before. */
void decide_link_client(Work *work, const Message *message)
{
    const Known *known = &work->event->known;
    static const TcId none;
    if (known->about.version != 0)
        work->head->client = known->about.client;
    else if (work->event->token_count > 0 && !known->client_unsure)
        work->head->client = tc_id_is_none(&known->client_same) ? decide_link_new_client(work) : known->client_same;
    else
        work->head->client = decide_id("throughcare client 1", 0, &message->conversation, &none, 0);
}

void decide_link(Work *work, const Message *message)
{
    const Known *known = &work->event->known;
    Head *head = work->head;
    const TcId *same = &known->client_same, *other = &known->client_other;
    if (work->event->token_count == 0)
        return;
    if (head->version == 1 && (tc_id_is_none(same) || tc_id_equal(same, &head->client)))
        decide_link_row(work, &head->client, &message->id, AUDIT_LINKED);
    else if (!tc_id_is_none(same) && !tc_id_equal(same, &head->client) && message->kind != KIND_MERGE)
        decide_link_doubt(work, same, &message->id);
    if (!tc_id_is_none(other) && !tc_id_equal(other, same) && message->kind != KIND_MERGE)
        decide_link_doubt(work, other, &message->id);
    decide_link_keep_tokens(work);
}
