#include "adapters/sdk/wrap.h"

#include "adapters/sdk/agreed.h"
#include "adapters/sdk/error.h"
#include "adapters/sdk/pack.h"
#include "adapters/sdk/vault.h"
#include "broker/codes.h"
#include "proto/part.h"

#include <sodium.h>

#define WRAP_ASK_AGAIN (10 * G_TIME_SPAN_MINUTE)
#define WRAP_MINIMUM (1u << TC__PART__CODE__MINIMUM)
#define WRAP_ALL (~0u)
enum { WRAP_KEYS_MAX = 3 * (SEAL_PARTS - 1) };

/* One wrap in the making, for at most three readers. */
typedef struct Making {
    Tc__Wrap wrap;
    Tc__KeyWrap keys[WRAP_KEYS_MAX], *list[WRAP_KEYS_MAX];
    uint8_t enc[WRAP_KEYS_MAX][TC_HPKE_ENC_LEN], sealed[WRAP_KEYS_MAX][TC_PART_WRAPPED_LEN];
    TcDigest key_ids[WRAP_KEYS_MAX];
    TcId id;
} Making;

static void wrap_begin(TcClient *client, Making *making, const TcId *message, const TcDigest *content)
{
    tc__wrap__init(&making->wrap);
    client_new_id(client, &making->id);
    making->wrap.id = pack_bytes(making->id.b, 16);
    making->wrap.message = pack_bytes(message->b, 16);
    making->wrap.content_digest = pack_bytes(content->b, 32);
    making->wrap.maker = client->passport->service;
    making->wrap.made_at = client_now(client);
    making->wrap.keys = making->list;
}

static bool wrap_add(const TcClient *client, Making *making, int number, const uint8_t *key, const char *service, const TcDigest *reader)
{
    size_t at = making->wrap.n_keys;
    TcId message;
    TcDigest content;
    Tc__KeyWrap *entry = &making->keys[at];
    memcpy(message.b, making->wrap.message.data, sizeof message);
    memcpy(content.b, making->wrap.content_digest.data, sizeof content);
    TcPart part = { client->passport->authority, message, (uint8_t)number };
    making->key_ids[at] = *reader;
    if (!tc_part_wrap(&part, key, &content, reader, making->enc[at], making->sealed[at]))
        return false;
    tc__key_wrap__init(entry);
    entry->service = (char *)service;
    entry->key_id = pack_bytes(making->key_ids[at].b, 32);
    entry->part = (Tc__Part__Code)number;
    entry->enc = pack_bytes(making->enc[at], TC_HPKE_ENC_LEN);
    entry->sealed = pack_bytes(making->sealed[at], TC_PART_WRAPPED_LEN);
    making->list[making->wrap.n_keys++] = entry;
    return true;
}

static void wrap_for(const TcClient *client, Making *making, const Sealed *sealed, const TcService *service, unsigned parts)
{
    const TcKeySpan *span = tc_directory_key_at(service->sealing_keys, service->sealing_key_count, client_now(client));
    for (int part = 1; span != NULL && part < SEAL_PARTS; part++)
        if (sealed->keys[part] != NULL && (parts & 1u << part) != 0)
            (void)wrap_add(client, making, part, sealed->keys[part], service->id, &span->key);
}

static const TcService *wrap_spoc(const TcClient *client, const TcService *to, const char *area)
{
    if (to != NULL)
        return tc_directory_role(client->directory, to, TC__ROLE__CODE__SPOC);
    const TcArea *asked = area == NULL ? NULL : tc_directory_area(client->directory, area);
    return asked == NULL ? NULL : tc_directory_service(client->directory, asked->spoc);
}

bool wrap_first(TcClient *client, Sealed *sealed, const char *recipient, const char *area, const char *agreed, TcError *error)
{
    Making making;
    const TcService *to = recipient == NULL ? NULL : tc_directory_service(client->directory, recipient);
    const TcService *self = tc_directory_service(client->directory, client->passport->service);
    const TcService *spoc = wrap_spoc(client, to, area);
    wrap_begin(client, &making, &sealed->id, &sealed->content_digest);
    if (to != NULL)
        wrap_for(client, &making, sealed, to, WRAP_ALL);
    if (to != NULL && making.wrap.n_keys == 0)
        return error_set(error, "no_key", "recipient", "Nothing can be sealed to this service's key. Tell the authority.");
    if (self != to)
        wrap_for(client, &making, sealed, self, WRAP_ALL);
    bool may = spoc != NULL && sealed->kind != KIND_FIGURES && consent_allows(agreed, spoc->id, CONSENT_ANYTHING | WRAP_MINIMUM, client_now(client));
    if (may && spoc != to && spoc != self)
        wrap_for(client, &making, sealed, spoc, WRAP_MINIMUM);
    sealed->wrap = pack(&making.wrap.base);
    return true;
}

