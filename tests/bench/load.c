#include "tests/bench/load.h"

#include "proto/digests.h"
#include "proto/part.h"
#include "proto/uuid.h"

#include <sodium.h>

static ProtobufCBinaryData packed(const ProtobufCMessage *message)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    ProtobufCBinaryData data = { len, g_malloc(len) };
    protobuf_c_message_pack(message, data.data);
    return data;
}

/* A minimum part of the wanted size, sealed; gives the content bytes. */
static ProtobufCBinaryData sealed_content(const TcPart *part, const uint8_t *key, size_t size)
{
    g_autofree char *note = g_strnfill(size > 200 ? size - 200 : 1, 'x');
    Tc__Person person = TC__PERSON__INIT;
    person.surname = (char *)"Made-Up";
    Tc__Minimum minimum = TC__MINIMUM__INIT;
    minimum.person = &person;
    minimum.note = note;
    ProtobufCBinaryData plain = packed(&minimum.base);
    g_autofree uint8_t *sealed = g_malloc(plain.len + TC_PART_TAG_LEN);
    tc_part_seal(part, key, plain.data, plain.len, sealed);
    Tc__SealedPart sealed_part = TC__SEALED_PART__INIT, *parts[1] = { &sealed_part };
    sealed_part.part = TC__PART__CODE__MINIMUM;
    sealed_part.sealed = (ProtobufCBinaryData){ plain.len + TC_PART_TAG_LEN, sealed };
    Tc__Content content = TC__CONTENT__INIT;
    content.n_parts = 1;
    content.parts = parts;
    ProtobufCBinaryData bytes = packed(&content.base);
    g_free(plain.data);
    return bytes;
}

static void fill_release(const Station *station, Tc__ReleaseHeader *release)
{
    release->certainty = TC__CERTAINTY__CODE__PLANNED;
    release->route = TC__ROUTE__CODE__BAIL;
    release->prison = (char *)tc_directory_service(station->directory, station->service)->prison;
    release->area = (char *)tc_directory_service(station->directory, station->service)->area;
    release->area_certainty = TC__AREA_CERTAINTY__CODE__CONFIRMED;
    release->meet_asked = TC__YES_NO__CODE__YES;
}

static ProtobufCBinaryData header_bytes(Station *station, const char *recipient, const TcPart *part, const uint8_t *key,
                                        const TcDigest *content)
{
    TcDigest commitment;
    tc_part_commit(part, key, &commitment);
    Tc__PartSeal seal = TC__PART_SEAL__INIT, *seals[1] = { &seal };
    seal.part = TC__PART__CODE__MINIMUM;
    seal.commitment = (ProtobufCBinaryData){ 32, commitment.b };
    Tc__ReleaseHeader release = TC__RELEASE_HEADER__INIT;
    fill_release(station, &release);
    Tc__Header header = TC__HEADER__INIT;
    header.id = header.conversation = (ProtobufCBinaryData){ 16, (uint8_t *)part->message.b };
    header.kind = TC__KIND__CODE__RELEASE_NOTIFICATION;
    header.sender = station->service;
    header.recipient = (char *)recipient;
    header.created_at = g_get_real_time();
    header.n_parts = 1;
    header.parts = seals;
    header.content_digest = (ProtobufCBinaryData){ 32, (uint8_t *)content->b };
    header.release = &release;
    return packed(&header.base);
}

typedef struct Wrapping {
    Tc__KeyWrap keys[3], *list[3];
    uint8_t enc[3][TC_HPKE_ENC_LEN], sealed[3][TC_PART_WRAPPED_LEN];
    size_t count;
} Wrapping;

static void wrap_for(Wrapping *w, const TcService *to, const TcPart *part, const uint8_t *key, const TcDigest *content)
{
    for (size_t i = 0; i < w->count; i++)
        if (g_strcmp0(w->keys[i].service, to->id) == 0)
            return;
    const TcKeySpan *reader = tc_directory_key_at(to->sealing_keys, to->sealing_key_count, g_get_real_time());
    size_t i = w->count++;
    if (!reader || !tc_part_wrap(part, key, content, &reader->key, w->enc[i], w->sealed[i]))
        station_fail("%s has no key to seal to", to->id);
    tc__key_wrap__init(&w->keys[i]);
    w->keys[i].service = (char *)to->id;
    w->keys[i].key_id = (ProtobufCBinaryData){ 32, (uint8_t *)reader->key.b };
    w->keys[i].part = TC__PART__CODE__MINIMUM;
    w->keys[i].enc = (ProtobufCBinaryData){ TC_HPKE_ENC_LEN, w->enc[i] };
    w->keys[i].sealed = (ProtobufCBinaryData){ TC_PART_WRAPPED_LEN, w->sealed[i] };
    w->list[i] = &w->keys[i];
}

