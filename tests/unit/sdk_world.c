#include "sdk_world.h"

#include "adapters/sdk/look.h"
#include "adapters/sdk/pack.h"
#include "proto/hpke.h"
#include "proto/json.h"
#include "proto/linkage.h"
#include "proto/merkle.h"
#include "proto/sign.h"
#include "proto/unpack.h"

#include "unit.h"

#include <glib/gstdio.h>
#include <sodium.h>

static const WorldService world_cast[WORLD_SERVICES] = {
    { "oakdale-carat", "oakdale", "oakdale", TC__SERVICE_KIND__CODE__CARAT, NULL, 0 },
    { "oakdale-health", "oakdale", "oakdale", TC__SERVICE_KIND__CODE__PRISON_HEALTH, NULL, 0 },
    { "northmoor-cjip", "council", NULL, TC__SERVICE_KIND__CODE__CJIP, NULL, 0 },
    { "northmoor-scripts", "trust", NULL, TC__SERVICE_KIND__CODE__PRESCRIBER, NULL, 0 },
    { "northmoor-spoc", "council", NULL, TC__SERVICE_KIND__CODE__SPOC, NULL, 0 },
    { "stranger", "trust", NULL, TC__SERVICE_KIND__CODE__CJIP, NULL, 0 },
};
static const char *const world_organisations[] = { "oakdale", "council", "trust" };

World *world_new(void)
{
    World *world = g_new0(World, 1);
    g_assert(sodium_init() >= 0);
    world->folder = g_dir_make_tmp("tc-sdk-XXXXXX", NULL);
    world->valid_days = 14;
    world->brokers = g_strdup("127.0.0.1:1");
    tc_sign_keypair(world->authority.b, world->authority_secret);
    tc_sign_keypair(world->broker_sign.b, world->broker_secret);
    tc_hpke_keypair(world->broker_curve.b, world->broker_curve_secret);
    randombytes_buf(&world->broker, sizeof world->broker);
    randombytes_buf(&world->session, sizeof world->session);
    randombytes_buf(world->linkage, sizeof world->linkage);
    memcpy(world->services, world_cast, sizeof world->services);
    for (int i = 0; i < WORLD_SERVICES; i++)
        world->services[i].keys = tc_keys_new(world->services[i].id, "desk", NULL);
    world_sign(world);
    return world;
}

void world_free(World *world)
{
    g_autoptr(GDir) dir = g_dir_open(world->folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(world->folder, name, NULL);
        g_unlink(path);
    }
    g_rmdir(world->folder);
    for (int i = 0; i < WORLD_SERVICES; i++)
        tc_keys_free(world->services[i].keys);
    g_free(world->brokers);
    g_free(world->folder);
    g_free(world);
}

WorldService *world_service(World *world, const char *id)
{
    for (int i = 0; i < WORLD_SERVICES; i++)
        if (strcmp(world->services[i].id, id) == 0)
            return &world->services[i];
    fail_msg("no service %s", id);
    return NULL;
}

char *world_path(const World *world, const char *service, const char *ending)
{
    g_autofree char *name = g_strconcat(service, ".", ending, NULL);
    return g_build_filename(world->folder, name, NULL);
}

/* ---- The directory, as JSON made into a Snapshot ---- */

static json_t *world_hex(const void *bytes, size_t len)
{
    g_autofree char *text = g_malloc(2 * len + 1);
    return json_string(sodium_bin2hex(text, 2 * len + 1, bytes, len));
}

static json_t *world_time(int64_t at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    g_autofree char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
    return json_string(text);
}

static json_t *world_key(const void *key, int64_t from)
{
    json_t *entry = json_object();
    json_object_set_new(entry, "key", world_hex(key, 32));
    json_object_set_new(entry, "from_at", world_time(from));
    return entry;
}