/* ---- Granting ---- */

static bool wrap_holds_role(const TcDirectory *directory, const char *for_whom, const TcService *asker)
{
    const TcService *service = for_whom == NULL ? NULL : tc_directory_service(directory, for_whom);
    if (service == NULL)
        return false;
    for (int role = TC__ROLE__CODE__SPOC; role <= TC__ROLE__CODE__AREA_MANAGER; role++)
        if (tc_directory_role(directory, service, role) == asker)
            return true;
    return false;
}

/* Whoever sent a message of the conversation, or had one addressed to it, is a party to the whole; a forged one makes nobody a party. */
static bool wrap_is_party(TcClient *client, const Letter *letter, const char *service)
{
    g_autoptr(GPtrArray) letters = letter_conversation(client, &letter->conversation);
    for (guint i = 0; i < letters->len; i++) {
        const Letter *each = letters->pdata[i];
        if (letter_counts(each) && (strcmp(each->header->sender, service) == 0 || g_strcmp0(each->header->recipient, service) == 0))
            return true;
    }
    return false;
}

static bool wrap_accepted(TcClient *client, const Letter *letter, const char *service)
{
    g_autoptr(GPtrArray) letters = letter_conversation(client, &letter->conversation);
    for (guint i = 0; i < letters->len; i++) {
        const Letter *each = letters->pdata[i];
        if (letter_counts(each) && strcmp(each->header->sender, service) == 0 && each->rules.kind == KIND_REFERRAL_ANSWER
            && each->rules.group.coded.code == REFERRAL_REPLY_ACCEPT)
            return true;
    }
    return false;
}

/* Whom the broker may have found: a service in the area, or one that stands in for a service there. */
static bool wrap_may_be_found(const TcDirectory *directory, const char *area, const TcService *asker)
{
    if (strcmp(asker->area, area) == 0)
        return true;
    for (size_t i = 0; i < directory->service_count; i++)
        if (strcmp(directory->services[i].area, area) == 0 && wrap_holds_role(directory, directory->services[i].id, asker))
            return true;
    return false;
}

static unsigned wrap_allowed_by_request(TcClient *client, const Letter *letter, const TcService *asker)
{
    if (strcmp(letter->header->sender, asker->id) == 0 || wrap_accepted(client, letter, asker->id))
        return WRAP_ALL;
    return wrap_may_be_found(client->directory, letter->rules.request.area, asker) ? WRAP_MINIMUM : 0;
}

static unsigned wrap_allowed(TcClient *client, const Letter *letter, const TcService *asker)
{
    if (letter->rules.request.kind != 0)
        return wrap_allowed_by_request(client, letter, asker);
    if (wrap_is_party(client, letter, asker->id))
        return WRAP_ALL;
    if (wrap_holds_role(client->directory, letter->header->recipient, asker)
        || wrap_holds_role(client->directory, letter->header->sender, asker))
        return WRAP_MINIMUM;
    return 0;
}

/* Those of the parts that the client agreed to, for somebody other than the sender. */
static unsigned wrap_agreed(TcClient *client, const Letter *letter, const TcService *asker, unsigned parts)
{
    char text[CONSENT_TEXT_MAX];
    unsigned agreed = 0;
    if (strcmp(letter->header->sender, asker->id) == 0 || consent_governs(&letter->rules) == 0)
        return parts;
    agreed_of(client, &letter->conversation, text);
    for (int part = 1; part < SEAL_PARTS; part++)
        if ((parts & 1u << part) != 0 && consent_allows(text, asker->id, CONSENT_ANYTHING | 1u << part, client_now(client)))
            agreed |= 1u << part;
    return agreed;
}

