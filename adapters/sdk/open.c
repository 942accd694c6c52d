#include "adapters/sdk/open.h"

#include "adapters/sdk/error.h"
#include "adapters/sdk/look.h"
#include "adapters/sdk/seal.h"
#include "adapters/sdk/vault.h"
#include "proto/json.h"
#include "proto/merkle.h"
#include "proto/part.h"
#include "proto/sign.h"
#include "proto/unpack.h"

#include <sodium.h>

static const struct {
    const char *name;
    const ProtobufCMessageDescriptor *type;
} open_types[SEAL_PARTS] = {
    [TC__PART__CODE__MINIMUM] = { "minimum", &tc__minimum__descriptor },
    [TC__PART__CODE__CLINICAL] = { "clinical", &tc__clinical__descriptor },
    [TC__PART__CODE__RISK] = { "risk", &tc__risk__descriptor },
    [TC__PART__CODE__SAFEGUARDING] = { "safeguarding", &tc__safeguarding__descriptor },
};

const char *open_part_name(int part)
{
    return part > 0 && part < SEAL_PARTS ? open_types[part].name : NULL;
}

const ProtobufCMessageDescriptor *open_part_type(int part)
{
    return open_types[part].type;
}

/* ---- Who signed ---- */

static bool open_root(int type, GBytes *body, const Tc__Provenance *provenance, TcDigest *root)
{
    gsize len;
    TcDigest leaf;
    uint8_t path[16 * TC_MERKLE_LEN];
    const void *bytes = g_bytes_get_data(body, &len);
    if (provenance->n_path > 16)
        return false;
    for (size_t i = 0; i < provenance->n_path; i++)
        memcpy(path + i * TC_MERKLE_LEN, provenance->path[i].data, TC_MERKLE_LEN);
    tc_digest_item((uint8_t)type, bytes, len, &leaf);
    return tc_merkle_climb(leaf.b, provenance->index, provenance->count, path, provenance->n_path, root->b);
}

bool open_signed(const TcClient *client, int type, GBytes *body, const Tc__Provenance *provenance, const char *service, int64_t at)
{
    TcId session;
    TcDigest root, over;
    const TcService *signer = tc_directory_service(client->directory, service);
    if (signer == NULL || !open_root(type, body, provenance, &root))
        return false;
    memcpy(session.b, provenance->session.data, sizeof session);
    tc_digest_submission(&client->passport->authority, &client->directory->broker, &session, &root, &over);
    for (size_t i = 0; i < signer->signing_key_count; i++) {
        const TcKeySpan *span = &signer->signing_keys[i];
        if (span->from_at <= at && (span->until_at == 0 || at < span->until_at)
            && tc_sign_verify(span->key.b, over.b, provenance->signature.data))
            return true;
    }
    return false;
}

static const Tc__Provenance *open_provenance(const TcClient *client, TcArena *arena, GBytes *bytes)
{
    gsize len;
    const void *data = g_bytes_get_data(bytes, &len);
    return (const Tc__Provenance *)spool_unpack(client->spool, arena, &tc__provenance__descriptor, data, len, TC_UNKNOWN_REFUSED);
}

static bool open_digest_fits(const Letter *letter)
{
    gsize len = 0;
    TcDigest digest;
    const void *content = letter->content == NULL ? NULL : g_bytes_get_data(letter->content, &len);
    tc_digest_content(content, len, &digest);
    return memcmp(digest.b, letter->header->content_digest.data, sizeof digest) == 0;
}

const char *open_standing(const TcClient *client, const Letter *letter)
{
    if (!letter->here) {
        g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(g_bytes_get_size(letter->provenance)));
        const Tc__Provenance *provenance = open_provenance(client, arena, letter->provenance);
        if (provenance == NULL || !open_signed(client, TC__ITEM_TYPE__CODE__ENVELOPE, letter->header_bytes, provenance,
                                               letter->header->sender, letter->header->created_at))
            return "bad_signature";
    }
    return open_digest_fits(letter) ? "good" : "wrong_digest";
}

bool open_look(TcClient *client, const Letter *letter)
{
    bool good = strcmp(open_standing(client, letter), "good") == 0;
    if (good && !letter->good)
        spool_do(client->spool, SQL_MESSAGE_GOOD, "u", &letter->id);
    return good;
}