static json_t *world_service_json(const World *world, const WorldService *service, int64_t from)
{
    uint8_t enc[32], sealed[48];
    TcDigest reader;
    g_autofree char *kind = tc_json_code_name(&tc__service_kind__code__descriptor, service->kind);
    json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:[{s:s,s:o}],s:[o],s:[]}", "id", service->id, "name", service->id, "organisation",
                             service->organisation, "area", "northmoor", "kind", kind, "stations", "id", "desk", "curve_key",
                             world_hex(tc_keys_curve_public(service->keys), 32), "signing_keys",
                             world_key(tc_keys_signing_public(service->keys), from), "sealing_keys");
    size_t count = tc_keys_sealing_count(service->keys);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(json_object_get(json, "sealing_keys"),
                              world_key(tc_keys_sealing_public(service->keys, i), from + (int64_t)i * G_USEC_PER_SEC));
    memcpy(reader.b, tc_keys_sealing_public(service->keys, count - 1), 32);
    assert_true(tc_linkage_wrap(&world->authority, service->id, &reader, world->linkage, enc, sealed));
    json_object_set_new(json, "linkage_enc", world_hex(enc, sizeof enc));
    json_object_set_new(json, "linkage_sealed", world_hex(sealed, sizeof sealed));
    if (service->prison != NULL)
        json_object_set_new(json, "prison", json_string(service->prison));
    return json;
}

static json_t *world_snapshot(World *world, int64_t now)
{
    char broker[37];
    int64_t from = now - G_TIME_SPAN_DAY;
    tc_uuid_format(world->broker.b, broker);
    json_t *json = json_pack("{s:o,s:s,s:I,s:o,s:o,s:b,s:{s:s,s:[s],s:o,s:[o]},s:[{s:s,s:s,s:s}],s:[],s:[]}", "authority",
                             world_hex(&world->authority, 32), "name", "Made up", "serial", (json_int_t)world->serial, "issued_at",
                             world_time(now - 60 * G_USEC_PER_SEC), "expires_at",
                             world_time(now - 60 * G_USEC_PER_SEC + world->valid_days * G_TIME_SPAN_DAY), "made_up", 1, "broker", "id", broker,
                             "hosts", "127.0.0.1", "curve_key", world_hex(&world->broker_curve, 32), "signing_keys",
                             world_key(&world->broker_sign, from), "areas", "code", "northmoor", "name", "Northmoor", "spoc",
                             "northmoor-spoc", "organisations", "services");
    for (size_t i = 0; i < G_N_ELEMENTS(world_organisations); i++)
        json_array_append_new(json_object_get(json, "organisations"),
                              json_pack("{s:s,s:s,s:i,s:i}", "code", world_organisations[i], "name", world_organisations[i], "port",
                                        7100 + (int)i, "items_per_minute", 6000));
    for (int i = 0; i < WORLD_SERVICES; i++)
        json_array_append_new(json_object_get(json, "services"), world_service_json(world, &world->services[i], from));
    return json;
}

static GBytes *world_sign_snapshot(World *world)
{
    TcProblem problem;
    TcDigest digest;
    uint8_t signature[64];
    Tc__SignedSnapshot envelope = TC__SIGNED_SNAPSHOT__INIT;
    json_t *json = world_snapshot(world, g_get_real_time());
    g_autoptr(GByteArray) snapshot = tc_json_pack(&tc__snapshot__descriptor, json, &problem);
    json_decref(json);
    if (snapshot == NULL)
        fail_msg("%s", problem.field);
    tc_digest_directory(snapshot->data, snapshot->len, &digest);
    tc_sign_digest(world->authority_secret, digest.b, signature);
    envelope.snapshot = pack_bytes(snapshot->data, snapshot->len);
    envelope.signature = pack_bytes(signature, sizeof signature);
    return g_byte_array_free_to_bytes(pack(&envelope.base));
}

