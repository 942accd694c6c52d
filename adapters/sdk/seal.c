#include "adapters/sdk/seal.h"

#include "adapters/sdk/agreed.h"
#include "adapters/sdk/aside.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/letter.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/open.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/safety.h"
#include "adapters/sdk/state.h"
#include "adapters/sdk/vault.h"
#include "adapters/sdk/wrap.h"
#include "broker/decode_item.h"
#include "proto/date.h"
#include "proto/json.h"
#include "proto/linkage.h"
#include "proto/part.h"

#include <sodium.h>

/* ---- The header ---- */

/* What the SDK alone may say; and "parts" of a header is the list of commitments, which is made here too. */
static bool seal_nothing_of_ours(const json_t *message, TcError *error)
{
    static const char *const ours[] = { "id", "sender", "created_at", "content_digest", "tokens_digest" };
    for (size_t i = 0; i < G_N_ELEMENTS(ours); i++)
        if (json_object_get(message, ours[i]) != NULL)
            return error_set(error, "surplus_field", ours[i], "The SDK fills this in. Leave it out.");
    return true;
}

/* The other side. Of a request, a newer version asks for the same again, a recall follows it by itself, and anything else goes to whoever
 * answered last. */
static void seal_follow_recipient(TcClient *client, json_t *header, const Letter *letter)
{
    const char *recipient = letter->ours ? letter->header->recipient : letter->header->sender;
    if (recipient != NULL) {
        json_object_set_new(header, "recipient", json_string(recipient));
        return;
    }
    if (json_object_get(header, "supersedes") != NULL) {
        json_object_set_new(header, "request", tc_json_from_message(&letter->header->request->base));
        return;
    }
    if (g_strcmp0(look_text(header, "kind"), "recall") == 0)
        return;
    g_autoptr(GPtrArray) letters = letter_conversation(client, &letter->conversation);
    Standing standing = state_of(letters);
    if (standing.answer != NULL)
        json_object_set_new(header, "recipient", json_string(standing.answer->header->sender));
}

/* The conversation and recipient of the message that this one replies to or replaces, unless they are said. */
static bool seal_follow(TcClient *client, json_t *header, const char *field)
{
    TcId id;
    if (!look_id(header, field, &id))
        return false;
    g_autoptr(Letter) letter = letter_load(client, &id, NULL);
    if (letter == NULL)
        return false;
    if (json_object_get(header, "conversation") == NULL)
        json_object_set_new(header, "conversation", look_of_id(&letter->conversation));
    if (json_object_get(header, "recipient") == NULL && json_object_get(header, "request") == NULL)
        seal_follow_recipient(client, header, letter);
    return true;
}

static bool seal_recipient(const TcClient *client, const json_t *header, TcError *error)
{
    const char *recipient = look_text(header, "recipient"), *area = look_text(header, "request.area");
    if (recipient == NULL && (area != NULL || g_strcmp0(look_text(header, "kind"), "recall") == 0))
        return area == NULL || tc_directory_area(client->directory, area) != NULL || error_code(error, TC_CODE_UNKNOWN_RECIPIENT, "request.area");
    if (recipient == NULL)
        return error_code(error, TC_CODE_MISSING_FIELD, "recipient");
    const TcService *service = tc_directory_service(client->directory, recipient);
    if (service == NULL)
        return error_code(error, TC_CODE_UNKNOWN_RECIPIENT, "recipient");
    if (tc_directory_key_at(service->sealing_keys, service->sealing_key_count, client_now(client)) == NULL)
        return error_set(error, "no_key", "recipient", "The directory has no sealing key for this service now. Tell the authority.");
    return true;
}

static json_t *seal_header(TcClient *client, const json_t *message, Sealed *sealed, TcError *error)
{
    if (!json_is_object(message)) {
        error_set(error, "bad_text", NULL, "A message is a JSON object.");
        return NULL;
    }
    if (!seal_nothing_of_ours(message, error))
        return NULL;
    json_t *header = json_copy((json_t *)message);
    json_object_del(header, "parts");
    client_new_id(client, &sealed->id);
    sealed->created_at = client_now(client);
    if (!seal_follow(client, header, "supersedes"))
        seal_follow(client, header, "in_reply_to");
    if (json_object_get(header, "conversation") == NULL && json_object_get(header, "in_reply_to") == NULL
        && json_object_get(header, "supersedes") == NULL)
        json_object_set_new(header, "conversation", look_of_id(&sealed->id));
    json_object_set_new(header, "id", look_of_id(&sealed->id));
    json_object_set_new(header, "sender", json_string(client->passport->service));
    json_object_set_new(header, "created_at", look_of_time(sealed->created_at));
    if (seal_recipient(client, header, error))
        return header;
    json_decref(header);
    return NULL;
}