static bool wrap_key_in_force(const TcClient *client, const TcService *service, const TcDigest *key)
{
    int64_t now = client_now(client);
    for (size_t i = 0; i < service->sealing_key_count; i++) {
        const TcKeySpan *span = &service->sealing_keys[i];
        if (tc_digest_equal(&span->key, key) && span->from_at <= now && (span->until_at == 0 || now < span->until_at))
            return true;
    }
    return false;
}

static unsigned wrap_asked_parts(const Tc__WrapRequest *request)
{
    unsigned parts = 0;
    for (size_t i = 0; i < request->n_parts; i++)
        parts |= 1u << request->parts[i];
    return parts == 0 ? WRAP_ALL : parts;
}

static void wrap_make(TcClient *client, const Letter *letter, uint64_t delivery, const TcService *asker, const TcDigest *reader, unsigned parts)
{
    Making making;
    TcDigest content;
    uint8_t key[32];
    memcpy(content.b, letter->header->content_digest.data, sizeof content);
    wrap_begin(client, &making, &letter->id, &content);
    for (int part = 1; part < SEAL_PARTS; part++)
        if ((parts & 1u << part) != 0 && vault_get(client, &letter->id, part, key))
            (void)wrap_add(client, &making, part, key, asker->id, reader);
    sodium_memzero(key, sizeof key);
    if (making.wrap.n_keys == 0)
        return;
    making.wrap.has_request = true;
    making.wrap.request = delivery;
    g_autoptr(GByteArray) body = pack(&making.wrap.base);
    seal_item(client, TC__ITEM_TYPE__CODE__WRAP, &letter->id, 0, body, NULL);
    client_log(client, 6, "wrap granted to=%s keys=%zu", asker->id, making.wrap.n_keys);
}

void wrap_grant(TcClient *client, uint64_t delivery, const Tc__WrapRequest *request)
{
    TcId id;
    TcDigest reader;
    memcpy(id.b, request->message.data, sizeof id);
    memcpy(reader.b, request->key_id.data, sizeof reader);
    const TcService *asker = tc_directory_service(client->directory, request->service);
    g_autoptr(Letter) letter = letter_load(client, &id, NULL);
    if (letter == NULL)
        return;
    unsigned parts = asker == NULL || !wrap_key_in_force(client, asker, &reader) ? 0 : wrap_allowed(client, letter, asker);
    parts = parts == 0 ? 0 : wrap_agreed(client, letter, asker, parts);
    if (parts == 0)
        client_log(client, 4, "wrap not granted to=%s: neither the directory nor what the client agreed to bears it out", request->service);
    else
        wrap_make(client, letter, delivery, asker, &reader, parts & wrap_asked_parts(request));
}

/* ---- Asking ---- */

void wrap_ask(TcClient *client, const Letter *letter, unsigned parts)
{
    const TcId *message = &letter->id;
    Tc__Confirmation confirmation = TC__CONFIRMATION__INIT;
    Tc__Part__Code list[SEAL_PARTS];
    int64_t now = client_now(client), asked = spool_number(client->spool, 0, SQL_ASKED_GET, "u", message);
    const char *self = client->passport->service;
    bool all = letter->rules.request.kind != 0 ? wrap_accepted(client, letter, self) : wrap_is_party(client, letter, self);
    parts &= all ? WRAP_ALL : WRAP_MINIMUM;
    if (parts == 0 || (asked != 0 && now >= asked && now - asked < WRAP_ASK_AGAIN))
        return;
    for (int part = 1; part < SEAL_PARTS; part++)
        if ((parts & 1u << part) != 0)
            list[confirmation.n_parts++] = (Tc__Part__Code)part;
    confirmation.step = TC__STEP__CODE__CANNOT_OPEN;
    confirmation.service = client->passport->service;
    confirmation.station = client->passport->station;
    confirmation.has_message = true;
    confirmation.message = pack_bytes(message->b, 16);
    confirmation.parts = list;
    confirmation.at = now;
    g_autoptr(GByteArray) body = pack(&confirmation.base);
    seal_item(client, TC__ITEM_TYPE__CODE__CONFIRMATION, message, 0, body, NULL);
    spool_do(client->spool, SQL_ASKED_SET, "ui", message, now);
    client_wake(client);
}