/* ---- Keys ---- */

static TcPart open_part_of(const TcClient *client, const Letter *letter, int number)
{
    return (TcPart){ client->passport->authority, letter->id, (uint8_t)number };
}

static bool open_commitment_holds(const TcClient *client, const Letter *letter, int number, const uint8_t key[32])
{
    TcPart part = open_part_of(client, letter, number);
    for (size_t i = 0; i < letter->header->n_parts; i++) {
        TcDigest commitment;
        if ((int)letter->header->parts[i]->part != number)
            continue;
        memcpy(commitment.b, letter->header->parts[i]->commitment.data, sizeof commitment);
        return tc_part_commitment_holds(&part, key, &commitment);
    }
    return false;
}

/* A key that opens but breaks the commitment is no key: another wrap may hold the right one. */
static bool open_unwrap(const TcClient *client, const Letter *letter, const Tc__KeyWrap *wrapped, uint8_t key[32])
{
    TcDigest content, reader;
    TcPart part = open_part_of(client, letter, (int)wrapped->part);
    const uint8_t *secret = tc_keys_sealing_secret(client->keys, wrapped->key_id.data);
    if (secret == NULL || strcmp(wrapped->service, client->passport->service) != 0)
        return false;
    memcpy(content.b, letter->header->content_digest.data, sizeof content);
    memcpy(reader.b, wrapped->key_id.data, sizeof reader);
    return tc_part_unwrap(&part, &content, &reader, secret, wrapped->enc.data, wrapped->sealed.data, key)
           && open_commitment_holds(client, letter, (int)wrapped->part, key);
}

typedef struct Stored { GBytes *body, *provenance; } Stored;

static void open_stored_free(gpointer data)
{
    Stored *stored = data;
    g_bytes_unref(stored->body);
    g_bytes_unref(stored->provenance);
    g_free(stored);
}

static GPtrArray *open_stored_wraps(TcClient *client, const TcId *message)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(open_stored_free);
    sqlite3_stmt *row = spool_ask(client->spool, SQL_WRAP_LIST, "u", message);
    while (spool_next(client->spool, row)) {
        Stored *stored = g_new(Stored, 1);
        *stored = (Stored){ spool_bytes(row, 0), spool_bytes(row, 1) };
        g_ptr_array_add(list, stored);
    }
    return list;
}

static void open_take_from(TcClient *client, const Letter *letter, const Stored *stored, unsigned *missing)
{
    gsize len;
    uint8_t key[32];
    const void *body = g_bytes_get_data(stored->body, &len);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(len) + tc_unpack_budget(g_bytes_get_size(stored->provenance)));
    const Tc__Wrap *wrap = (const Tc__Wrap *)spool_unpack(client->spool, arena, &tc__wrap__descriptor, body, len, TC_UNKNOWN_REFUSED);
    const Tc__Provenance *provenance = wrap == NULL ? NULL : open_provenance(client, arena, stored->provenance);
    if (provenance == NULL || memcmp(wrap->message.data, letter->id.b, sizeof letter->id) != 0
        || !open_signed(client, TC__ITEM_TYPE__CODE__WRAP, stored->body, provenance, wrap->maker, wrap->made_at))
        return;
    for (size_t i = 0; i < wrap->n_keys; i++) {
        unsigned bit = 1u << wrap->keys[i]->part;
        if ((*missing & bit) == 0 || !open_unwrap(client, letter, wrap->keys[i], key))
            continue;
        vault_put(client, &letter->id, (int)wrap->keys[i]->part, key);
        *missing &= ~bit;
    }
    sodium_memzero(key, sizeof key);
}

unsigned open_take_keys(TcClient *client, const Letter *letter)
{
    unsigned missing = 0;
    uint8_t key[32];
    for (size_t i = 0; i < letter->header->n_parts; i++)
        if (!vault_get(client, &letter->id, (int)letter->header->parts[i]->part, key))
            missing |= 1u << letter->header->parts[i]->part;
    sodium_memzero(key, sizeof key);
    if (missing == 0)
        return 0;
    g_autoptr(GPtrArray) wraps = open_stored_wraps(client, &letter->id);
    for (guint i = 0; i < wraps->len && missing != 0; i++)
        open_take_from(client, letter, wraps->pdata[i], &missing);
    return missing;
}