/* ---- The content ---- */

static TcPart seal_part_of(const TcClient *client, const TcId *message, int number)
{
    return (TcPart){ client->passport->authority, *message, (uint8_t)number };
}

static void seal_part(const TcClient *client, Sealed *sealed, int number, const GByteArray *plain, Tc__Content *content, json_t *seals)
{
    TcDigest commitment;
    TcPart part = seal_part_of(client, &sealed->id, number);
    Tc__SealedPart *entry = content->parts[content->n_parts++];
    entry->part = (Tc__Part__Code)number;
    entry->sealed.len = plain->len + TC_PART_TAG_LEN;
    entry->sealed.data = g_malloc(entry->sealed.len);
    sealed->keys[number] = tc_part_key_new();
    tc_part_seal(&part, sealed->keys[number], plain->data, plain->len, entry->sealed.data);
    tc_part_commit(&part, sealed->keys[number], &commitment);
    json_t *seal = json_pack("{s:s}", "part", open_part_name(number));
    json_object_set_new(seal, "commitment", look_of_hex(commitment.b, sizeof commitment.b));
    json_array_append_new(seals, seal);
}

static bool seal_part_from(const TcClient *client, Sealed *sealed, int number, const json_t *json, Tc__Content *content,
                           json_t *seals, TcError *error)
{
    TcProblem problem;
    GByteArray *plain = tc_json_pack(open_part_type(number), json, &problem);
    if (plain == NULL) {
        g_autofree char *prefix = g_strconcat("parts.", open_part_name(number), NULL);
        return error_problem(error, &problem, prefix);
    }
    seal_part(client, sealed, number, plain, content, seals);
    sodium_memzero(plain->data, plain->len);
    g_byte_array_unref(plain);
    return true;
}

static bool seal_parts_known(const json_t *parts, TcError *error)
{
    const char *name;
    json_t *part;
    if (parts != NULL && !json_is_object(parts))
        return error_set(error, "bad_text", "parts", "The parts are an object: minimum, clinical, risk, safeguarding.");
    json_object_foreach ((json_t *)parts, name, part) {
        int number = 1;
        while (number < SEAL_PARTS && strcmp(open_part_name(number), name) != 0)
            number++;
        if (number == SEAL_PARTS)
            return error_set(error, "unknown_field", "parts", "There are only the parts minimum, clinical, risk and safeguarding.");
    }
    return true;
}

static bool seal_content(const TcClient *client, const json_t *parts, json_t *header, Sealed *sealed, TcError *error)
{
    Tc__Content content = TC__CONTENT__INIT;
    Tc__SealedPart entries[SEAL_PARTS], *list[SEAL_PARTS];
    json_t *seals = json_array();
    bool ok = seal_parts_known(parts, error);
    content.parts = list;
    for (int number = 1; number < SEAL_PARTS; number++) {
        const json_t *part = json_object_get(parts, open_part_name(number));
        tc__sealed_part__init(&entries[number]);
        if (!ok || part == NULL)
            continue;
        list[content.n_parts] = &entries[number];
        ok = seal_part_from(client, sealed, number, part, &content, seals, error);
    }
    if (ok && content.n_parts > 0)
        sealed->content = pack(&content.base);
    for (size_t i = 0; i < content.n_parts; i++)
        g_free(list[i]->sealed.data);
    tc_digest_content(sealed->content == NULL ? NULL : sealed->content->data, sealed->content == NULL ? 0 : sealed->content->len,
                      &sealed->content_digest);
    json_object_set_new(header, "parts", seals);
    json_object_set_new(header, "content_digest", look_of_hex(sealed->content_digest.b, sizeof sealed->content_digest.b));
    return ok;
}

/* ---- Linkage tokens ---- */

static void seal_token(const TcClient *client, GByteArray *tokens, TcLinkageType type, const char *number, const char *born)
{
    TcLinkageToken token;
    if (number == NULL || tokens->len >= 8 * sizeof token || !tc_linkage_token(client->linkage, type, number, born, &token))
        return;
    for (guint at = 0; at < tokens->len; at += sizeof token)
        if (memcmp(tokens->data + at, &token.strong, sizeof token.strong) == 0)
            return;
    g_byte_array_append(tokens, token.strong.b, sizeof token.strong);
    g_byte_array_append(tokens, token.born.b, sizeof token.born);
}