/* name: what its passport and its spool are called. */
static void world_write_passport(const World *world, const WorldService *service, const char *name)
{
    char authority[65], curve[65];
    g_autofree char *path = world_path(world, name, "passport");
    sodium_bin2hex(authority, sizeof authority, world->authority.b, 32);
    sodium_bin2hex(curve, sizeof curve, world->broker_curve.b, 32);
    g_autofree char *text = g_strdup_printf("[passport]\nservice=%s\nstation=desk\norganisation=%s\nauthority=%s\nbroker_curve=%s\n"
                                            "brokers=%s\nkeys=%s.keys\ndirectory=directory.bin\nspool=%s.spool\n",
                                            service->id, service->organisation, authority, curve, world->brokers, service->id, name);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

GBytes *world_directory(const World *world)
{
    char *text;
    gsize len;
    g_autofree char *path = g_build_filename(world->folder, "directory.bin", NULL);
    assert_true(g_file_get_contents(path, &text, &len, NULL));
    return g_bytes_new_take(text, len);
}

void world_sign(World *world)
{
    world->serial++;
    g_autofree char *directory = g_build_filename(world->folder, "directory.bin", NULL);
    g_autoptr(GBytes) bytes = world_sign_snapshot(world);
    assert_true(g_file_set_contents(directory, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes), NULL));
    for (int i = 0; i < WORLD_SERVICES; i++) {
        g_autofree char *path = world_path(world, world->services[i].id, "keys");
        assert_true(tc_keys_save(world->services[i].keys, path, true, NULL));
        world_write_passport(world, &world->services[i], world->services[i].id);
    }
}

TcClient *world_open(World *world, const char *service, const TcCallbacks *callbacks, void *ctx)
{
    TcError error = { 0 };
    g_autofree char *path = world_path(world, service, "passport");
    TcClient *client = tc_client_open(path, "test", callbacks, ctx, &error);
    if (client == NULL)
        fail_msg("%s %s: %s", error.code, error.field, error.text);
    return client;
}

TcClient *world_open_other(World *world, const char *service, const TcCallbacks *callbacks, void *ctx)
{
    g_autofree char *name = g_strconcat(service, ".other", NULL);
    world_write_passport(world, world_service(world, service), name);
    return world_open(world, name, callbacks, ctx);
}

/* ---- Messages ---- */

json_t *world_json(const char *text)
{
    json_error_t error;
    g_autofree char *quoted = g_strdelimit(g_strdup(text), "'", '"');
    json_t *json = json_loads(quoted, JSON_ALLOW_NUL, &error);
    if (json == NULL)
        fail_msg("%s in %s", error.text, text);
    return json;
}

json_t *world_opened(TcClient *client, const char *id)
{
    TcError error = { 0 };
    json_t *json = tc_client_message(client, id, &error);
    if (json == NULL)
        fail_msg("%s: %s", error.code, error.text);
    return json;
}

char *world_send(TcClient *client, const char *text)
{
    char id[37];
    TcError error = { 0 };
    json_t *json = world_json(text);
    if (!tc_client_send(client, json, NULL, id, &error))
        fail_msg("%s %s: %s", error.code, error.field, error.text);
    json_decref(json);
    return g_strdup(id);
}

/* ---- The courier ---- */

static void world_parcel_free(gpointer data)
{
    WorldParcel *parcel = data;
    g_bytes_unref(parcel->header);
    g_clear_pointer(&parcel->content, g_bytes_unref);
    g_clear_pointer(&parcel->wrap, g_bytes_unref);
    if (parcel->provenance != NULL)
        tc__provenance__free_unpacked(parcel->provenance, NULL);
    if (parcel->wrap_provenance != NULL)
        tc__provenance__free_unpacked(parcel->wrap_provenance, NULL);
    g_free(parcel);
}

/* A burst of one item: its path is empty. */
static Tc__Provenance *world_prove(World *world, TcClient *from, int type, GBytes *body)
{
    TcDigest leaf, root, over;
    uint8_t signature[64];
    Tc__Provenance provenance = TC__PROVENANCE__INIT;
    tc_digest_item((uint8_t)type, g_bytes_get_data(body, NULL), g_bytes_get_size(body), &leaf);
    g_autoptr(TcMerkle) tree = tc_merkle_new(leaf.b, 1);
    memcpy(root.b, tc_merkle_root(tree), 32);
    tc_digest_submission(&world->authority, &world->broker, &world->session, &root, &over);
    tc_sign_digest(tc_keys_signing_secret(from->keys), over.b, signature);
    provenance.session = pack_bytes(world->session.b, 16);
    provenance.signature = pack_bytes(signature, 64);
    provenance.count = 1;
    g_autoptr(GByteArray) bytes = pack(&provenance.base);
    return tc__provenance__unpack(NULL, bytes->len, bytes->data);
}

