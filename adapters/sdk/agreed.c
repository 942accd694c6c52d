#include "adapters/sdk/agreed.h"

#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"
#include "broker/codes.h"
#include "proto/json.h"
#include "throughcare.pb-c.h"

#include <string.h>

/* ---- What stands ---- */

static int agreed_code(const ProtobufCEnumDescriptor *list, const char *name)
{
    int code = 0;
    return name != NULL && tc_json_code_of(list, name, &code) ? code : 0;
}

/* As the broker's evidence has it. */
static ConsentScope agreed_scope(const json_t *json)
{
    size_t i;
    json_t *each;
    const json_t *purposes = look(json, "purposes");
    ConsentScope scope = { .state = agreed_code(&tc__consent_state__code__descriptor, look_text(json, "state")),
                           .treatment = json_array_size(purposes) == 0, .from_at = look_time(json, "from_at"), .until_at = look_time(json, "until_at") };
    json_array_foreach ((json_t *)purposes, i, each)
        scope.treatment = scope.treatment || g_strcmp0(json_string_value(each), "treatment") == 0;
    json_array_foreach ((json_t *)look(json, "parts"), i, each)
        scope.parts |= 1u << agreed_code(&tc__part__code__descriptor, json_string_value(each));
    json_array_foreach ((json_t *)look(json, "services"), i, each)
        if (scope.service_count < G_N_ELEMENTS(scope.services))
            scope.services[scope.service_count++] = json_string_value(each);
    return scope;
}

/* The broker told of it last, or a statement says so: the newest. A scope beside another message counts where nothing was said before. */
static int64_t agreed_by_letters(TcClient *client, const TcId *conversation, char *text)
{
    int64_t at = 0;
    g_autoptr(GPtrArray) letters = letter_conversation(client, conversation);
    for (guint i = 0; i < letters->len; i++) {
        const Letter *letter = letters->pdata[i];
        const ConsentScope *scope = &letter->rules.consent;
        bool states = letter->rules.kind == KIND_CONSENT;
        if (!letter_counts(letter) || scope->state == 0 || !scope->treatment || (!states && text[0] != '\0'))
            continue;
        consent_write(scope, text);
        at = states ? letter->at : 0;
    }
    return at;
}

static void agreed_by_evidence(TcClient *client, const TcId *conversation, int64_t since, char *text)
{
    sqlite3_stmt *event = spool_ask(client->spool, SQL_EVENT_CONVERSATION, "u", conversation);
    while (spool_next(client->spool, event)) {
        json_t *row = json_loads((const char *)sqlite3_column_text(event, 1), 0, NULL);
        ConsentScope scope = agreed_scope(look(row, "consent"));
        if (look_is(row, "step", "consent_changed") && scope.treatment && look_time(row, "at") >= since) {
            since = look_time(row, "at");
            consent_write(&scope, text);
        }
        json_decref(row);
    }
}

void agreed_of(TcClient *client, const TcId *conversation, char *text)
{
    text[0] = '\0';
    int64_t since = agreed_by_letters(client, conversation, text);
    agreed_by_evidence(client, conversation, since, text);
}

void agreed_for(TcClient *client, const Message *message, char *text)
{
    agreed_of(client, &message->conversation, text);
    if (text[0] == '\0' && !tc_id_is_none(&message->about))
        agreed_of(client, &message->about, text);
    if (text[0] == '\0' && message->kind != KIND_CONSENT && message->consent.state != 0 && message->consent.treatment)
        consent_write(&message->consent, text);
}

/* ---- May it be sent? ---- */

/* Whom the broker finds for a request is its to judge; that the client agreed to nobody is not. */
static bool agreed_reaches(const Message *message, const char *text, unsigned governed, int64_t now)
{
    static const char *const nobody[] = { "withdrawn", "refused", "ended" };
    if (message->recipient != NULL)
        return consent_allows(text, message->recipient, governed, now);
    for (size_t i = 0; governed != 0 && i < G_N_ELEMENTS(nobody); i++)
        if (strcmp(consent_standing(text, now), nobody[i]) == 0)
            return false;
    return true;
}

bool agreed_check(const Message *message, const char *text, int64_t now, TcError *error)
{
    if (!agreed_reaches(message, text, consent_governs(message), now))
        return error_code(error, TC_CODE_NO_CONSENT, "recipient");
    if (!agreed_reaches(message, text, consent_would_govern(message), now) && message->sharing_reason < REASON_OVERDOSE_RISK)
        return error_code(error, TC_CODE_REASON_NEEDED, "sharing_reason");
    return true;
}