GByteArray *seal_tokens(const TcClient *client, const json_t *person)
{
    size_t i;
    json_t *number;
    const char *born = look_text(person, "date_of_birth");
    if (client->linkage == NULL || born == NULL)
        return NULL;
    g_autoptr(GByteArray) tokens = g_byte_array_new();
    seal_token(client, tokens, TC_LINKAGE_NHS, look_text(person, "nhs_number"), born);
    json_array_foreach ((json_t *)look(person, "prison_numbers"), i, number)
        seal_token(client, tokens, TC_LINKAGE_PRISON, json_string_value(number), born);
    seal_token(client, tokens, TC_LINKAGE_PNC, look_text(person, "pnc_id"), born);
    return tokens->len == 0 ? NULL : g_steal_pointer(&tokens);
}

/* A word on who the client is carries the numbers that the conversation has had, though not the person: the broker must know which number it is about. */
static json_t *seal_person(TcClient *client, const json_t *message, const json_t *header)
{
    TcId conversation;
    json_t *person = (json_t *)look(message, "parts.minimum.person");
    if (person != NULL || !look_is(message, "kind", "merge") || !look_id(header, "conversation", &conversation))
        return json_incref(person);
    g_autoptr(GPtrArray) letters = letter_conversation(client, &conversation);
    return open_person(client, letters, NULL);
}

static void seal_link(TcClient *client, const json_t *message, json_t *header, Sealed *sealed)
{
    TcDigest digest;
    json_t *person = seal_person(client, message, header);
    sealed->tokens = seal_tokens(client, person);
    json_decref(person);
    if (sealed->tokens == NULL)
        return;
    randombytes_buf(sealed->token_salt, sizeof sealed->token_salt);
    tc_digest_tokens(sealed->token_salt, sealed->tokens->data, sealed->tokens->len / 64, &digest);
    json_object_set_new(header, "tokens_digest", look_of_hex(digest.b, sizeof digest.b));
}

/* ---- The kind's rules, as the broker reads them ---- */

static bool seal_refused(const Refusal *refusal, TcError *error)
{
    const char *field = refusal->field == NULL ? "" : refusal->field;
    field = g_str_has_prefix(field, "header.") ? field + strlen("header.") : field;
    return error_code(error, (uint32_t)refusal->code, strcmp(field, "item.content") == 0 ? "parts" : field);
}

/* agreed: CONSENT_TEXT_MAX bytes; what the client agreed to, when it is good. */
static bool seal_rules_hold(TcClient *client, const Sealed *sealed, char *agreed, TcError *error)
{
    static const uint8_t no_key[DECODE_TOKEN_KEY_LEN];
    Tc__Item item = TC__ITEM__INIT;
    ItemIn judged = { 0 };
    g_autoptr(TcArena) arena = tc_arena_new(SIZE_MAX);
    item.type = TC__ITEM_TYPE__CODE__ENVELOPE;
    item.body = pack_bytes(sealed->header->data, sealed->header->len);
    item.has_content = sealed->content != NULL;
    if (item.has_content)
        item.content = pack_bytes(sealed->content->data, sealed->content->len);
    Tc__Token tokens[8], *list[8];
    g_autofree uint8_t *copy = sealed->tokens == NULL ? NULL : g_memdup2(sealed->tokens->data, sealed->tokens->len);
    item.tokens = list;
    item.has_token_salt = copy != NULL;
    item.token_salt = pack_bytes(sealed->token_salt, sizeof sealed->token_salt);
    for (; copy != NULL && item.n_tokens < sealed->tokens->len / 64; item.n_tokens++) {
        tc__token__init(list[item.n_tokens] = &tokens[item.n_tokens]);
        tokens[item.n_tokens].strong = pack_bytes(copy + 64 * item.n_tokens, 32);
        tokens[item.n_tokens].born = pack_bytes(copy + 64 * item.n_tokens + 32, 32);
    }
    decode_item(arena, &item, no_key, &judged);
    if (judged.refusal.code != 0)
        return seal_refused(&judged.refusal, error);
    agreed_for(client, &judged.item.message, agreed);
    return agreed_check(&judged.item.message, agreed, sealed->created_at, error);
}

/* ---- Together ---- */