/* ---- Parts ---- */

json_t *open_plain(int part, const void *plain, size_t len, TcProblem *problem)
{
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(len));
    const ProtobufCMessage *message = tc_unpack(arena, open_types[part].type, plain, len, TC_UNKNOWN_KEPT, problem);
    return message == NULL ? NULL : tc_json_from_message(message);
}

static void open_closed(json_t *closed, int part, const char *code, const char *text)
{
    json_object_set_new(closed, open_types[part].name, json_pack("{s:s,s:s}", "code", code, "text", text));
}

static const Tc__SealedPart *open_sealed(const Tc__Content *content, int part)
{
    for (size_t i = 0; content != NULL && i < content->n_parts; i++)
        if ((int)content->parts[i]->part == part)
            return content->parts[i];
    return NULL;
}

/* False: there is no key for it here. */
static bool open_one(TcClient *client, const Letter *letter, const Tc__Content *content, int number, json_t *parts, json_t *closed)
{
    uint8_t key[32];
    TcPart part = open_part_of(client, letter, number);
    const Tc__SealedPart *sealed = open_sealed(content, number);
    if (!vault_get(client, &letter->id, number, key)) {
        open_closed(closed, number, "no_key", "There is no key for this part here. If it is meant for this service, it has been asked for.");
        return false;
    }
    TcProblem problem = { 0 };
    json_t *plain = NULL;
    size_t len = sealed == NULL ? 0 : sealed->sealed.len - TC_PART_TAG_LEN;
    uint8_t *bytes = sodium_malloc(len + 1);
    if (bytes == NULL)
        g_error("no locked memory left to open a part");
    if (sealed != NULL && open_commitment_holds(client, letter, number, key)
        && tc_part_open(&part, key, sealed->sealed.data, sealed->sealed.len, bytes))
        plain = open_plain(number, bytes, len, &problem);
    if (plain != NULL)
        json_object_set_new(parts, open_types[number].name, plain);
    else if (problem.code == TC_CODE_TOO_LARGE)
        open_closed(closed, number, "no_memory", "There is no memory left to open this part. Give the program more, and open the message again.");
    else
        open_closed(closed, number, "damaged", "This part is damaged or forged. Do not rely on the message; ask the sender by telephone.");
    sodium_memzero(key, sizeof key);
    sodium_free(bytes);
    return true;
}

static const Tc__Content *open_content(const TcClient *client, TcArena *arena, const Letter *letter)
{
    gsize len;
    if (letter->content == NULL)
        return NULL;
    const void *bytes = g_bytes_get_data(letter->content, &len);
    return (const Tc__Content *)spool_unpack(client->spool, arena, &tc__content__descriptor, bytes, len, TC_UNKNOWN_KEPT);
}

unsigned open_parts(TcClient *client, const Letter *letter, json_t *parts, json_t *closed)
{
    unsigned missing = 0;
    const char *standing = open_standing(client, letter);
    g_autoptr(TcArena) arena = tc_arena_new(tc_unpack_budget(letter->content == NULL ? 0 : g_bytes_get_size(letter->content)));
    const Tc__Content *content = open_content(client, arena, letter);
    if (strcmp(standing, "good") == 0)
        open_take_keys(client, letter);
    for (size_t i = 0; i < letter->header->n_parts; i++) {
        int part = (int)letter->header->parts[i]->part;
        if (strcmp(standing, "good") != 0)
            open_closed(closed, part, standing, "The message is damaged or forged. Do not rely on it; ask the sender by telephone.");
        else if (!open_one(client, letter, content, part, parts, closed))
            missing |= 1u << part;
    }
    return missing;
}

json_t *open_person(TcClient *client, const GPtrArray *letters, const Letter **said)
{
    for (guint i = letters->len; i-- > 0;) {
        const Letter *letter = letters->pdata[i];
        if (!letter_counts(letter) || letter->content == NULL)
            continue;
        json_t *parts = json_object(), *closed = json_object();
        (void)open_parts(client, letter, parts, closed);
        json_t *person = json_incref((json_t *)look(parts, "minimum.person"));
        json_decref(parts);
        json_decref(closed);
        if (said != NULL)
            *said = letter;
        if (person != NULL)
            return person;
    }
    return NULL;
}