typedef struct Row { int64_t seq; int type, paired; TcId message; GBytes *body, *content; } Row;

static GArray *world_rows(TcClient *from)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    sqlite3_stmt *row = spool_ask(from->spool, SQL_ITEM_WINDOW, "ii", (int64_t)0, (int64_t)0);
    while (spool_next(from->spool, row)) {
        Row entry = { sqlite3_column_int64(row, 0), sqlite3_column_int(row, 1), sqlite3_column_int(row, 4), spool_id(row, 3),
                      spool_bytes(row, 5), spool_bytes(row, 10) };
        g_array_append_val(rows, entry);
    }
    return rows;
}

static void world_accept(TcClient *from, int64_t seq)
{
    spool_do(from->spool, SQL_ITEM_ACCEPT, "ii", seq, g_get_real_time());
}

GPtrArray *world_collect(World *world, TcClient *from)
{
    GPtrArray *parcels = g_ptr_array_new_with_free_func(world_parcel_free);
    g_autoptr(GArray) rows = world_rows(from);
    for (guint i = 0; i < rows->len; i++) {
        Row *row = &g_array_index(rows, Row, i);
        if (row->type == TC__ITEM_TYPE__CODE__ENVELOPE) {
            WorldParcel *parcel = g_new0(WorldParcel, 1);
            *parcel = (WorldParcel){ .header = g_bytes_ref(row->body), .content = row->content == NULL ? NULL : g_bytes_ref(row->content),
                                     .message = row->message };
            parcel->provenance = world_prove(world, from, row->type, row->body);
            g_ptr_array_add(parcels, parcel);
            world_accept(from, row->seq);
            spool_do(from->spool, SQL_MESSAGE_PLACE, "ui", &row->message, (int64_t)++world->sequence);
        } else if (row->paired == 2) {
            WorldParcel *parcel = parcels->pdata[parcels->len - 1];
            parcel->wrap = g_bytes_ref(row->body);
            parcel->wrap_provenance = world_prove(world, from, row->type, row->body);
            world_accept(from, row->seq);
        }
        g_bytes_unref(row->body);
        g_clear_pointer(&row->content, g_bytes_unref);
    }
    return parcels;
}

bool world_feed(World *world, TcClient *to, Tc__Delivery *delivery)
{
    g_autofree char *why = NULL;
    Tc__Frame frame = TC__FRAME__INIT;
    Tc__Deliver deliver = TC__DELIVER__INIT;
    WorldService *service = world_service(world, to->passport->service);
    delivery->number = ++service->last_delivery;
    delivery->at = g_get_real_time();
    deliver.deliveries = &delivery;
    deliver.n_deliveries = 1;
    frame.deliver = &deliver;
    bool ok = client_frame(to, &frame, &why);
    if (!ok)
        service->last_delivery--;
    return ok;
}

bool world_ask(World *world, TcClient *to, const char *message, const char *service, const uint8_t *key)
{
    TcId id;
    Tc__Delivery delivery = TC__DELIVERY__INIT;
    Tc__WrapRequest ask = TC__WRAP_REQUEST__INIT;
    assert_true(tc_uuid_parse(message, id.b));
    delivery.type = TC__DELIVERY_TYPE__CODE__WRAP_REQUEST;
    delivery.wrap_request = &ask;
    ask.message = pack_bytes(id.b, 16);
    ask.service = (char *)service;
    ask.key_id = pack_bytes(key, 32);
    return world_feed(world, to, &delivery);
}