static void seal_note_ids(Sealed *sealed, const json_t *header)
{
    look_id(header, "conversation", &sealed->conversation);
    look_id(header, "in_reply_to", &sealed->in_reply_to);
    look_id(header, "supersedes", &sealed->supersedes);
    if (!tc_json_code_of(&tc__kind__code__descriptor, look_text(header, "kind"), &sealed->kind))
        g_error("a checked header has no kind");
}

static bool seal_body(const json_t *header, Sealed *sealed, TcError *error)
{
    TcProblem problem;
    sealed->header = tc_json_pack(&tc__header__descriptor, header, &problem);
    return sealed->header != NULL || error_problem(error, &problem, "");
}

static bool seal_fits_the_client(TcClient *client, const json_t *message, const json_t *header, TcError *error)
{
    TcId conversation;
    json_t *aside = look_id(header, "conversation", &conversation) ? aside_of(client, &conversation) : json_object();
    TcId about;
    json_t *origin = look_id(header, "about", &about) ? aside_of(client, &about) : NULL;
    json_array_extend(json_object_get(aside, "zones"), json_object_get(origin, "zones"));
    if (origin != NULL && json_object_get(aside, "wrong_person") == NULL)
        json_object_set(aside, "wrong_person", json_object_get(origin, "wrong_person"));
    bool good = safety_check_aside(message, aside, error);
    json_decref(origin);
    json_decref(aside);
    return good;
}

bool seal_message(TcClient *client, const json_t *message, Sealed *sealed, TcError *error)
{
    char agreed[CONSENT_TEXT_MAX] = "";
    memset(sealed, 0, sizeof *sealed);
    json_t *header = seal_header(client, message, sealed, error);
    bool ok = header != NULL && safety_check_figures(message, error) && safety_check_doses(message, error)
              && seal_content(client, json_object_get(message, "parts"), header, sealed, error);
    if (ok) {
        seal_link(client, message, header, sealed);
        ok = seal_body(header, sealed, error) && seal_rules_hold(client, sealed, agreed, error) && safety_check(message, sealed->created_at, error)
             && seal_fits_the_client(client, message, header, error);
    }
    if (ok) {
        seal_note_ids(sealed, header);
        ok = sealed->content == NULL || wrap_first(client, sealed, look_text(header, "recipient"), look_text(header, "request.area"), agreed, error);
    }
    json_decref(header);
    return ok;
}

void seal_clear(Sealed *sealed)
{
    g_clear_pointer(&sealed->header, g_byte_array_unref);
    g_clear_pointer(&sealed->content, g_byte_array_unref);
    g_clear_pointer(&sealed->wrap, g_byte_array_unref);
    g_clear_pointer(&sealed->tokens, g_byte_array_unref);
    for (int part = 0; part < SEAL_PARTS; part++)
        g_clear_pointer(&sealed->keys[part], tc_part_key_free);
}

void seal_item(TcClient *client, int type, const TcId *message, int paired, const GByteArray *body, const Sealed *tokens)
{
    TcDigest digest;
    bool linked = tokens != NULL && tokens->tokens != NULL;
    tc_digest_item((uint8_t)type, body->data, body->len, &digest);
    spool_do(client->spool, SQL_ITEM_ADD, "diuibbbi", &digest, (int64_t)type, message, (int64_t)paired, body->data, (size_t)body->len,
             linked ? tokens->token_salt : NULL, sizeof tokens->token_salt, linked ? tokens->tokens->data : NULL,
             linked ? (size_t)tokens->tokens->len : 0, client_now(client));
}

void seal_store(TcClient *client, const Sealed *sealed)
{
    spool_do(client->spool, SQL_MESSAGE_ADD, "uiuiuubbbii", &sealed->id, (int64_t)DIRECTION_OUT, &sealed->conversation, (int64_t)sealed->kind,
             &sealed->in_reply_to, &sealed->supersedes, sealed->header->data, (size_t)sealed->header->len,
             sealed->content == NULL ? NULL : sealed->content->data, sealed->content == NULL ? (size_t)0 : sealed->content->len,
             NULL, (size_t)0, (int64_t)0, sealed->created_at);
    for (int part = 1; part < SEAL_PARTS; part++)
        if (sealed->keys[part] != NULL)
            vault_put(client, &sealed->id, part, sealed->keys[part]);
    seal_item(client, TC__ITEM_TYPE__CODE__ENVELOPE, &sealed->id, sealed->wrap == NULL ? 0 : 1, sealed->header, sealed);
    if (sealed->wrap != NULL)
        seal_item(client, TC__ITEM_TYPE__CODE__WRAP, &sealed->id, 2, sealed->wrap, NULL);
    client_wake(client);
}