static ProtobufCBinaryData wrap_bytes(Station *station, const TcService *recipient, const TcPart *part, const uint8_t *key,
                                      const TcDigest *content, TcId *id)
{
    TcUuidMaker maker = { 0 };
    Wrapping w = { .count = 0 };
    tc_uuid_make(&maker, g_get_real_time(), id->b);
    wrap_for(&w, recipient, part, key, content);
    const TcService *spoc = tc_directory_role(station->directory, recipient, TC__ROLE__CODE__SPOC);
    if (spoc)
        wrap_for(&w, spoc, part, key, content);
    wrap_for(&w, tc_directory_service(station->directory, station->service), part, key, content);
    Tc__Wrap wrap = TC__WRAP__INIT;
    wrap.id = (ProtobufCBinaryData){ 16, id->b };
    wrap.message = (ProtobufCBinaryData){ 16, (uint8_t *)part->message.b };
    wrap.maker = station->service;
    wrap.made_at = g_get_real_time();
    wrap.content_digest = (ProtobufCBinaryData){ 32, (uint8_t *)content->b };
    wrap.n_keys = w.count;
    wrap.keys = w.list;
    return packed(&wrap.base);
}

void load_prepare(Station *station, const char *recipient, size_t size, Prepared *prepared)
{
    static TcUuidMaker maker;
    const TcService *to = tc_directory_service(station->directory, recipient);
    if (!to)
        station_fail("no service %s in the directory", recipient);
    TcPart part = { .authority = station->authority, .number = TC__PART__CODE__MINIMUM };
    TcDigest content;
    uint8_t key[TC_PART_KEY_LEN];
    randombytes_buf(key, sizeof key);
    tc_uuid_make(&maker, g_get_real_time(), part.message.b);
    prepared->id = part.message;
    tc__item__init(&prepared->envelope);
    prepared->envelope.type = TC__ITEM_TYPE__CODE__ENVELOPE;
    prepared->envelope.content = sealed_content(&part, key, size);
    prepared->envelope.has_content = 1;
    tc_digest_content(prepared->envelope.content.data, prepared->envelope.content.len, &content);
    prepared->envelope.body = header_bytes(station, recipient, &part, key, &content);
    tc_digest_item(prepared->envelope.type, prepared->envelope.body.data, prepared->envelope.body.len, &prepared->envelope_digest);
    tc__item__init(&prepared->wrap);
    prepared->wrap.type = TC__ITEM_TYPE__CODE__WRAP;
    prepared->wrap.body = wrap_bytes(station, to, &part, key, &content, &prepared->wrap_id);
    tc_digest_item(prepared->wrap.type, prepared->wrap.body.data, prepared->wrap.body.len, &prepared->wrap_digest);
    sodium_memzero(key, sizeof key);
}

static void replace_id(ProtobufCBinaryData *bytes, const TcId *old, const TcId *new)
{
    uint8_t *end = bytes->data + bytes->len;
    for (uint8_t *at = bytes->data; (at = memmem(at, (size_t)(end - at), old->b, sizeof old->b)) != NULL; at += sizeof new->b)
        memcpy(at, new->b, sizeof new->b);
}

void load_renew(Prepared *prepared)
{
    static TcUuidMaker maker;
    TcId id, wrap;
    tc_uuid_make(&maker, g_get_real_time(), id.b);
    tc_uuid_make(&maker, g_get_real_time(), wrap.b);
    replace_id(&prepared->envelope.body, &prepared->id, &id);
    replace_id(&prepared->wrap.body, &prepared->id, &id);
    replace_id(&prepared->wrap.body, &prepared->wrap_id, &wrap);
    prepared->id = id;
    prepared->wrap_id = wrap;
    tc_digest_item(prepared->envelope.type, prepared->envelope.body.data, prepared->envelope.body.len, &prepared->envelope_digest);
    tc_digest_item(prepared->wrap.type, prepared->wrap.body.data, prepared->wrap.body.len, &prepared->wrap_digest);
}