static ProtobufCBinaryData world_bytes(GBytes *bytes)
{
    return pack_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

bool world_deliver(World *world, TcClient *to, const WorldParcel *parcel, bool with_wrap)
{
    Tc__Delivery delivery = TC__DELIVERY__INIT;
    Tc__MessageDelivery message = TC__MESSAGE_DELIVERY__INIT;
    Tc__SignedWrap wrap = TC__SIGNED_WRAP__INIT, *wraps = &wrap;
    delivery.type = TC__DELIVERY_TYPE__CODE__MESSAGE;
    delivery.message = &message;
    message.header = world_bytes(parcel->header);
    message.has_content = parcel->content != NULL;
    if (parcel->content != NULL)
        message.content = world_bytes(parcel->content);
    message.provenance = parcel->provenance;
    message.sequence = world->sequence;
    if (with_wrap && parcel->wrap != NULL) {
        wrap.body = world_bytes(parcel->wrap);
        wrap.provenance = parcel->wrap_provenance;
        delivery.wraps = &wraps;
        delivery.n_wraps = 1;
    }
    return world_feed(world, to, &delivery);
}

unsigned world_carry(World *world, TcClient *from, TcClient *to)
{
    g_autoptr(GPtrArray) parcels = world_collect(world, from);
    for (guint i = 0; i < parcels->len; i++)
        assert_true(world_deliver(world, to, parcels->pdata[i], true));
    return parcels->len;
}

unsigned world_carry_wraps(World *world, TcClient *from, TcClient *to)
{
    unsigned count = 0;
    g_autoptr(GArray) rows = world_rows(from);
    for (guint i = 0; i < rows->len; i++) {
        Row *row = &g_array_index(rows, Row, i);
        if (row->type == TC__ITEM_TYPE__CODE__WRAP && row->paired == 0) {
            Tc__Delivery delivery = TC__DELIVERY__INIT;
            Tc__SignedWrap wrap = TC__SIGNED_WRAP__INIT, *wraps = &wrap;
            delivery.type = TC__DELIVERY_TYPE__CODE__WRAPS;
            delivery.wraps = &wraps;
            delivery.n_wraps = 1;
            wrap.body = world_bytes(row->body);
            wrap.provenance = world_prove(world, from, row->type, row->body);
            assert_true(world_feed(world, to, &delivery));
            tc__provenance__free_unpacked(wrap.provenance, NULL);
            world_accept(from, row->seq);
            count++;
        }
        g_bytes_unref(row->body);
        g_clear_pointer(&row->content, g_bytes_unref);
    }
    return count;
}

json_t *world_confirmations(TcClient *client)
{
    json_t *list = json_array();
    g_autoptr(GArray) rows = world_rows(client);
    for (guint i = 0; i < rows->len; i++) {
        Row *row = &g_array_index(rows, Row, i);
        if (row->type == TC__ITEM_TYPE__CODE__CONFIRMATION) {
            Tc__Confirmation *confirmation = tc__confirmation__unpack(NULL, g_bytes_get_size(row->body), g_bytes_get_data(row->body, NULL));
            json_array_append_new(list, tc_json_from_message(&confirmation->base));
            tc__confirmation__free_unpacked(confirmation, NULL);
        }
        g_bytes_unref(row->body);
        g_clear_pointer(&row->content, g_bytes_unref);
    }
    return list;
}

/* ---- Two of them, and what a message says ---- */

Two two(const char *a, const char *b)
{
    World *world = world_new();
    return (Two){ world, world_open(world, a, NULL, NULL), world_open(world, b, NULL, NULL) };
}

void two_end(Two *t)
{
    tc_client_close(t->a);
    tc_client_close(t->b);
    world_free(t->world);
}

void expect_code(TcClient *client, const char *text, const char *code, const char *field)
{
    TcError error = { 0 };
    char id[37];
    json_t *message = world_json(text);
    assert_false(tc_client_send(client, message, NULL, id, &error));
    assert_string_equal(error.code, code);
    assert_string_equal(error.field, field);
    json_decref(message);
}

bool raises(const json_t *read, const char *code)
{
    size_t i;
    json_t *alert;
    json_array_foreach (look(read, "alerts"), i, alert)
        if (look_is(alert, "code", code))
            return true;
    return false;
}
